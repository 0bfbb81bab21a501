"""A session at the desk before it happens: planned, looked at, kept, changed, opened and called off."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.agencies.access import StaffRequest, staff_required
from lms.common.errors import DomainError
from lms.webinars import access, diary, operations, reports
from lms.webinars.desk.registers import session_of, session_page
from lms.webinars.forms import CancelForm, EditForm, ScheduleForm, SessionForm, terms_of, typed_of
from lms.webinars.models import Series, Session, SessionState, Where


@staff_required(*access.SESSION_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: StaffRequest) -> HttpResponse:
    """Plan a session or several. The dates are shown in words before anything is kept."""
    agencies = list(access.agencies_to_schedule_for(request.user))
    if request.method != "POST":
        return _form_page(request, ScheduleForm(initial=_beginning(request), agencies=agencies, viewer=request.user))
    form = ScheduleForm(request.POST, agencies=agencies, viewer=request.user)
    if not (form.is_valid() and "keep" in request.POST and form.is_agreed()):
        return _form_page(request, form)
    try:
        return _keep_new(request, form)
    except DomainError as refusal:
        form.refuse(refusal)
        return _form_page(request, form)


def _beginning(request: StaffRequest) -> dict[str, object]:
    """What a new plan begins with: the terms of the session it copies, or the usual ones."""
    copied = request.GET.get("copy")
    if not copied:
        return {"where": Where.ONLINE, "zone": "Europe/London", "facilitators": [str(request.user.pk)]}
    try:
        return terms_of(session_of(request, UUID(copied)))
    except ValueError:
        return {}


def _keep_new(request: StaffRequest, form: ScheduleForm) -> HttpResponse:
    said, agency, now = "Kept as a draft. Nobody can see it until you publish it.", form.agency_chosen, timezone.now()
    if form.is_series:
        series = operations.schedule_series(
            plan=form.plan, dates=form.dates, rule=form.rule, agency=agency, actor=request.user, now=now
        )
        messages.success(request, "Kept as drafts. Nobody can see them until you publish them.")
        return redirect("webinars:desk_series", uuid=series.uuid)
    session = operations.schedule_session(plan=form.plans[0], agency=agency, actor=request.user, now=now)
    messages.success(request, said)
    return redirect("webinars:desk_session", uuid=session.uuid)


@staff_required(*access.SESSION_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Change a session, alone or with those that follow it; who is booked is told of a new time or place."""
    session, now = session_of(request, uuid), timezone.now()
    if request.method != "POST":
        form = EditForm(initial=typed_of(session), session=session, viewer=request.user, now=now)
        return _form_page(request, form)
    form = EditForm(request.POST, session=session, viewer=request.user, now=now)
    if not (form.is_valid() and "keep" in request.POST and form.is_agreed()):
        return _form_page(request, form)
    try:
        _keep_changes(request, form, session)
    except DomainError as refusal:
        form.refuse(refusal)
        return _form_page(request, form)
    messages.success(request, "Saved. If the time or the place is different, everyone who meant to come has been told.")
    return redirect("webinars:desk_session", uuid=uuid)


def _keep_changes(request: StaffRequest, form: EditForm, session: Session) -> None:
    now = timezone.now()
    if form.is_for_all:
        operations.edit_following(session=session, plan=form.plan, actor=request.user, now=now, which=form.which_second)
    else:
        operations.edit_session(session=session, plan=form.plan, actor=request.user, now=now)


def _form_page(request: StaffRequest, form: SessionForm) -> HttpResponse:
    """The form; with all dates in words once they were typed, or with what to look at again."""
    can_be_kept = form.is_bound and set(form.errors) <= {"despite"}
    context = {
        "form": form,
        "session": form.session,
        "preview": form.is_bound and bool(form.units),
        "clashes": form.clashes if can_be_kept else [],
        "seen": form.fingerprint if can_be_kept else "",
    }
    status = 422 if form.is_bound and form.errors else 200
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
    """Call a session off, alone or with those that follow it, with a reason for everybody who was coming."""
    session, now = session_of(request, uuid), timezone.now()
    following = operations.following(session, now=now)
    form = CancelForm(request.POST or None, has_more=bool(following))
    if request.method == "POST" and form.is_valid():
        call_off = operations.cancel_following if form.is_for_all else operations.cancel_session
        try:
            call_off(session=session, actor=request.user, reason=form.cleaned_data["reason"], now=now)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Cancelled. Everyone who was coming has been told.")
            return redirect("webinars:desk_session", uuid=uuid)
    status = 422 if request.method == "POST" else 200
    context = {"session": session, "form": form, "following": following}
    return render(request, "webinars/desk/cancel.html", context, status=status)


# --- A series -------------------------------------------------------------------------------------
def _series_of(request: StaffRequest, uuid: UUID) -> tuple[Series, list[Session]]:
    """A series with those of its sessions that this member of staff may open; 404 where there is none."""
    series = get_object_or_404(Series.objects.within(request.scope), uuid=uuid)
    rows = reports.public(access.sessions_at_desk(request.user)).select_related("agency")
    sessions = diary.of_series(rows, series_id=series.pk)
    if not sessions:
        raise Http404
    return cast(Series, series), sessions


@staff_required(*access.SESSION_ROLES)
@require_safe
def series(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """All dates of a series, and how each stands."""
    found, sessions = _series_of(request, uuid)
    now = timezone.now()
    drafts = [one for one in sessions if one.state == SessionState.DRAFT and one.starts_at > now]
    context = {"series": found, "rows": [reports.Row(one, None, now) for one in sessions], "drafts": len(drafts)}
    return render(request, "webinars/desk/series.html", context)


@staff_required(*access.SESSION_ROLES)
@require_POST
def publish_series(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Show all drafts of a series to everybody."""
    found, _ = _series_of(request, uuid)
    operations.publish_series(series=found, actor=request.user, now=timezone.now())
    messages.success(request, "Published. Verified adopters can book these dates now.")
    return redirect("webinars:desk_series", uuid=uuid)
