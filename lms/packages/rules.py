"""What a package says of a learner, as sums: which words it may use, what they come to, and when it is done.

A package's word is a claim of somebody else's programme in the learner's own browser. It is read strictly, kept, and
only ever goes forward: a later "incomplete" takes nothing back.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

LONGEST_STATE = 1_000_000  # characters of all that one part keeps
LONGEST_SUSPEND = 64_000  # characters of a bookmark: the limit of 2004, given to 1.2 as well
LONGEST_PLACE = 1_000  # characters of where somebody is in it: the limit of 2004, given to 1.2 as well
LONGEST_TIME = 9_999 * 3_600  # seconds: what 1.2 can say
LONGEST_WORD = 40  # characters of a number or a length of time
STATUSES_12 = frozenset({"passed", "completed", "failed", "incomplete", "browsed", "not attempted"})
COMPLETION = frozenset({"completed", "incomplete", "not attempted", "unknown"})
SUCCESS = frozenset({"passed", "failed", "unknown"})
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
TIME_12 = re.compile(r"(\d{2,4}):([0-5]\d):([0-5]\d)(?:\.\d+)?", re.ASCII)
_DAYS, _CLOCK = r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?", r"(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?"
TIME_2004 = re.compile(_DAYS + _CLOCK, re.ASCII)
UNIT_SECONDS = (365 * 86_400, 30 * 86_400, 86_400, 3_600, 60, 1)
HUNDRED = 100
NEARLY = 1e-6  # what sums of fractions leave out: 0.29 of a hundred is 28.999...


class NotUnderstood(ValueError):
    """A value that no package may send. The words say which, for whoever looks after the package."""


@dataclass(frozen=True)
class Claim:
    """What one part says of one learner.

    score and progress: hundredths, None where nothing is said. seconds: of this sitting alone.
    """

    is_complete: bool = False
    is_passed: bool | None = None
    score: int | None = None
    progress: int | None = None
    seconds: int = 0
    is_suspended: bool = False


def seconds_of(text: str, *, standard: str) -> int:
    """Return the seconds of a length of time, at most LONGEST_TIME; none of an empty one. Raises NotUnderstood."""
    if not text:
        return 0
    shape = TIME_12 if standard == "1.2" else TIME_2004
    found = shape.fullmatch(text) if len(text) <= LONGEST_WORD else None
    if found is None or text.endswith(("P", "T")):
        raise NotUnderstood(f"session_time {text[:30]!r}")
    units = UNIT_SECONDS[3:] if standard == "1.2" else UNIT_SECONDS
    return added(sum(int(n or 0) * unit for n, unit in zip(found.groups(), units, strict=True)), 0)


def added(seconds: int, more: int) -> int:
    """Add two lengths of time; the sum is LONGEST_TIME at most."""
    return min(seconds + more, LONGEST_TIME)


def said_seconds(seconds: int, *, standard: str) -> str:
    """Write a length of time as the standard does."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{min(hours, 9999):02}:{minutes:02}:{left:02}" if standard == "1.2" else f"PT{hours}H{minutes}M{left}S"


