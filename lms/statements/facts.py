"""What rows that were written once say of learning: a page of them at a time, in the same few queries."""

from collections.abc import Iterator, Mapping
from typing import Any

from lms.courses import outlines
from lms.courses.models import CourseVersion, EnrolmentChange, EventKind, LearningEvent, Round, Try
from lms.courses.outlines import Outline
from lms.packages.models import Attempt, PartState
from lms.statements import rules
from lms.statements.rules import Fact, Place, Result, Score, Thing, WordOf
from lms.webinars.models import AttendanceChange, Sighting

_WHY = "of rows that the caller may tell of"
_AT_BANKS = frozenset({EventKind.TRIED, EventKind.PASSED})
_HUNDRED = 100
_ENDED = ("pk", "person", "item", "done_at")


def of_events(rows: list[LearningEvent]) -> Iterator[Fact]:
    """What was done in lessons. What is private writing, or stands in no version any more, is not told."""
    versions, outline_of = _versions({pk for row in rows for pk in (row.round.version_id, row.round.counted_with_id)})
    results = {**_of_tries(rows), **_of_packages(rows)}
    for row in rows:
        outline = outline_of[row.round.counted_with_id]
        item = outline.items.get(str(row.item))
        if item is None or item["kind"] not in rules.KINDS or row.kind not in rules.VERBS:
            continue
        yield Fact(
            *("event", row.pk, row.round.enrolment.person_id, row.at, row.kind),
            Thing(item["kind"], str(row.item), item["title"]),
            place=_place(row.round, versions[row.round.version_id], outline, item),
            result=results.get(row.pk, rules.NOTHING_MORE),
            word_of=_word_of(item["kind"], row.kind),
        )


def _word_of(kind: str, event: str) -> WordOf:
    if event == EventKind.MARKED:
        return WordOf.STAFF
    return WordOf.PACKAGE if kind == "package" and event == EventKind.FINISHED else WordOf.US


def _versions(pks: set[int]) -> tuple[dict[int, int], dict[int, Outline]]:
    """The numbers of versions and what they say, by id."""
    rows = list(CourseVersion.objects.filter(pk__in=pks).only("number", "digest"))
    return {row.pk: row.number for row in rows}, outlines.of(rows)


def _place(round_: Round, version: int, outline: Outline, item: Mapping[str, Any]) -> Place:
    module, lesson = next(
        (module, lesson) for module in outline.modules for lesson in module["lessons"] if lesson["id"] == item["lesson"]
    )
    inside = Thing("module", module["id"], module["title"])
    is_reading = item["id"] == lesson["id"]
    return Place(
        round=round_.pk,
        version=version,
        parent=inside if is_reading else Thing("lesson", lesson["id"], lesson["title"]),
        grouping=(_course(round_.enrolment), *(() if is_reading else (inside,))),
    )


def _of_tries(rows: list[LearningEvent]) -> dict[int, Result]:
    """What tries at checks came to, by event: one was handed in at its very moment. None is read where there was none.

    One that was marked again since says no number: what was told of it then stays as it was.
    """
    told = [row for row in rows if row.kind in _AT_BANKS]
    if not told:
        return {}
    handed_in = Try.objects.unscoped(because=_WHY).filter(handed_in_at__in={row.at for row in told}, asked__gt=0)
    found = handed_in.filter(round__in={row.round_id for row in told}).defer("answers", "drawn")
    tries = {(one.round_id, one.item, one.handed_in_at, one.passed): one for one in found}
    of = {row.pk: tries.get((row.round_id, row.item, row.at, row.kind == EventKind.PASSED)) for row in told}
    return {pk: _came_to(one) for pk, one in of.items() if one}


def _came_to(one: Try) -> Result:
    seconds = (one.handed_in_at - one.begun_at).total_seconds() if one.handed_in_at else 0
    return Result(score=Score(one.right, one.asked), seconds=int(seconds))


def _of_packages(rows: list[LearningEvent]) -> dict[int, Result]:
    """What packages claim, by event: an attempt was done at its very moment."""
    told = {(row.round.enrolment.person_id, row.item, row.at): row.pk for row in rows if row.kind == EventKind.FINISHED}
    if not told:
        return {}
    people, items, moments = (set(each) for each in zip(*told, strict=True))
    attempts = Attempt.objects.unscoped(because=_WHY).filter(person__in=people, item__in=items, done_at__in=moments)
    known = {pk: told.get((person, item, at)) for pk, person, item, at in attempts.values_list(*_ENDED)}
    parts: dict[int, list[PartState]] = {}
    for part in PartState.objects.filter(attempt__in=known).defer("state"):
        if event := known[part.attempt_id]:
            parts.setdefault(event, []).append(part)
    return {event: _claimed(states) for event, states in parts.items()}


def _claimed(parts: list[PartState]) -> Result:
    """What the parts come to together: a score where there is one part, and passed where each of them says so."""
    verdicts = {part.is_passed for part in parts}
    return Result(
        score=Score(parts[0].score, _HUNDRED) if len(parts) == 1 and parts[0].score is not None else None,
        passed=None if None in verdicts else verdicts == {True},
        seconds=sum(part.seconds + part.sitting_seconds for part in parts),
    )


def of_completions(rows: list[EnrolmentChange]) -> Iterator[Fact]:
    """Courses that were finished."""
    ended = Round.objects.unscoped(because=_WHY).filter(enrolment__in={row.enrolment_id for row in rows})
    known = ended.filter(completed_at__in={row.at for row in rows}).values_list("enrolment", "completed_at", "pk")
    rounds = {(enrolment, at): pk for enrolment, at, pk in known}
    numbers = dict(ended.filter(pk__in=rounds.values()).values_list("pk", "completed_version__number"))
    for row in rows:
        pk = rounds.get((row.enrolment_id, row.at))
        place = Place(round=pk, version=numbers[pk]) if pk else None
        yield Fact(
            *("completion", row.pk, row.enrolment.person_id, row.at, "completed"), _course(row.enrolment), place=place
        )


def of_attendances(rows: list[AttendanceChange]) -> Iterator[Fact]:
    """Live sessions that somebody came to, and how long where the room counted."""
    seen = Sighting.objects.unscoped(because=_WHY).filter(booking__in={row.booking_id for row in rows})
    counted = seen.exclude(minutes=None).values_list("booking", "part", "minutes")
    minutes = {(booking, part): many for booking, part, many in counted}
    for row in rows:
        session, stayed = row.booking.session, minutes.get((row.booking_id, row.part_id))
        yield Fact(
            *("attendance", row.pk, row.booking.person_id, row.at, "attended"),
            Thing("session", str(session.uuid), session.title),
            result=Result(seconds=60 * stayed) if stayed else rules.NOTHING_MORE,
            word_of=WordOf.STAFF,
        )


def of_awards(rows: list[Any]) -> Iterator[Fact]:
    """Awards that were given."""
    for row in rows:
        thing = Thing("award", str(row.award.uuid), row.award.title)
        yield Fact("award", row.pk, row.award.person_id, row.at, "earned", thing)


def _course(enrolment: Any) -> Thing:
    return Thing("course", str(enrolment.course.identity), enrolment.course.title)
