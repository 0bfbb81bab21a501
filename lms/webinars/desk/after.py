"""After a session, for who runs it: what people said of it, their questions, recordings."""

from datetime import timedelta
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.agencies.access import StaffRequest, staff_required
from lms.common.errors import DomainError
from lms.webinars import access, after, operations
from lms.webinars.desk.registers import session_of
from lms.webinars.forms.after import AnswerForm, RecordingForm, ShowingForm
from lms.webinars.models import Question, Recording, Session, SessionQuerySet

SETTLED_SHOWN = 20
RECENT = timedelta(days=60)


# --- One session ----------------------------------------------------------------------------------
@staff_required(*access.SESSION_ROLES)
@require_safe
def session(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """How it was, what was asked, what was recorded, what was written to people."""
    return _page(request, session_of(request, uuid))


def _page(
    request: StaffRequest,
    session: Session,
    *,
    adding: RecordingForm | None = None,
    changing: ShowingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    runs_it = any(row.person_id == request.user.pk for row in session.facilitators.all())
    kept = after.recordings_of(session)
    forms = [(recording, _form_of(recording, changing)) for recording in kept]
    context = {
        "session": session,
        "feedback": after.feedback_on(session, with_words=runs_it, now=timezone.now()),
        "runs_it": runs_it,
        "questions": after.questions_at_desk(_only(session)).order_by("settled_at", "asked_at", "pk"),
        "recordings": forms,
        "adding": adding or RecordingForm(),
        "changing": changing,
        "notes": after.notes_of(session),
    }
    return render(request, "webinars/desk/after.html", context, status=status)


def _only(session: Session) -> SessionQuerySet:
    return Session.objects.unscoped(because="found within the reader's scope").filter(pk=session.pk)


def _form_of(recording: Recording, changing: ShowingForm | None) -> ShowingForm:
    is_this = changing is not None and changing.prefix == f"r{recording.pk}"
    return changing if is_this and changing is not None else ShowingForm(recording=recording)


# --- Recordings -----------------------------------------------------------------------------------
@staff_required(*access.SESSION_ROLES)
@require_POST
def add_recording(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Keep a link to a recording. Nobody sees it yet."""
    session = session_of(request, uuid)
    form = RecordingForm(request.POST)
    if form.is_valid():
        try:
            operations.add_recording(session=session, actor=request.user, now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("address", refusal.message)
        else:
            messages.success(request, "Kept. Nobody can see it until you say who may.")
            return redirect("webinars:desk_after", uuid=uuid)
    return _page(request, session, adding=form, status=422)


def _recording(session: Session, uuid: UUID) -> Recording:
    rows = Recording.objects.unscoped(because="of a session within the reader's scope").filter(session=session)
    return cast(Recording, get_object_or_404(rows.select_related("session"), uuid=uuid))


@staff_required(*access.SESSION_ROLES)
@require_POST
def change_recording(request: StaffRequest, uuid: UUID, recording: UUID) -> HttpResponse:
    """Say who may see a recording and until when, or take it away."""
    session = session_of(request, uuid)
    found, now = _recording(session, recording), timezone.now()
    if "remove" in request.POST:
        operations.remove_recording(recording=found, actor=request.user, now=now)
        messages.success(request, "The recording is gone from here. Delete it at the service too.")
        return redirect("webinars:desk_after", uuid=uuid)
    form = ShowingForm(request.POST, recording=found)
    if form.is_valid():
        try:
            operations.show_recording(recording=found, showing=form.showing(), actor=request.user, now=now)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Saved.")
            return redirect("webinars:desk_after", uuid=uuid)
    return _page(request, session, changing=form, status=422)


# --- Questions ------------------------------------------------------------------------------------
@staff_required(*access.SESSION_ROLES)
@require_safe
def questions(request: StaffRequest) -> HttpResponse:
    """What waits for an answer, oldest first, over all sessions that one may open; and what was dealt with lately."""
    rows = after.questions_at_desk(access.sessions_at_desk(request.user))
    lately = rows.filter(settled_at__gte=timezone.now() - RECENT).defer("words", "answer", "asked_by")
    context = {"waiting": rows.waiting(), "settled": lately.order_by("-settled_at", "-pk")[:SETTLED_SHOWN]}
    return render(request, "webinars/desk/questions.html", context)


@staff_required(*access.SESSION_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: StaffRequest, uuid: UUID, question: UUID) -> HttpResponse:
    """Answer a question, publish the answer, change it, or put the question aside."""
    session = session_of(request, uuid)
    rows = Question.objects.unscoped(because="of a session within the reader's scope").filter(session=session)
    found = get_object_or_404(rows.select_related("session", "asked_by"), uuid=question)
    known = {"said": found.said, "answer": found.answer, "publish": found.is_published}
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and (said := _settle(request, found, form)):
        messages.success(request, said)
        return redirect("webinars:desk_questions")
    context = {"session": session, "question": found, "form": form}
    return render(request, "webinars/desk/answer.html", context, status=422 if request.method == "POST" else 200)


def _settle(request: StaffRequest, question: Question, form: AnswerForm) -> str:
    """Do what was pressed; return what to say of it, nothing where something is to be looked at again."""
    now = timezone.now()
    if "aside" in request.POST:
        operations.put_aside(question=question, actor=request.user, now=now)
        return "Put aside. Nobody is told."
    if not form.is_valid():
        return ""
    typed = form.cleaned_data
    operations.answer(
        question=question,
        said=typed["said"],
        words=typed["answer"],
        publish=typed["publish"],
        actor=request.user,
        now=now,
    )
    return (
        "Published. Everybody with a place can read it."
        if typed["publish"]
        else "Answered. Only who asked can read it."
    )
