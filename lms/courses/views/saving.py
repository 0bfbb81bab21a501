"""What learners send: each form of a course and its lessons. Read the form, call one operation, go back to the page."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from cms.models import CoursePage
from lms.accounts.access import SignedInRequest
from lms.common.errors import DomainError
from lms.common.http import safe_next
from lms.courses import finding, forms, operations, rules
from lms.courses.asking import Problem, chosen_in
from lms.courses.models import Course
from lms.courses.progress import for_reader
from lms.courses.views.doors import back, for_learners, page_of
from lms.courses.views.pages import show_course, show_lesson

NO_ORDER = "Give each line a place of its own, from first to last."
NO_PAIRS = "Choose something for each line."


def _again(request: SignedInRequest, course: UUID, item: UUID, message: str) -> HttpResponse:
    """Show the lesson once more with what was sent and what to look at."""
    page = finding.lesson_of_item(course, item)
    if page is None:
        messages.info(request, message)
        return redirect(page_of(request))
    return show_lesson(request, page, problem=Problem(str(item), message, request.POST))


@for_learners
def enrol(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Join, or come back, and begin where there is something to begin with."""
    joined = get_object_or_404(Course, identity=course)
    try:
        enrolment = operations.enrol(person=request.user, course=joined, now=timezone.now())
    except DomainError as refusal:
        page = get_object_or_404(CoursePage.objects.live(), pk=joined.page_id)
        return show_course(request, page, refusal=refusal.message)
    if not enrolment.is_learning:
        return redirect("courses:course", joined.slug)
    progress = for_reader(request.user, slug=joined.slug)
    return redirect(safe_next(request, default=progress.next_url if progress else page_of(request)))


@for_learners
def leave(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Leave; what was done stays."""
    left = get_object_or_404(Course, identity=course)
    try:
        operations.leave(person=request.user, course=left, now=timezone.now())
    except DomainError as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(request, "You've left this course. What you did here is kept, in case you come back.")
    return redirect("courses:course", left.slug)


@for_learners
def pause(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Rest from a course: its place is kept, and no letters come about it."""
    rested = get_object_or_404(Course, identity=course)
    try:
        operations.pause(person=request.user, course=rested, now=timezone.now())
    except DomainError as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(request, "Paused. Your place is kept, and we won't write about it.")
    return redirect("courses:course", rested.slug)


@for_learners
def read(request: SignedInRequest, course: UUID, item: UUID) -> HttpResponse:
    """A lesson was read to its end: on to the next, or back to the course when that was the last of it."""
    fact = forms.SentForm(request.POST).fact
    finished = operations.read_lesson(
        learner=request.user, course=course, lesson=item, client_id=fact, now=timezone.now()
    )
    if not finished:
        return redirect(safe_next(request, default="courses:mine"))
    messages.success(request, "That was the last of it. You've finished this course.")
    slug = get_object_or_404(Course.objects.only("slug"), identity=course).slug
    return redirect("courses:course", slug)


@for_learners
def answer(request: SignedInRequest, course: UUID, item: UUID) -> HttpResponse:
    """An answer: the reply stands under the question."""
    fact = forms.SentForm(request.POST).fact
    try:
        operations.answer_question(
            learner=request.user,
            course=course,
            item=item,
            chosen=chosen_in(request.POST),
            client_id=fact,
            now=timezone.now(),
        )
    except rules.Unfinished:
        return _again(request, course, item, NO_PAIRS)
    except rules.NotAnOption:
        return _again(request, course, item, NO_ORDER)
    except (operations.NothingChosen, operations.NotAChoice, operations.AnswerTooLong) as refusal:
        return _again(request, course, item, refusal.message)
    return back(request, to=f"reply-{item}", query=f"answered={item}")


@for_learners
def ending(request: SignedInRequest, course: UUID, item: UUID) -> HttpResponse:
    """A scenario came to an ending: show it."""
    form = forms.EndingForm(request.POST)
    if not form.is_valid():
        raise BadRequest("no card")
    card = form.cleaned_data["card"]
    try:
        operations.end_scenario(
            learner=request.user, course=course, item=item, card=card, client_id=form.fact, now=timezone.now()
        )
    except operations.NotAChoice:
        raise BadRequest("no such ending") from None
    return back(request, to=operations.place_of(item), query=f"scene={item}&card={card}")


@for_learners
def leave_out(request: SignedInRequest, course: UUID) -> HttpResponse:
    """A part is left out for now: carry on after it."""
    form = forms.PartForm(request.POST)
    items = form.items()
    if not items:
        raise BadRequest("no items")
    if not finding.may_be_left_out(course, items):
        raise operations.UnknownItem
    operations.leave_out(learner=request.user, course=course, items=items, client_id=form.fact, now=timezone.now())
    return redirect(safe_next(request, default=page_of(request)))


@for_learners
def place(request: SignedInRequest, course: UUID, item: UUID) -> HttpResponse:
    """The reader's place: told by the page as they read, or by who stops here for today."""
    form = forms.PlaceForm(request.POST)
    known = form.cleaned_data if form.is_valid() else {}
    operations.keep_place(
        learner=request.user,
        course=course,
        lesson=item,
        place=known.get("place") or "",
        share=known.get("share") or 0,
        client_id=form.fact,
        now=timezone.now(),
    )
    if "next" not in request.POST:
        return HttpResponse(status=204)
    messages.success(request, "Your place is kept. Come back when you like.")
    return redirect(page_of(request))


def _saved(request: SignedInRequest, item: UUID, bodies: Mapping[int, str], now: datetime) -> HttpResponse:
    """Say that it is kept: in the line under the box for htmx, on the page itself for everybody else."""
    if not request.headers.get("HX-Request"):
        return back(request, to=operations.place_of(item), query=f"at={item}")
    signs = rules.listed(dict.fromkeys(sign for text in bodies.values() for sign in rules.identifiers(text)))
    emptied = not any(text.strip() for text in bodies.values())
    context = {"item": item, "saved_at": None if emptied else now, "emptied": emptied, "signs": signs}
    return render(request, "courses/parts/saved_now.html", context)


@for_learners
def note(request: SignedInRequest, course: UUID, item: UUID) -> HttpResponse:
    """Private writing under a prompt."""
    bodies = forms.bodies(request.POST)
    now = timezone.now()
    try:
        operations.save_reflection(
            learner=request.user,
            course=course,
            item=item,
            body=bodies.get(0, ""),
            now=now,
            hand=forms.hand(request.POST, at=now),
        )
    except operations.TooLong as refusal:
        return _again(request, course, item, refusal.message)
    return _saved(request, item, bodies, now)


@for_learners
def plan(request: SignedInRequest, course: UUID, item: UUID) -> HttpResponse:
    """The boxes of an action plan."""
    bodies = forms.bodies(request.POST)
    now = timezone.now()
    try:
        operations.save_plan(
            learner=request.user,
            course=course,
            item=item,
            bodies=bodies,
            now=now,
            hand=forms.hand(request.POST, at=now),
        )
    except operations.TooLong as refusal:
        return _again(request, course, item, refusal.message)
    return _saved(request, item, bodies, now)