def number(value: Any, *, name: str) -> float | None:
    """Read a number as both standards write it; None for nothing. Raises NotUnderstood."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise NotUnderstood(name)
    text = str(value)
    if len(text) > LONGEST_WORD or not NUMBER.fullmatch(text):
        raise NotUnderstood(f"{name} {text[:30]!r}")
    if not math.isfinite(float(text)):
        raise NotUnderstood(f"{name} {text[:30]!r}")
    return float(text)


def _per_cent(score: Mapping[str, Any]) -> float | None:
    """``scaled`` if it is there, else ``raw`` between ``min`` and ``max``, else ``raw`` of a hundred; not rounded."""
    scaled = number(score.get("scaled"), name="score.scaled")
    if scaled is not None:
        if not -1 <= scaled <= 1:
            raise NotUnderstood(f"score.scaled {scaled}")
        return scaled * HUNDRED
    raw = number(score.get("raw"), name="score.raw")
    if raw is None:
        return None
    least = number(score.get("min"), name="score.min") or 0.0
    most = number(score.get("max"), name="score.max")
    most = HUNDRED if most is None else most
    if least == raw == most:
        return None  # a package without points says 0 of 0
    if most <= least or not least <= raw <= most or not math.isfinite(most - least):
        raise NotUnderstood(f"score.raw {raw} between {least} and {most}")
    return (raw - least) / (most - least) * HUNDRED


def _hundredths(per_cent: float | None) -> int | None:
    """Whole ones that were reached: 79.6 is not yet 80."""
    return None if per_cent is None else max(math.floor(per_cent + NEARLY), 0)


def _reaches(per_cent: float, mark: float) -> bool:
    return per_cent + NEARLY >= mark


def _one_of(value: str, known: frozenset[str], *, name: str) -> str:
    if value not in known:
        raise NotUnderstood(f"{name} {value[:30]!r}")
    return value


def _text(cmi: Mapping[str, Any], name: str) -> str:
    value = cmi.get(name, "")
    if not isinstance(value, str):
        raise NotUnderstood(name)
    return value


def _group(cmi: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = cmi.get(name, {})
    if not isinstance(value, Mapping):
        raise NotUnderstood(name)
    return value


def claim(cmi: Mapping[str, Any], *, standard: str, limits: Mapping[str, str]) -> Claim:
    """Read what one part says. limits: what its manifest asks, which goes before the part's own word.

    Raises NotUnderstood for any word or number that it may not use, and for more than it may keep.
    """
    if len(_text(cmi, "suspend_data")) > LONGEST_SUSPEND:
        raise NotUnderstood("suspend_data is too long")
    return _claim_12(cmi, limits) if standard == "1.2" else _claim_2004(cmi, limits)


def _refuse_long(place: str) -> None:
    if len(place) > LONGEST_PLACE:
        raise NotUnderstood("location is too long")


def _claim_12(cmi: Mapping[str, Any], limits: Mapping[str, str]) -> Claim:
    core = _group(cmi, "core")
    _refuse_long(_text(core, "lesson_location"))
    status = _one_of(_text(core, "lesson_status") or "not attempted", STATUSES_12, name="lesson_status")
    is_complete, score = status in {"passed", "completed", "failed"}, _per_cent(_group(core, "score"))
    mastery = number(limits.get("mastery_score"), name="mastery_score")
    is_passed = {"passed": True, "failed": False}.get(status)
    return Claim(
        is_complete=is_complete,
        is_passed=_reaches(score, mastery) if is_complete and mastery is not None and score is not None else is_passed,
        score=_hundredths(score),
        seconds=seconds_of(_text(core, "session_time"), standard="1.2"),
        is_suspended=_text(core, "exit") == "suspend",
    )


def _claim_2004(cmi: Mapping[str, Any], limits: Mapping[str, str]) -> Claim:
    _refuse_long(_text(cmi, "location"))
    score, progress = _per_cent(_group(cmi, "score")), number(cmi.get("progress_measure"), name="progress_measure")
    if progress is not None and not 0 <= progress <= 1:
        raise NotUnderstood(f"progress_measure {progress}")
    complete = _one_of(_text(cmi, "completion_status") or "unknown", COMPLETION, name="completion_status")
    success = _one_of(_text(cmi, "success_status") or "unknown", SUCCESS, name="success_status")
    threshold = number(limits.get("completion_threshold"), name="completion_threshold")
    passing = number(limits.get("scaled_passing_score"), name="scaled_passing_score")
    is_passed = {"passed": True, "failed": False}.get(success)
    return Claim(
        is_complete=complete == "completed" if threshold is None or progress is None else progress >= threshold,
        is_passed=is_passed if passing is None or score is None else _reaches(score, passing * HUNDRED),
        score=_hundredths(score),
        progress=_hundredths(None if progress is None else progress * HUNDRED),
        seconds=seconds_of(_text(cmi, "session_time"), standard="2004"),
        is_suspended=_text(cmi, "exit") == "suspend",
    )


def forward(known: Claim, new: Claim) -> Claim:
    """Add a later claim to what is known: done stays done, passed stays passed, the best score stays."""
    return replace(
        new,
        is_complete=known.is_complete or new.is_complete,
        is_passed=True if known.is_passed else new.is_passed if new.is_passed is not None else known.is_passed,
        score=_best(known.score, new.score),
        progress=_best(known.progress, new.progress),
    )


def _best(one: int | None, other: int | None) -> int | None:
    return max((n for n in (one, other) if n is not None), default=None)


def is_done(known: Claim, *, policy: str, pass_mark: int) -> bool:
    """Whether a part is done.

    policy: "complete" (it says it is over, and not that it was failed), "ended" (over, failed or not), "passed",
    "score" (``pass_mark`` hundredths of its points, or as much of its way); and "opened", where the lesson asks no more
    than a look, and the part itself is done as with "complete".
    """
    if policy == "passed":
        return bool(known.is_passed)
    if policy == "score":
        reached = [n for n in (known.score, known.progress) if n is not None]
        return max(reached, default=-1) >= pass_mark
    if policy == "ended":
        return known.is_complete or bool(known.is_passed)
    return (known.is_complete and known.is_passed is not False) or bool(known.is_passed)


def said(known: Claim) -> str:
    """What a part claims, in words for people: like "finished, 85 of 100"; empty where it has claimed nothing."""
    points = f"{known.score} of {HUNDRED}" if known.score is not None else ""
    return ", ".join(part for part in (said_in_a_word(known), points) if part)


def said_in_a_word(known: Claim) -> str:
    """The same without its points."""
    passed = {True: "passed", False: "not passed yet", None: ""}[known.is_passed]
    return passed or ("finished" if known.is_complete else "")
