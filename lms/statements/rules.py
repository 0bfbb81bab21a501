"""What an xAPI statement says, as sums. A statement names nobody and holds nothing that anybody wrote."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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


@dataclass(frozen=True)
class Fact:
    """One thing that somebody did. source and number: the row that it was read from, which never changes.

    within: the course that it belongs to, if any. person: an id of ours, which leaves this house as a pseudonym only.
    """

    source: str
    number: int
    person: int
    at: datetime
    verb: str
    thing: Thing
    within: Thing | None = None


def statement(fact: Fact, *, actor: str, home: str) -> dict[str, Any]:
    """Return the statement of a fact. actor: the pseudonym. home: the address of this site, without a slash."""
    verb, word, result = VERBS[fact.verb]
    said: dict[str, Any] = {
        "id": str(statement_id(fact, actor=actor, home=home)),
        "version": VERSION,
        "actor": {"objectType": "Agent", "account": {"homePage": home, "name": actor}},
        "verb": {"id": verb, "display": {"en-GB": word}},
        "object": _activity(fact.thing, home),
        "timestamp": fact.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "context": {"platform": "Hearth", "language": "en-GB"},
    }
    if result:
        said["result"] = dict(result)
    if fact.within:
        said["context"]["contextActivities"] = {"grouping": [_activity(fact.within, home)]}
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
