"""The way into a room, and the page to wait on before it opens."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lms.accounts.access import SignedInRequest
from lms.meetings.operations import WayIn
from lms.meetings.reports import in_words
from lms.webinars import access, calendars, operations, reports, rules
from lms.webinars.models import Session, SessionState, Where

LOOK_AGAIN = (15, 300)  # seconds: the waiting page reloads itself no sooner and no later


@login_required
@require_safe
def join(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Our own way into the room: at the click it looks at the booking and the time, and only then leads on."""
    rows = Session.objects.unscoped(because="whose it is, is looked at next").prefetch_related("parts")
    open_states = [SessionState.PUBLISHED, SessionState.ENDED]
    found = get_object_or_404(rows.filter(where=Where.ONLINE, state__in=open_states), uuid=uuid)
    granted = access.room_pass(request.user, found)
    if granted is None:
        raise Http404
    now = timezone.now()
    room, way = found.room_at(now, opens_before=granted.opens_before), WayIn()
    if room == rules.Room.OPEN:
        way = operations.way_in(session=found, person=request.user, moderates=granted.moderates, now=now)
    if way.address:
        return into(way.address)
    return _waiting_room(request, found, room=room, granted=granted, trouble=way.trouble)


def into(address: str) -> HttpResponse:
    """Lead to an address outside that the reader may know from now on, and nobody on the way."""
    answer = HttpResponseRedirect(address)
    answer.status_code = 303
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "no-store"
    return answer


def _waiting_room(
    request: SignedInRequest, session: Session, *, room: rules.Room, granted: access.Pass, trouble: str
) -> HttpResponse:
    """Say how the room stands, and look again. What is wrong with a provider is said to who runs the session."""
    row = reports.Row(session, None, timezone.now())
    opens_at = row.part.starts_at - granted.opens_before
    context = {
        "row": row,
        "room": room.value,
        "title": calendars.title_of(session, full=request.user.full_titles),
        "opens": rules.said_moment(opens_at, session.zone),
        "moderates": granted.moderates,
        "may_edit": bool(trouble) and access.sessions_at_desk(request.user).filter(pk=session.pk).exists(),
        "trouble": in_words(trouble) if granted.moderates else "",
    }
    answer = render(request, "webinars/waiting_room.html", context)
    if room != rules.Room.OVER:
        least, most = LOOK_AGAIN
        seconds = (opens_at - row.now).total_seconds()
        answer["Refresh"] = str(int(min(max(seconds, least), most)))  # a header: it works without JavaScript
    return answer
