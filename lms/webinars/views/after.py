"""After a session, for who was there: how it was, questions and answers, recordings."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lms.accounts.access import SignedInRequest
from lms.common import limits
from lms.common.errors import DomainError
from lms.common.failures import too_many_tries
from lms.webinars import after, calendars, operations
from lms.webinars.forms.after import FeedbackForm, QuestionForm, nudge
from lms.webinars.models import Recording, Session
from lms.webinars.views.joining import into
from lms.webinars.views.showing import bare_session_of, own_booking

MOST_QUESTIONS = 10  # of one person within the window
WINDOW = 3600  # seconds


def _session_with_place(request: SignedInRequest, uuid: UUID) -> Session:
    """A session in which the reader has or had a place; to others these pages do not exist."""
    found = bare_session_of(uuid)
    if not own_booking(found, request.user).is_seated:
        raise Http404
    return found


def _page(request: SignedInRequest, name: str, session: Session, *, status: int = 200, **more: object) -> HttpResponse:
    title = calendars.title_of(session, full=request.user.full_titles)
    return render(request, f"webinars/{name}.html", {"session": session, "title": title, **more}, status=status)


# --- How it was -----------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Say how it was, once. What is kept leads to nobody."""
    found, now = _session_with_place(request, uuid), timezone.now()
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    try:
        operations.refuse_feedback(session=found, person=request.user, now=now)
        if request.method == "POST" and form.is_valid():
            operations.give_feedback(session=found, person=request.user, answers=form.answers(), now=now)
            messages.success(request, "Thank you. Nobody can tell which answer is yours.")
            return redirect("webinars:session", uuid=uuid)
    except DomainError as refusal:
        return _page(request, "feedback", found, refusal=refusal.message, status=422 if form.is_bound else 200)
    return _page(request, "feedback", found, form=form, status=422 if form.is_bound else 200)


# --- Questions ------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Ask who runs it, and read what was answered: to oneself, and to everybody."""
    found = _session_with_place(request, uuid)
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        who = str(request.user.pk)
        if not limits.allowed(action="webinars.asking", who=who, times=MOST_QUESTIONS, seconds=WINDOW):
            return too_many_tries(request, seconds=WINDOW)
        if (seen := _kept_back(request, found, form)) is not None:
            return seen
        try:
            operations.ask(session=found, person=request.user, words=form.cleaned_data["words"], now=timezone.now())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Sent. We'll e-mail you when there's an answer.")
            return redirect("webinars:ask", uuid=uuid)
    return _questions_page(request, found, form, status=422 if form.is_bound else 200)


def _kept_back(request: SignedInRequest, session: Session, form: QuestionForm) -> HttpResponse | None:
    """Show the words once more where they seem to point to somebody; sent as they are when pressed again."""
    signs = nudge(form.cleaned_data["words"])
    if not signs or "as_it_is" in request.POST:
        return None
    return _questions_page(request, session, form, signs=signs, status=422)


def _questions_page(
    request: SignedInRequest, session: Session, form: QuestionForm, *, signs: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "signs": signs,
        "may_ask": operations.may_ask(session=session, person=request.user, now=timezone.now()),
        "own": after.questions_of(session, request.user),
        "published": after.published_of(session),
    }
    return _page(request, "questions", session, status=status, **context)


# --- Recordings -----------------------------------------------------------------------------------
@login_required
@require_safe
def recordings(request: SignedInRequest) -> HttpResponse:
    """Every recording that the reader may see, and until when."""
    found = after.recordings_for(request.user, now=timezone.now())
    return render(request, "webinars/recordings.html", {"recordings": found})


@login_required
@require_safe
def watch(request: SignedInRequest, uuid: UUID, recording: UUID) -> HttpResponse:
    """Our own way to a recording: at the click it looks who asks and until when, and only then leads on."""
    rows = Recording.objects.unscoped(because="who may see it, is looked at next")
    found = get_object_or_404(rows, uuid=recording, session__uuid=uuid)
    if not after.may_watch(found, request.user, now=timezone.now()):
        raise Http404
    return into(found.address)
