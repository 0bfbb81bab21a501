"""Checks with a pass mark: the questions of a try, saving them on the way, handing them in, and what was right."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lms.accounts.access import SignedInRequest
from lms.courses import asking, forms, operations, rules
from lms.courses.banks import Bank, bank_of
from lms.courses.models import Try
from lms.courses.views.doors import for_learners


def _bank(request: SignedInRequest, course: UUID, item: UUID) -> Bank:
    """The bank as this learner has it. Raises Http404 for who is not on the course."""
    bank = bank_of(request.user, course=course, item=item)
    if bank is None:
        raise Http404
    return bank


@login_required
@require_safe
def check(request: SignedInRequest, course: UUID, item: UUID) -> HttpResponse:
    """The try that is under way; the lesson where there is none."""
    bank = _bank(request, course, item)
    if bank.under_way is None:
        return redirect(f"{bank.lesson_url}#{operations.place_of(item)}")
    return _show(request, bank, bank.under_way)


def _show(request: SignedInRequest, bank: Bank, one: Try, *, problem: str = "") -> HttpResponse:
    answers = operations.answers_of(one)
    questions = asking.check_questions(bank.key, one.drawn, answers, missing=bool(problem))
    context = {
        "bank": bank,
        "one": one,
        "questions": questions,
        "needed": rules.needed(len(questions), pass_mark=bank.key["pass_mark"]),
        "is_over": rules.is_over(one.ends_at, timezone.now()),
        "problem": problem,
    }
    return render(request, "courses/check.html", context, status=422 if problem else 200)


@for_learners
def begin(request: SignedInRequest, course: UUID, item: UUID) -> HttpResponse:
    """Draw questions, or carry on with those that were drawn."""
    try:
        operations.begin_try(learner=request.user, course=course, item=item, now=timezone.now())
    except operations.NoTryLeft as refusal:
        messages.info(request, refusal.message)
    return redirect("courses:check", course, item)


@for_learners
def save(request: SignedInRequest, course: UUID, item: UUID, number: int) -> HttpResponse:
    """Keep what is answered so far."""
    words = ""
    try:
        operations.save_try(
            learner=request.user,
            course=course,
            item=item,
            number=number,
            answers=forms.answers(request.POST),
            now=timezone.now(),
        )
    except operations.NotAChoice:
        raise BadRequest("no such option") from None
    except operations.TimeIsUp as refusal:
        words = refusal.message
    if request.headers.get("HX-Request"):
        return render(request, "courses/parts/check_saved.html", {"saved_at": timezone.now(), "words": words})
    messages.info(request, words or "Your answers are saved. Come back when you like.")
    return redirect("courses:check", course, item)


@for_learners
def hand_in(request: SignedInRequest, course: UUID, item: UUID, number: int) -> HttpResponse:
    """Mark a try: what was right stands on its own page."""
    try:
        operations.hand_in(
            learner=request.user,
            course=course,
            item=item,
            number=number,
            answers=forms.answers(request.POST),
            as_it_is="as_it_is" in request.POST,
            client_id=forms.SentForm(request.POST).fact,
            now=timezone.now(),
        )
    except operations.NotAChoice:
        raise BadRequest("no such option") from None
    except operations.Unanswered as refusal:
        return _unanswered(request, course, item, number, refusal.message)
    except operations.QuestionsGone as refusal:
        messages.info(request, refusal.message)
        return redirect("courses:check", course, item)
    return redirect("courses:check_result", course, item, number)


def _unanswered(request: SignedInRequest, course: UUID, item: UUID, number: int, words: str) -> HttpResponse:
    bank = _bank(request, course, item)
    one = bank.one(number)
    if one is None:
        raise Http404
    return _show(request, bank, one, problem=words)


@login_required
@require_safe
def result(request: SignedInRequest, course: UUID, item: UUID, number: int) -> HttpResponse:
    """What was right in a try, with something to every answer."""
    bank = _bank(request, course, item)
    one = bank.one(number)
    if one is None or one.handed_in_at is None:
        raise Http404
    key = bank.key_of(one)
    context = {
        "bank": bank,
        "one": one,
        "needed": rules.needed(one.asked, pass_mark=key["pass_mark"]),
        "questions": asking.answered(key, one.drawn, operations.answers_of(one)),
    }
    return render(request, "courses/result.html", context)
