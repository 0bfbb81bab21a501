"""People at once, each with a connection of their own: threads on PostgreSQL, processes on SQLite."""

import multiprocessing
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, connections

from lms.common.errors import DomainError

LONGEST = 120  # seconds; a crowd that takes longer stands still


def _outcome(deed: Callable[[Any], object], of: Any) -> str:
    """What came of one person's try: "done", or the name of the refusal or fault."""
    try:
        deed(of)
    except DomainError as refusal:
        return refusal.code
    except Exception as fault:  # noqa: BLE001 - any fault at all is an outcome to be counted
        return f"{type(fault).__name__}: {fault}"
    else:
        return "done"
    finally:
        connections.close_all()


def at_once(deed: Callable[[Any], object], people: Sequence[Any]) -> Counter[str]:
    """Let everybody do ``deed`` at the same moment; return how often each outcome came."""
    run = _in_processes if connection.vendor == "sqlite" else _in_threads
    outcomes = run(deed, people)
    assert len(outcomes) == len(people), "somebody never came back"
    return Counter(outcomes)


def _in_threads(deed: Callable[[Any], object], people: Sequence[Any]) -> list[str]:
    start, outcomes = threading.Barrier(len(people)), []

    def go(person: Any) -> None:
        start.wait(LONGEST)
        outcomes.append(_outcome(deed, person))

    crowd = [threading.Thread(target=go, args=[person]) for person in people]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(LONGEST)
    return outcomes


def _in_processes(deed: Callable[[Any], object], people: Sequence[Any]) -> list[str]:
    connections.close_all()  # no child may inherit an open file of the database
    fork = multiprocessing.get_context("fork")
    start, answers = fork.Barrier(len(people)), fork.SimpleQueue()

    def go(person: Any) -> None:
        start.wait(LONGEST)
        answers.put(_outcome(deed, person))

    crowd = [fork.Process(target=go, args=[person]) for person in people]
    for one in crowd:
        one.start()
    outcomes = [answers.get() for _ in crowd]
    for one in crowd:
        one.join(LONGEST)
    return outcomes
