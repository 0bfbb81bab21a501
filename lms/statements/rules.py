"""What an xAPI statement says, as sums. A statement names nobody and holds nothing that anybody wrote."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

VERSION = "1.0.3"
IN_A_BATCH = 50
MOST_ATTEMPTS = 12
LEASE = timedelta(minutes=5)  # a batch whose worker died is free again after this
KEPT = timedelta(days=180)  # what is known of a batch that was sent
_ADL = "http://adlnet.gov/expapi"

# By what happened: the verb, its word, and what it says of the result.
VERBS: dict[str, tuple[str, str, dict[str, bool]]] = {
    "opened": (f"{_ADL}/verbs/initialized", "began", {}),
    "read": (f"{_ADL}/verbs/experienced", "read", {"completion": True}),
    "watched": (f"{_ADL}/verbs/experienced", "watched or read", {"completion": True}),
    "answered": (f"{_ADL}/verbs/answered", "answered", {"completion": True}),
    "tried": (f"{_ADL}/verbs/attempted", "tried", {"success": False}),
    "passed": (f"{_ADL}/verbs/passed", "passed", {"completion": True, "success": True}),
    "finished": (f"{_ADL}/verbs/completed", "completed", {"completion": True}),
    "marked": (f"{_ADL}/verbs/completed", "completed", {"completion": True}),
    "skipped": ("http://id.tincanapi.com/verb/skipped", "left out for now", {}),
    "completed": (f"{_ADL}/verbs/completed", "completed", {"completion": True}),
    "attended": (f"{_ADL}/verbs/attended", "attended", {"completion": True}),
    "earned": ("http://id.tincanapi.com/verb/earned", "earned", {"completion": True}),
}
# What may be told of at all, with its type. Private writing, plans and a self-check are in no list.
KINDS: dict[str, str] = {
    "lesson": f"{_ADL}/activities/lesson",
    "module": f"{_ADL}/activities/module",
    "question": f"{_ADL}/activities/question",
    "bank": f"{_ADL}/activities/assessment",
    "scenario": f"{_ADL}/activities/simulation",
    "video": f"{_ADL}/activities/media",
    "audio": f"{_ADL}/activities/media",
    "package": f"{_ADL}/activities/module",
    "workshop": f"{_ADL}/activities/meeting",
    "course": f"{_ADL}/activities/course",
    "session": f"{_ADL}/activities/meeting",
    "award": "http://activitystrea.ms/schema/1.0/badge",
}


@dataclass(frozen=True)
class Thing:
    """Something that is learnt from: what it is, its identity, and its title."""

    kind: str
    identity: str
    name: str


class WordOf(StrEnum):
    """Whose word a fact rests on, where it is not this site's own."""

    US = ""
    PACKAGE = "package"
    STAFF = "staff"


@dataclass(frozen=True)
class Score:
    """Points out of so many."""

    points: int
    of: int


@dataclass(frozen=True)
class Result:
    """What came of it, where that is known. seconds: how long it took."""

    score: Score | None = None
    passed: bool | None = None
    seconds: int | None = None


NOTHING_MORE = Result()


@dataclass(frozen=True)
class Place:
    """Where in a course something was done. round: an id of ours. version: that the round began with, by its number."""

    round: int
    version: int
    parent: Thing | None = None
    grouping: tuple[Thing, ...] = ()


@dataclass(frozen=True)
class Fact:
    """One thing that somebody did. source and number: the row that it was read from, which never changes.

    person: an id of ours, which leaves this house as a pseudonym only. place: in the course that it belongs to, if any.
    """

    source: str
    number: int
    person: int
    at: datetime
    verb: str
    thing: Thing
    place: Place | None = None
    result: Result = NOTHING_MORE
    word_of: WordOf = WordOf.US


def statement(fact: Fact, *, actor: str, home: str) -> dict[str, Any]:
    """Return the statement of a fact. actor: the pseudonym. home: the address of this site, without a slash."""
    verb, word, came_of_it = VERBS[fact.verb]
    result = {**came_of_it, **_result(fact.result)}
    said: dict[str, Any] = {
        "id": str(statement_id(fact, actor=actor, home=home)),
        "version": VERSION,
        "actor": {"objectType": "Agent", "account": {"homePage": home, "name": actor}},
        "verb": {"id": verb, "display": {"en-GB": word}},
        "object": _activity(fact.thing, home),
        "timestamp": fact.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "context": _context(fact, actor=actor, home=home),
    }
    return {**said, "result": result} if result else said


def _result(result: Result) -> dict[str, Any]:
    said: dict[str, Any] = {} if result.passed is None else {"success": result.passed}
    if result.score:
        points, of = result.score.points, result.score.of
        said["score"] = {"scaled": round(points / of, 4), "raw": points, "min": 0, "max": of}
    if result.seconds is not None:
        said["duration"] = f"PT{result.seconds}S"
    return said


def _context(fact: Fact, *, actor: str, home: str) -> dict[str, Any]:
    """Where it belongs. A package's word, and that of staff, is marked as theirs."""
    said: dict[str, Any] = {"platform": "Hearth", "language": "en-GB"}
    if fact.word_of:
        said["extensions"] = {f"{home}/xapi/extensions/word-of": fact.word_of.value}
    if place := fact.place:
        said["registration"] = str(uuid5(NAMESPACE_URL, f"{home}/xapi/{actor}/round/{place.round}"))
        said["revision"] = str(place.version)
        around = {"parent": [place.parent] if place.parent else [], "grouping": place.grouping}
        activities = {name: [_activity(one, home) for one in things] for name, things in around.items() if things}
        said |= {"contextActivities": activities} if activities else {}
    return said


def statement_id(fact: Fact, *, actor: str, home: str) -> UUID:
    """Return the identity of a fact as it is told of one pseudonym: the same each time that it is told."""
    return uuid5(NAMESPACE_URL, f"{home}/xapi/{actor}/{fact.source}/{fact.number}")


def _activity(thing: Thing, home: str) -> dict[str, Any]:
    definition: dict[str, Any] = {"type": KINDS[thing.kind]}
    if thing.name:
        definition["name"] = {"en-GB": thing.name}
    return {"objectType": "Activity", "id": f"{home}/xapi/{thing.kind}/{thing.identity}", "definition": definition}


def wait_after(attempts: int, *, asked: int = 0) -> timedelta:
    """How long to leave a record store alone after so many tries in vain: from a minute to six hours.

    asked: seconds that it asked for itself; they count up to a day.
    """
    own = min(60 * 2 ** min(attempts, 10), 6 * 3600)
    return timedelta(seconds=max(own, min(asked, 24 * 3600)))
