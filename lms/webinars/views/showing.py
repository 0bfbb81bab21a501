"""One session as a page shows it, and finding it: what the other pages of a session share."""

from typing import cast
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from lms.accounts.access import SignedInRequest
from lms.accounts.models import User
from lms.common import limits
from lms.common.failures import too_many_tries
from lms.webinars import access, reports, rules
from lms.webinars.forms import NeedsForm
from lms.webinars.models import Booking, Session

MOST_CHANGES = 60  # bookings and cancellations of one person within the window
WINDOW = 3600  # seconds
MOST_INSTEAD = 3  # dates offered in the place of one that was called off


def session_of(uuid: UUID) -> Session:
    """A session that is or was open, with all that its page shows; 404 for any other."""
    rows = Session.objects.unscoped(because="what a session's own page shows is no person's data")
    found = cast(Session, get_object_or_404(reports.public(rows).seen(), uuid=uuid))
    reports.count_lapsed_as_free(found, now=timezone.now())
    return found


def bare_session_of(uuid: UUID) -> Session:
    """The session alone, for who wants a place and is shown nothing of it yet."""
    rows = Session.objects.unscoped(because="whether they may take part is looked at next").without_the_way_in()
    return cast(Session, get_object_or_404(rows.seen(), uuid=uuid))


def own_booking(session: Session, person: User) -> Booking:
    """The person's live booking, or the last one they had; 404 if none."""
    booking = reports.my_row(session, person, now=timezone.now()).booking
    if booking is None:
        raise Http404
    return booking


def too_often(request: SignedInRequest) -> HttpResponse | None:
    """The answer to somebody who has booked and given up too often this hour, or None."""
    who = str(request.user.pk)
    if limits.allowed(action="webinars.booking", who=who, times=MOST_CHANGES, seconds=WINDOW):
        return None
    return too_many_tries(request, seconds=WINDOW)


def _instead(session: Session, viewer: User | AnonymousUser) -> list[reports.Row]:
    """The first dates that somebody could come to instead of one that was called off."""
    return reports.other_dates(session, viewer, now=timezone.now())[:MOST_INSTEAD]


def session_page(
    request: HttpRequest, session: Session, *, template: str = "session", status: int = 200, **more: object
) -> HttpResponse:
    """A page of one session, as the reader sees it."""
    row = reports.my_row(session, request.user, now=timezone.now())
    needs = row.booking.access_needs if row.booking else ""
    context = {
        "row": row,
        "session": session,
        "leave": access.leave(session, request.user),
        "others": _instead(session, request.user) if row.door == rules.Door.CANCELLED else [],
        "venue": reports.venue_of(session) if row.venue_is_shown else "",
        "form": NeedsForm(initial={"access_needs": needs}),
        **more,
    }
    return render(request, f"webinars/{template}.html", context, status=status)
