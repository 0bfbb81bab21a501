"""While a session is on: the code to say in the room, who is in it without a place, and the room itself."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.agencies.access import StaffRequest, staff_required
from lms.common.errors import DomainError
from lms.meetings import operations as meetings
from lms.meetings.models import Presence
from lms.meetings.reports import guest
from lms.webinars import access, attending, operations, registers
from lms.webinars.desk.registers import back_to, part_of, session_of, session_page
from lms.webinars.forms.walk_ins import WalkInForm
from lms.webinars.models import Session, SessionState

LOOK_AGAIN = 20  # seconds: how soon the page counts again who has typed the code


@staff_required(*access.SESSION_ROLES)
@require_safe
def code(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """The code of this moment, large, and how many have typed one. The page renews itself."""
    session, now = session_of(request, uuid), timezone.now()
    part = part_of(request, session)
    live = session.state in {SessionState.PUBLISHED, SessionState.ENDED}
    asked = live and operations.code_is_asked(part, now=now)
    context = {
        "session": session,
        "part": part,
        "code": operations.code_now(part, now=now) if asked else "",
        "register": registers.register(session, part, viewer=request.user, with_needs=False),
    }
    answer = render(request, "webinars/desk/code.html", context)
    if asked:
        answer["Refresh"] = str(min(LOOK_AGAIN, attending.code_seconds_left(now)))
    return answer


@staff_required(*access.SESSION_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def walk_in(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Put somebody who is in the room on the register."""
    session = session_of(request, uuid)
    form = WalkInForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            booking = operations.add_walk_in(
                session=session, actor=request.user, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"{booking.person.display_name} is on the register now.")
            return redirect("webinars:desk_session", uuid=uuid)
    status = 422 if request.method == "POST" else 200
    return render(request, "webinars/desk/walk_in.html", {"session": session, "form": form}, status=status)


@staff_required(*access.SESSION_ROLES)
@require_POST
def sort_guest(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Say who somebody is whom the room knows by a name only, or that they are nobody on the register."""
    session = session_of(request, uuid)
    part = part_of(request, session)
    pk, who = request.POST.get("guest", ""), request.POST.get("booking", "")
    found = guest(session.uuid, part.number, int(pk)) if pk.isdecimal() and len(pk) < 19 else None
    try:
        if found is None:
            raise meetings.GuestGone
        _sort(request, found=found, who=who, session=session)
    except DomainError as refusal:
        return session_page(request, session, refusal=refusal.message, status=422)
    messages.success(request, "Sorted. The minutes are counted anew.")
    return back_to(session, part)


def _sort(request: StaffRequest, *, found: Presence, who: str, session: Session) -> None:
    now = timezone.now()
    if who == "nobody":
        return meetings.set_guest_aside(presence=found, actor=request.user, now=now)
    chosen = int(who) if who.isdecimal() and len(who) < 19 else 0
    return operations.match_guest(presence=found, session=session, booking_id=chosen, actor=request.user, now=now)


@staff_required(*access.SESSION_ROLES)
@require_POST
def room_again(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Have the room made once more, when it failed or somebody ended it."""
    session = session_of(request, uuid)
    part = part_of(request, session)
    if not operations.make_room_again(session=session, part=part, now=timezone.now()):
        return session_page(request, session, refusal="There is no room to make for this date.", status=422)
    messages.success(request, "The room is being made again. It takes a moment.")
    return back_to(session, part)
