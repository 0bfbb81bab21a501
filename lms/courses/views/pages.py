"""Courses and lessons as people read them. Each page answers at its own address, in front of Wagtail's routing."""

from functools import cache
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet, UUIDField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.models import Page
from wagtail.views import serve as by_wagtail

from cms import keeping, shelf
from cms.models import CoursePage, LessonPage, ModulePage
from lms.accounts.models import User
from lms.common.prepared import Blank, Prepared
from lms.courses import finding
from lms.courses.asking import Learning, Problem
from lms.courses.banks import tries_at
from lms.courses.joining import joining, opens_on
from lms.courses.models import Draft, ItemState, Reflection
from lms.courses.progress import for_reader
from lms.courses.recap import recap


def _by_wagtail(request: HttpRequest) -> HttpResponse:
    """A draft, a restricted page, a redirect, or nothing: Wagtail knows."""
    answer: HttpResponse = by_wagtail(request, request.path.lstrip("/"))
    return answer


@require_safe
def course(request: HttpRequest, course: str) -> HttpResponse:
    """A course with what this reader has done of it."""

    def answer() -> HttpResponse:
        page = finding.course_at(course)
        return show(request, page) if page else _by_wagtail(request)

    return keeping.answer_once(request, request.path, answer)


@require_safe
def module(request: HttpRequest, course: str, module: str) -> HttpResponse:
    """A part of a course has no page of its own: its first lesson is where it begins."""
    page = finding.module_at(course, module)
    return show(request, page) if page else _by_wagtail(request)


@require_safe
def lesson(request: HttpRequest, course: str, module: str, lesson: str) -> HttpResponse:
    """A lesson, for who is on the course; the first one, for everybody."""
    page = finding.lesson_at(course, module, lesson)
    return show(request, page) if page else _by_wagtail(request)


def show(request: HttpRequest, page: Page) -> HttpResponse:
    """Answer with a page of a course, however it was found."""
    if isinstance(page, LessonPage):
        return show_lesson(request, page)
    if isinstance(page, ModulePage):
        return _first_lesson(request, page)
    return show_course(request, page)


def show_course(request: HttpRequest, page: CoursePage, *, refusal: str = "") -> HttpResponse:
    """Answer with a course. refusal: why it could not be joined."""
    progress = for_reader(request.user, slug=finding.course_slug(page))
    asks = progress is not None and (not progress.is_learner or progress.is_paused)
    known = request.user if isinstance(request.user, User) else None
    standing = joining(known, progress.course) if progress and asks and known else None
    said = recap(progress, now=timezone.now()) if progress else None
    context = {"page": page, "self": page, "progress": progress, "joining": standing, "refusal": refusal, "recap": said}
    return render(request, "courses/course.html", context, status=422 if refusal else 200)


def _first_lesson(request: HttpRequest, page: ModulePage) -> HttpResponse:
    progress = for_reader(request.user, slug=finding.course_slug(page))
    below = shelf.public_url(page.url_path)
    first = next((line for line in progress.lines if line.url.startswith(below)), None) if progress else None
    if first is None:
        raise Http404
    return HttpResponseRedirect(first.url)


def show_lesson(
    request: HttpRequest, page: LessonPage, *, problem: Problem | None = None, refused: str = ""
) -> HttpResponse:
    """Answer with a lesson. Who may not read it yet is told kindly how they may.

    refused: why what was sent from it could not be kept, for a lesson that is not open yet.
    """
    progress = for_reader(request.user, slug=finding.course_slug(page), answers_in=page.identity)
    line = progress.line_of(page.identity) if progress else None
    if progress is None or line is None:
        raise Http404
    waits_for = progress.waits_for(line) if progress.is_learner else None
    if waits_for or (not progress.is_learner and line.number > 1):
        day = opens_on(request.user, progress.course.identity) if request.user.is_authenticated else None
        gate = {"page": page, "progress": progress, "line": line, "waits_for": waits_for, "opens_on": day}
        return render(request, "courses/gate.html", {**gate, "refused": refused}, status=422 if refused else 200)
    learning = Learning(
        progress=progress,
        line=line,
        notes=_notes(request, line.prompts) if progress.is_learner and line.prompts else {},
        drafts=_drafts(request, line.questions) if progress.is_learner and line.questions else {},
        tries=tries_at(progress.round, line.banks) if progress.round and line.banks else {},
        problem=problem,
        answered=request.GET.get("answered", ""),
    )
    context = {"page": page, "self": page, "learning": learning, "progress": progress}
    return render(request, "courses/lesson.html", context, status=422 if problem else 200)


def _drafts(request: HttpRequest, items: tuple[str, ...]) -> dict[str, Draft]:
    asked = {f"item_{n}": item for n, item in enumerate(items)}
    return {str(draft.item): draft for draft in _begun(len(items)).all(person=request.user.pk, **asked)}


@cache
def _begun(count: int) -> Prepared:
    """What somebody has begun in so many questions since they last answered each."""

    def rows() -> QuerySet[Draft]:
        person: Any = Blank("person", BigIntegerField())
        items = [Blank(f"item_{n}", UUIDField()) for n in range(count)]
        answers = ItemState.objects.owned_by(person).filter(item=OuterRef("item"), latest_at__gte=OuterRef("at"))
        mine: QuerySet[Draft] = Draft.objects.owned_by(person).filter(~Exists(answers), item__in=items)
        return mine

    return Prepared(rows)


def _notes(request: HttpRequest, items: tuple[str, ...]) -> dict[tuple[str, int], Reflection]:
    mine = Reflection.objects.owned_by(request.user).filter(item__in=items)
    return {(str(note.item), note.field): note for note in mine}
