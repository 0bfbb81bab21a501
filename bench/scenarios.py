"""What is asked of the site, and the ratio we aim at (CPU, times the signed-in floor)."""

import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bench.data import SAVES
from bench.load import Ask

Facts = dict[str, Any]
Batch = Callable[[Facts, int], Sequence[Ask]]
PAGES = 90  # requests of a page in one round
_TIMES = itertools.count(1)


@dataclass(frozen=True)
class Scenario:
    """``batch(facts, round)`` makes the requests of one round; ``wanted`` is the status each must get."""

    name: str
    batch: Batch
    wanted: int = 200
    goal: float | None = None
    queries: int | None = None


def _pages(path: Callable[[Facts], str], *, signed_in: bool) -> Batch:
    def batch(facts: Facts, number: int) -> Sequence[Ask]:
        cookies = facts["cookies"] if signed_in else [""]
        return [Ask(path(facts), cookie=cookies[n % len(cookies)]) for n in range(PAGES)]

    return batch


def _post(facts: Facts, path: str, cookie: str, **fields: str) -> Ask:
    return Ask(path, "POST", cookie, urlencode({"csrfmiddlewaretoken": facts["csrf"], **fields}))


def _fresh(facts: Facts, number: int) -> list[str]:
    """Learners of the first half, others in each round."""
    return list(facts["cookies"][number * SAVES : (number + 1) * SAVES])


def _nearly_done(facts: Facts, number: int) -> list[str]:
    """Learners of the second half, who lack only the last lesson."""
    half = len(facts["cookies"]) // 2
    return list(facts["cookies"][half + number * SAVES : half + (number + 1) * SAVES])


def _read(size: str, lesson: int, who: Callable[[Facts, int], list[str]]) -> Batch:
    def batch(facts: Facts, number: int) -> Sequence[Ask]:
        course = facts["courses"][size]
        path = f"/learn/{course['identity']}/{course['lessons'][lesson]}/read/"
        return [_post(facts, path, cookie, next="/my/") for cookie in who(facts, number)]

    return batch


def _answer(facts: Facts, number: int) -> Sequence[Ask]:
    course = facts["courses"]["20"]
    path = f"/learn/{course['identity']}/{course['question']}/answer/"
    return [
        _post(facts, path, cookie, choice=course["option"], next=course["lesson"]) for cookie in _fresh(facts, number)
    ]


def _write(facts: Facts, number: int) -> Sequence[Ask]:
    """A note that is begun, and changed each time from then on."""
    words = f"She hummed all the way to school, and I hummed too. ({next(_TIMES)})"
    return [_post(facts, facts["writing"]["note"], cookie, **{"body-0": words}) for cookie in facts["cookies"][:SAVES]]


def _tell(facts: Facts, number: int) -> Sequence[Ask]:
    """The full state of a package with a long bookmark, each time further on."""
    time, cmi = next(_TIMES), {"suspend_data": "page 3 " * 600, "core": {"lesson_location": "3", "exit": "suspend"}}
    return [
        Ask(
            window["path"],
            "POST",
            body=json.dumps({**window, "sequence": time, "finished": False, "cmi": cmi}),
            host=facts["writing"]["host"],
        )
        for window in facts["writing"]["windows"][:SAVES]
    ]


def _desk(**query: str) -> Batch:
    """The desk's list of everybody. query: what is looked for; ``before`` is a place far down the list."""

    def batch(facts: Facts, number: int) -> Sequence[Ask]:
        asked = {name: str(facts["desk"].get(value, value)) for name, value in query.items()}
        return [Ask(f"/desk/learners/?{urlencode(asked)}", cookie=facts["desk"]["cookie"])] * SAVES

    return batch


def _book(facts: Facts, number: int) -> Sequence[Ask]:
    path = f"/sessions/{facts['sessions'][number]}/book/"
    return [_post(facts, path, cookie, access_needs="") for cookie in facts["cookies"][:SAVES]]


def _course(size: str, what: str) -> Callable[[Facts], str]:
    return lambda facts: str(facts["courses"][size][what])


FLOOR = Scenario("signed-in hello (floor)", _pages(lambda facts: "/floor/hello/", signed_in=True), goal=1)
SCENARIOS = (
    Scenario("smallest Wagtail page (floor)", _pages(lambda facts: facts["bare"], signed_in=False)),
    Scenario("anonymous catalogue, kept", _pages(lambda facts: "/courses/", signed_in=False), goal=0.5, queries=1),
    Scenario("anonymous catalogue, searched", _pages(lambda facts: "/courses/?q=story", signed_in=False)),
    Scenario("signed-in catalogue", _pages(lambda facts: "/courses/", signed_in=True), goal=3),
    Scenario("course page of 20 lessons", _pages(_course("20", "path"), signed_in=True), goal=5, queries=12),
    Scenario("course page of 200 lessons", _pages(_course("200", "path"), signed_in=True), goal=9, queries=12),
    Scenario("lesson page, course of 20", _pages(_course("20", "lesson"), signed_in=True), goal=5, queries=12),
    Scenario("lesson page, course of 200", _pages(_course("200", "lesson"), signed_in=True), goal=5, queries=12),
    Scenario("answering a question", _answer, wanted=302, goal=2.2, queries=7),
    Scenario("saving a private note", _write, wanted=302, goal=2.2, queries=7),
    Scenario("keeping what a package tells", _tell, goal=2.2, queries=7),
    Scenario("completing a lesson", _read("20", 1, _fresh), wanted=302, goal=2.2, queries=7),
    Scenario("completing a course of 20", _read("20", -1, _nearly_done), wanted=302, goal=5, queries=20),
    Scenario("completing a course of 200", _read("200", -1, _nearly_done), wanted=302, goal=5, queries=20),
    Scenario("desk: 100,000 enrolments", _desk(), goal=12, queries=15),
    Scenario("desk: found by name", _desk(q="nia.5"), goal=12, queries=15),
    Scenario("desk: in one state, far down", _desk(state="paused", before="before"), goal=12, queries=15),
    Scenario("booking", _book, wanted=302, goal=5, queries=20),
    Scenario(
        "checking a certificate",
        _pages(lambda facts: f"/verify/{facts['code']}/", signed_in=False),
        goal=1.5,
        queries=4,
    ),
)
