"""What the facts of one item come to."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

NOT_YET = frozenset({"opened", "tried"})  # what happened, and did not do it


@dataclass(frozen=True)
class Fact:
    """Something that happened to one item. kind: opened, tried, skipped, or any other word for having done it.

    score: hundredths, for answers. answer: what was chosen, as JSON. watched: all that is known now of a video.
    """

    kind: str
    at: datetime
    score: int | None = None
    answer: str = ""
    watched: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Standing:
    """What all facts of one item come to."""

    opened_at: datetime
    done_at: datetime | None = None
    skipped: bool = False
    best_score: int | None = None
    latest: str = ""
    latest_at: datetime | None = None
    watched: Mapping[str, Any] = field(default_factory=dict)


def merge(standing: Standing | None, fact: Fact) -> Standing:
    """Add ``fact`` to what is known. Facts may come in any order and any number of times: the sum is the same.

    It only goes forward: done stays done, the best score stays, and who has done a thing has no longer left it out.
    """
    known = standing or Standing(opened_at=fact.at)
    merged = replace(known, opened_at=min(known.opened_at, fact.at), best_score=_best(known.best_score, fact.score))
    if fact.watched is not None:
        merged = replace(merged, watched=fact.watched)
    if fact.kind not in NOT_YET:
        first = fact.at if known.done_at is None else min(known.done_at, fact.at)
        only_skipped = known.skipped or known.done_at is None
        merged = replace(merged, done_at=first, skipped=fact.kind == "skipped" and only_skipped)
    return _with_answer(merged, fact) if fact.answer else merged


def _best(one: int | None, other: int | None) -> int | None:
    return max((score for score in (one, other) if score is not None), default=None)


def _with_answer(standing: Standing, fact: Fact) -> Standing:
    newest = (fact.at, fact.answer)
    if standing.latest_at is not None:
        newest = max(newest, (standing.latest_at, standing.latest))
    return replace(standing, latest_at=newest[0], latest=newest[1])
