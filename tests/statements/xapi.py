"""The rules of xAPI 1.0.3 for a statement, as far as ours go: what a strict record store looks at."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

MAY_HOLD = {
    "statement": {"id", "actor", "verb", "object", "result", "context", "timestamp", "version"},
    "actor": {"objectType", "account"},
    "account": {"homePage", "name"},
    "verb": {"id", "display"},
    "activity": {"objectType", "id", "definition"},
    "definition": {"name", "description", "type", "moreInfo", "extensions"},
    "result": {"score", "success", "completion", "duration", "extensions"},
    "score": {"scaled", "raw", "min", "max"},
    "context": {"registration", "contextActivities", "revision", "platform", "language", "extensions"},
    "contextActivities": {"parent", "grouping", "category", "other"},
}
MUST_HOLD = {"statement": {"id", "actor", "verb", "object"}, "account": {"homePage", "name"}, "verb": {"id"}}
MUST_HOLD["activity"] = {"objectType", "id"}
IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
DURATION = re.compile(r"P(?=\w)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")


def faults(said: Mapping[str, Any]) -> list[str]:
    """What is wrong with a statement; nothing where a record store must take it."""
    return [*_keys("statement", said), *_parts(said), *_nothing_empty("statement", said)]


def _keys(name: str, part: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{name} may not hold {key}" for key in part.keys() - MAY_HOLD[name])
    yield from (f"{name} lacks {key}" for key in MUST_HOLD.get(name, set()) - part.keys())


def _parts(said: Mapping[str, Any]) -> Iterator[str]:
    yield from _unless(_is_uuid(said["id"]), "id")
    yield from _unless(said.get("version", "1.0.0").startswith("1.0."), "version")
    yield from _unless(datetime.fromisoformat(said["timestamp"]).tzinfo, "timestamp has no zone")
    yield from _keys("actor", said["actor"])
    yield from _keys("account", said["actor"]["account"])
    yield from _unless(IRI.fullmatch(said["actor"]["account"]["homePage"]), "homePage")
    yield from _keys("verb", said["verb"])
    yield from _unless(IRI.fullmatch(said["verb"]["id"]), "verb id")
    yield from _languages(said["verb"]["display"])
    yield from _activity(said["object"])
    yield from _result(said.get("result", {}))
    yield from _context(said.get("context", {}))


def _activity(one: Mapping[str, Any]) -> Iterator[str]:
    yield from _keys("activity", one)
    yield from _unless(one.get("objectType") == "Activity" and IRI.fullmatch(one["id"]), "activity id")
    definition = one.get("definition", {})
    yield from _keys("definition", definition)
    yield from _languages(definition.get("name", {}))
    yield from _unless(IRI.fullmatch(definition.get("type", "a:b")), "activity type")


def _result(result: Mapping[str, Any]) -> Iterator[str]:
    yield from _keys("result", result)
    for name in ("success", "completion"):
        yield from _unless(isinstance(result.get(name, True), bool), name)
    yield from _unless(DURATION.fullmatch(result.get("duration", "PT0S")), "duration")
    score = result.get("score", {})
    yield from _keys("score", score)
    yield from _unless(-1 <= score.get("scaled", 0) <= 1, "scaled")
    if {"raw", "min", "max"} <= score.keys():
        yield from _unless(score["min"] <= score["raw"] <= score["max"] and score["min"] < score["max"], "raw")


def _context(context: Mapping[str, Any]) -> Iterator[str]:
    yield from _keys("context", context)
    yield from _unless("registration" not in context or _is_uuid(context["registration"]), "registration")
    for name in ("revision", "platform"):
        yield from _unless(isinstance(context.get(name, ""), str), name)
    yield from _unless(LANGUAGE.fullmatch(context.get("language", "en")), "language")
    yield from (f"extension {name}" for name in context.get("extensions", {}) if not IRI.fullmatch(name))
    around = context.get("contextActivities", {})
    yield from _keys("contextActivities", around)
    for name, activities in around.items():
        yield from _unless(isinstance(activities, list), f"{name} is no list")
        for one in activities:
            yield from _activity(one)


def _languages(words: Mapping[str, str]) -> Iterator[str]:
    yield from (f"language {tag}" for tag in words if not LANGUAGE.fullmatch(tag))


def _nothing_empty(name: str, part: Any) -> Iterator[str]:
    """Nothing may be null, or hold nothing, outside extensions."""
    if part is None or part in ({}, []):
        yield f"{name} is empty"
    for key, value in part.items() if isinstance(part, Mapping) else ():
        yield from _nothing_empty(key, value)


def _unless(sound: object, name: str) -> Iterator[str]:
    if not sound:
        yield name


def _is_uuid(text: str) -> bool:
    return str(UUID(text)) == text
