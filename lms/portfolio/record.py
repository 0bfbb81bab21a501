"""The learning record: exactly what its owner ticked, of what is theirs, and nothing besides."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.formats import date_format

from lms.accounts.models import User
from lms.certificates.models import Award, AwardState
from lms.courses.models import Reflection
from lms.courses.progress import Progress, on_courses
from lms.portfolio.rules import Document, Section, said_minutes
from lms.portfolio.workbook import entry_of, said_day

ONLY_THIS = "Chosen and handed over by its owner. It holds what they chose and nothing else."
HOURS = "Hours are the stated length of the lessons that were done, not the time somebody sat in front of them."


def record(person: User, chosen: Mapping[str, Any], *, now: datetime) -> Document:
    """Return what is ticked in ``chosen`` as it is now. What is not this person's, or no longer there, is left out."""
    courses = chosen_courses(person, chosen)
    hours = _hours(courses) if chosen.get("hours") else ()
    sections = [
        Section("Courses", lines=tuple(said_course(one) for one in courses)),
        Section("Learning time", lines=hours),
        Section("Certificates", lines=tuple(said_award(award) for award in chosen_awards(person, chosen))),
        Section("From my notes", entries=tuple(entry_of(note) for note in chosen_notes(person, chosen))),
    ]
    return Document(
        title="Learning record",
        over=(person.certificate_name or person.display_name, f"Made on {said_day(now)}", ONLY_THIS),
        sections=tuple(section for section in sections if section.entries or section.lines),
    )


def chosen_courses(person: User, chosen: Mapping[str, Any]) -> list[Progress]:
    """The courses ticked, of those that the person is or was on."""
    return [one for one in on_courses(person) if one.course.pk in chosen.get("courses", ())]


def own_awards(person: User) -> list[Award]:
    """The certificates that hold, newest first."""
    rows = Award.objects.owned_by(person).filter(state=AwardState.ACTIVE)
    return list(rows.for_listing())


def own_notes(person: User) -> list[Reflection]:
    """All private notes, by course and lesson."""
    rows = Reflection.objects.owned_by(person).select_related("course")
    return list(rows.order_by("course__title", "course_id", "lesson_title", "created_at", "field"))


def chosen_awards(person: User, chosen: Mapping[str, Any]) -> list[Award]:
    """The certificates ticked, of those that hold."""
    return [award for award in own_awards(person) if str(award.uuid) in chosen.get("awards", ())]


def chosen_notes(person: User, chosen: Mapping[str, Any]) -> list[Reflection]:
    """The notes ticked."""
    return [note for note in own_notes(person) if str(note.uuid) in chosen.get("notes", ())]


def said_course(progress: Progress) -> str:
    """A course and how far it is done."""
    if progress.finished_at:
        return f"{progress.course.title}: finished on {said_day(progress.finished_at)}"
    done, asked = progress.counted
    return f"{progress.course.title}: {done} of {asked} lessons done"


def said_award(award: Award) -> str:
    """A certificate as its public page names it, with the code to check it by."""
    day = date_format(award.earned_on, "j F Y")
    return f"{award.public_title}, {day}, given by {award.issuer}. Code: {award.shown_code}"


def _hours(courses: list[Progress]) -> tuple[str, ...]:
    minutes = [sum(line.minutes for line in one.lines if line.is_done) for one in courses]
    each = [f"{one.course.title}: {said_minutes(spent)}" for one, spent in zip(courses, minutes, strict=True)]
    return (*each, f"Together: {said_minutes(sum(minutes))}", HOURS) if courses else ()
