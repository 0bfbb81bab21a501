"""One session at the desk: its facts, who is coming, and who was there."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lms.agencies.access import StaffRequest, staff_required
from lms.common.errors import DomainError
from lms.meetings.reports import rooms_of
from lms.webinars import access, operations, registers, reports
from lms.webinars.forms import MarksForm
from lms.webinars.models import RoomBy, Session, SessionPart, SessionState, Verdict, Why


def session_of(request: StaffRequest, uuid: UUID) -> Session:
    """A session that this member of staff may open; to others it does not exist."""
    rows = reports.public(access.sessions_at_desk(request.user)).select_related("agency")
    return cast(Session, get_object_or_404(rows, uuid=uuid))


def part_of(request: HttpRequest, session: Session) -> SessionPart:
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


def back_to(session: Session, part: SessionPart) -> HttpResponse:
    """To the register of a part, after something was done with it."""
    answer = redirect("webinars:desk_session", uuid=session.uuid)
    answer["Location"] += f"?part={part.number}#register"
    return answer


@staff_required(*access.SESSION_ROLES)
@require_safe
def session(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Facts, who is coming, and the register."""
    return session_page(request, session_of(request, uuid))


def session_page(
    request: StaffRequest, session: Session, *, form: MarksForm | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    """The page of a session, with its register."""
    part, now = part_of(request, session), timezone.now()
    runs_it = any(row.person_id == request.user.pk for row in session.facilitators.all())
    made_for_it, is_ahead = session.room_by == RoomBy.AGENCY, now <= part.ends_at
    # Who a guest is, is asked afterwards; how the room stands, before.
    register = registers.register(
        session, part, viewer=request.user, with_needs=runs_it, with_guests=made_for_it and not is_ahead
    )
    live = session.state in {SessionState.PUBLISHED, SessionState.ENDED}
    context = {
        "session": session,
        "row": reports.Row(session, None, now),
        "register": register,
        "verdicts": Verdict.choices,
        "typed": form.typed if form else {},
        "typed_why": str(form.data.get("why", "")) if form else "",
        "whys": Why.choices,
        "refusal": refusal,
        "runs_it": runs_it,
        "may_mark": live and part.starts_at <= now,
        "code_is_asked": live and operations.code_is_asked(part, now=now),
        "room": rooms_of(session.uuid).get(part.number) if made_for_it and is_ahead else None,
        "room_is_ahead": live and is_ahead,
    }
    return render(request, "webinars/desk/session.html", context, status=status)


@staff_required(*access.SESSION_ROLES)
@require_POST
def mark(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Keep what was marked; with a button, also for those who have no mark yet: all here, or as the signs say."""
    session = session_of(request, uuid)
    part = part_of(request, session)
    register = registers.register(session, part, viewer=request.user, with_needs=False)
    form = MarksForm(request.POST, register=register)
    if not form.is_valid():
        return session_page(request, session, form=form, refusal=form.refusal, status=422)
    why, now = form.cleaned_data["why"], timezone.now()
    try:
        operations.mark_attendance(session=session, part=part, marks=form.marks, actor=request.user, now=now, why=why)
    except DomainError as refusal:
        return session_page(request, session, form=form, refusal=refusal.message, status=422)
    messages.success(request, "The register is saved.")
    return back_to(session, part)


@staff_required(*access.SESSION_ROLES)
@require_safe
def printed(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """The register on paper: first names and references only."""
    session = session_of(request, uuid)
    register = registers.register(session, part_of(request, session), viewer=request.user, with_needs=False)
    return render(request, "webinars/desk/register_print.html", {"session": session, "register": register})
