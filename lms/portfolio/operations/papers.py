"""Asking for a paper, and throwing its file away."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.storage import storages
from django.db import transaction

from lms.accounts.models import User
from lms.common.errors import DomainError
from lms.common.ids import require_ids
from lms.common.tasks import enqueue
from lms.courses.models import Course, Enrolment, Reflection
from lms.portfolio import tasks
from lms.portfolio.models import Paper, PaperKind

KEPT_FOR = timedelta(days=1)
MOST_A_DAY = 20


class NoSuchCourse(DomainError):
    code = "portfolio.no_such_course"
    message = "You aren't on that course."


class TooMany(DomainError):
    code = "portfolio.too_many_papers"
    message = "That's as many files as we make for one person in a day. You can download the ones that are ready."


class NothingChosen(DomainError):
    code = "portfolio.nothing_chosen"
    message = "Tick at least one thing to put in."


def course_of(person: User, identity: UUID) -> Course:
    """Return a course that the person is or was on, or has written in. Raises NoSuchCourse."""
    mine = Enrolment.objects.owned_by(person).values("course")
    written = Reflection.objects.owned_by(person).values("course")
    rows = Course.objects.filter(identity=identity)
    course = (rows.filter(pk__in=mine) | rows.filter(pk__in=written)).first()
    if course is None:
        raise NoSuchCourse
    return course


def ask_for_workbook(*, person: User, course: UUID, form: str, now: datetime) -> Paper:
    """Have the workbook of a course made as a file. Raises NoSuchCourse or TooMany."""
    return _ask(person, PaperKind.WORKBOOK, form, course=course_of(person, course), chosen={}, now=now)


def ask_for_record(*, person: User, form: str, chosen: Mapping[str, Any], now: datetime) -> Paper:
    """Have a learning record made of what was ticked. Raises NothingChosen or TooMany."""
    if not any(chosen.get(kind) for kind in ("courses", "awards", "notes")):
        raise NothingChosen
    return _ask(person, PaperKind.RECORD, form, course=None, chosen=dict(chosen), now=now)


def _ask(
    person: User, kind: PaperKind, form: str, *, course: Course | None, chosen: dict[str, Any], now: datetime
) -> Paper:
    require_ids({"form": form})
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)  # two presses at once: the second finds the first
        mine = Paper.objects.owned_by(person)
        said = {"kind": kind, "form": form, "course": course, "chosen": chosen}
        if asked := mine.unmade().filter(**said).first():
            return asked
        if mine.count() >= MOST_A_DAY:
            raise TooMany
        paper = Paper.objects.create(person=person, asked_at=now, **said)
        enqueue(tasks.make_paper, paper_id=paper.pk)
    return paper


def forget_old(*, now: datetime) -> int:
    """Delete papers asked for more than a day ago, with their files; return how many."""
    papers = Paper.objects.unscoped(because="work of the system")
    return _throw_away(list(papers.filter(asked_at__lt=now - KEPT_FOR)))


def throw_away_all_of(*, person: User) -> int:
    """Delete all papers of a person, with their files; return how many."""
    return _throw_away(list(Paper.objects.owned_by(person)))


def _throw_away(papers: list[Paper]) -> int:
    for paper in papers:
        if paper.file:
            storages["private"].delete(paper.file)
        paper.delete()
    return len(papers)
