"""Pages for staff: which sessions there are, a new one, who is coming, and who was there."""

from collections.abc import Callable
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.agencies.access import StaffRequest, staff_required
from lms.agencies.models import Agency
from lms.common.errors import DomainError
from lms.webinars import access, operations, reports
from lms.webinars.forms import MarksForm, ReasonForm, SessionForm, typed_of
from lms.webinars.models import Session, SessionPart, SessionState, Verdict, Where

ON_A_PAGE = 50


def _session(request: StaffRequest, uuid: UUID) -> Session:
    """A session that this member of staff may open; to others it does not exist."""
    rows = reports.public(access.sessions_at_desk(request.user)).select_related("agency")
    return cast(Session, get_object_or_404(rows, uuid=uuid))


def _part(request: HttpRequest, session: Session) -> SessionPart:
    """The part asked for, else the last that has begun, else the first."""
    parts: list[SessionPart] = list(session.parts.all())
    asked = request.GET.get("part") or request.POST.get("part")
    if asked is not None:
        found = next((part for part in parts if str(part.number) == asked), None)
        if found is None:
            raise Http404
        return found
    begun = [part for part in parts if part.starts_at <= timezone.now()]
    return begun[-1] if begun else parts[0]


@staff_required(*access.SESSION_ROLES)
@require_safe
def sessions(request: StaffRequest) -> HttpResponse:
    """What is coming up, or what was; all that one may see, or one's own."""
    past, mine = request.GET.get("when") == "past", request.GET.get("mine") == "1"
    rows = access.sessions_at_desk(request.user)
    if mine:
        rows = rows.filter(access.own(request.user))
    agencies = list(access.agencies_to_schedule_for(request.user))
    only = next((agency for agency in agencies if agency.slug == request.GET.get("agency")), None)
    if only:
        rows = rows.filter(agency=only)
    page = Paginator(reports.at_desk(rows, past=past, now=timezone.now()), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "past": past, "mine": mine, "agencies": agencies, "only": only}
    return render(request, "webinars/desk/sessions.html", context)


# --- A session is planned, looked at, and kept ----------------------------------------------------
@staff_required(*access.SESSION_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: StaffRequest) -> HttpResponse:
    """Plan a session. The dates are shown in words before anything is kept."""
    agencies = list(access.agencies_to_schedule_for(request.user))
    if request.method != "POST":
        start = {"where": Where.ONLINE, "zone": "Europe/London", "facilitators": [str(request.user.pk)]}
        return _form_page(request, SessionForm(initial=start, agencies=agencies))
    form = SessionForm(request.POST, agencies=agencies)

    def keep() -> Session:
        agency, now = form.agency_chosen, timezone.now()
        return operations.schedule_session(plan=form.plan, agency=agency, actor=request.user, now=now)

    return _keep(request, form, keep, said="Kept as a draft. Nobody can see it until you publish it.")


@staff_required(*access.SESSION_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Change a session; who is booked is told of a new time or place."""
    session = _session(request, uuid)
    agencies: list[Agency] = [session.agency]
    if request.method != "POST":
        return _form_page(request, SessionForm(initial=typed_of(session), agencies=agencies), session=session)
    form = SessionForm(request.POST, agencies=agencies)

    def keep() -> Session:
        return operations.edit_session(session=session, plan=form.plan, actor=request.user, now=timezone.now())

    said = "Saved. If the time or the place is different, everyone with a place has been told."
    return _keep(request, form, keep, said=said, session=session)


def _keep(
    request: StaffRequest, form: SessionForm, keep: Callable[[], Session], *, said: str, session: Session | None = None
) -> HttpResponse:
    """Say what to look at again, show the dates in words, or keep what was typed."""
    if not form.is_valid():
        return _form_page(request, form, session=session, status=422)
    if not _was_seen(request, form):
        return _form_page(request, form, session=session, preview=True)
    try:
        kept = keep()
    except DomainError as refusal:
        form.refuse(refusal)
        return _form_page(request, form, session=session, status=422)
    messages.success(request, said)
    return redirect("webinars:desk_session", uuid=kept.uuid)


def _was_seen(request: HttpRequest, form: SessionForm) -> bool:
    """Whether these very dates were shown in words before this press of "keep"."""
    return "keep" in request.POST and form.cleaned_data["seen"] == form.fingerprint


def _form_page(
    request: StaffRequest,
    form: SessionForm,
    *,
    session: Session | None = None,
    preview: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "session": session, "preview": preview}
    return render(request, "webinars/desk/session_form.html", context, status=status)


@staff_required(*access.SESSION_ROLES)
@require_POST
def publish(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Show a draft to everybody."""
    session = _session(request, uuid)
    try:
        operations.publish_session(session=session, actor=request.user, now=timezone.now())
    except DomainError as refusal:
        return _session_page(request, session, refusal=refusal.message, status=422)
    messages.success(request, "Published. Verified adopters can book it now.")
    return redirect("webinars:desk_session", uuid=uuid)


@staff_required(*access.SESSION_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Call a session off, with a reason for everybody who was coming."""
    session = _session(request, uuid)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            operations.cancel_session(session=session, actor=request.user, reason=reason, now=timezone.now())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Cancelled. Everyone who was coming has been told.")
            return redirect("webinars:desk_session", uuid=uuid)
    status = 422 if request.method == "POST" else 200
    return render(request, "webinars/desk/cancel.html", {"session": session, "form": form}, status=status)


# --- The register ---------------------------------------------------------------------------------
@staff_required(*access.SESSION_ROLES)
@require_safe
def session(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Facts, who is coming, and the register."""
    return _session_page(request, _session(request, uuid))


def _session_page(
    request: StaffRequest, session: Session, *, form: MarksForm | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    part, now = _part(request, session), timezone.now()
    runs_it = any(row.person_id == request.user.pk for row in session.facilitators.all())
    register = reports.register(session, part, with_needs=runs_it)
    context = {
        "session": session,
        "row": reports.Row(session, None, now),
        "register": register,
        "verdicts": Verdict.choices,
        "typed": form.typed if form else {},
        "refusal": refusal,
        "runs_it": runs_it,
        "may_mark": part.starts_at <= now and session.state in {SessionState.PUBLISHED, SessionState.ENDED},
    }
    return render(request, "webinars/desk/session.html", context, status=status)


@staff_required(*access.SESSION_ROLES)
@require_POST
def mark(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Keep what was marked; with "everyone else here" for those who have no mark yet."""
    session = _session(request, uuid)
    part = _part(request, session)
    form = MarksForm(request.POST, register=reports.register(session, part, with_needs=False))
    if not form.is_valid():
        return _session_page(request, session, form=form, refusal=form.refusal, status=422)
    everyone_else = Verdict.PRESENT if "rest" in request.POST else ""
    marks = form.marks(everyone_else=everyone_else)
    try:
        operations.mark_attendance(session=session, part=part, marks=marks, actor=request.user, now=timezone.now())
    except DomainError as refusal:
        return _session_page(request, session, form=form, refusal=refusal.message, status=422)
    messages.success(request, "The register is saved.")
    answer = redirect("webinars:desk_session", uuid=uuid)
    answer["Location"] += f"?part={part.number}#register"
    return answer


@staff_required(*access.SESSION_ROLES)
@require_safe
def printed(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """The register on paper: first names and references only."""
    session = _session(request, uuid)
    register = reports.register(session, _part(request, session), with_needs=False)
    return render(request, "webinars/desk/register_print.html", {"session": session, "register": register})
