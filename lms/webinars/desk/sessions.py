"""Sessions at the desk: the list, planning one, changing it, publishing it and calling it off."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.agencies.access import StaffRequest, staff_required
from lms.agencies.models import Agency
from lms.common.errors import DomainError
from lms.webinars import access, operations, reports
from lms.webinars.desk.registers import session_of, session_page
from lms.webinars.forms import ReasonForm, SessionForm, typed_of
from lms.webinars.models import Session, Where

ON_A_PAGE = 50


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
    session = session_of(request, uuid)
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
    session = session_of(request, uuid)
    try:
        operations.publish_session(session=session, actor=request.user, now=timezone.now())
    except DomainError as refusal:
        return session_page(request, session, refusal=refusal.message, status=422)
    messages.success(request, "Published. Verified adopters can book it now.")
    return redirect("webinars:desk_session", uuid=uuid)


@staff_required(*access.SESSION_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Call a session off, with a reason for everybody who was coming."""
    session = session_of(request, uuid)
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
