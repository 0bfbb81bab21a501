"""Pages for adopters: workshops and their dates, booking, the way into a room, calendars."""

from datetime import datetime, timedelta
from typing import Protocol, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.views import serve as by_wagtail

from cms import keeping, shelf
from cms.models import WorkshopPage
from lms.accounts.models import User
from lms.agencies.access import is_verified_adopter
from lms.common import limits
from lms.common.errors import DomainError
from lms.common.failures import too_many_tries
from lms.webinars import access, calendars, operations, reports, rules
from lms.webinars.forms import NeedsForm
from lms.webinars.models import Booking, Session, SessionState, Where

MOST_CHANGES = 60  # bookings and cancellations of one person within the window
WINDOW = 3600  # seconds
LOOK_AGAIN = (15, 300)  # seconds: the waiting page reloads itself no sooner and no later


class SignedInRequest(HttpRequest):
    user: User


def _session(uuid: UUID) -> Session:
    rows = Session.objects.unscoped(because="what a session's own page shows is no person's data")
    return cast(Session, get_object_or_404(reports.public(rows).seen(), uuid=uuid))


def _bare_session(uuid: UUID) -> Session:
    """The same with its dates alone, for who wants a place and is shown nothing of it yet."""
    rows = Session.objects.unscoped(because="whether they may take part is looked at next").without_the_way_in()
    dated = rows.seen().prefetch_related("parts")
    return cast(Session, get_object_or_404(dated, uuid=uuid))


def _own_booking(session: Session, person: User) -> Booking:
    """The person's live booking, or the last one they had; 404 if none."""
    booking = reports.my_row(session, person, now=timezone.now()).booking
    if booking is None:
        raise Http404
    return booking


def _too_often(request: SignedInRequest) -> HttpResponse | None:
    who = str(request.user.pk)
    if limits.allowed(action="webinars.booking", who=who, times=MOST_CHANGES, seconds=WINDOW):
        return None
    return too_many_tries(request, seconds=WINDOW)


@require_safe
def workshop(request: HttpRequest, slug: str) -> HttpResponse:
    """What a workshop is about, its dates, and the reader's own bookings. Other pages are Wagtail's to answer.

    Strangers may read how many places were left a minute ago; booking always looks anew.
    """
    return keeping.answer_once(request, request.path, lambda: _workshop(request, slug))


def _workshop(request: HttpRequest, slug: str) -> HttpResponse:
    page = shelf.for_everybody(WorkshopPage.objects).filter(slug=slug).first()
    if page is None or shelf.public_url(page.url_path) != request.path:
        return cast(HttpResponse, by_wagtail(request, request.path.lstrip("/")))
    sessions = reports.dates_of(workshop_id=page.pk, viewer=request.user, now=timezone.now())
    return render(request, "cms/workshop_page.html", {"page": page, "self": page, "sessions": sessions})


def _session_page(
    request: HttpRequest, session: Session, *, template: str = "session", status: int = 200, **more: object
) -> HttpResponse:
    row = reports.my_row(session, request.user, now=timezone.now())
    needs = row.booking.access_needs if row.booking else ""
    context = {
        "row": row,
        "session": session,
        "is_verified": request.user.is_authenticated and is_verified_adopter(request.user),
        "venue": reports.venue_of(session) if row.venue_is_shown else "",
        "form": NeedsForm(initial={"access_needs": needs}),
        **more,
    }
    return render(request, f"webinars/{template}.html", context, status=status)


@require_safe
def session(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One date: what it offers, and where the reader stands."""
    return _session_page(request, _session(uuid))


class Wish(Protocol):
    """Booking and waiting are asked for in the same way."""

    def __call__(self, *, session: Session, adopter: User, now: datetime, access_needs: str) -> Booking:
        """Do what is wished."""


def _ask_and_do(request: SignedInRequest, uuid: UUID, wish: Wish, *, template: str, said: str) -> HttpResponse:
    """Ask what would help; do it, or say why not and keep what was typed."""
    if request.method != "POST":
        return _session_page(request, _session(uuid), template=template)
    found = _bare_session(uuid)
    if refused := _too_often(request):
        return refused
    form = NeedsForm(request.POST)
    if form.is_valid():
        needs = form.cleaned_data["access_needs"]
        try:
            wish(session=found, adopter=request.user, now=timezone.now(), access_needs=needs)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"{said} {found.day}, {found.hours}.")
            return redirect("webinars:session", uuid=uuid)
    return _session_page(request, _session(uuid), template=template, form=form, status=422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Ask what would help, and book a place."""
    return _ask_and_do(request, uuid, operations.book, template="book", said="You're booked for")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def wait(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Say how the waiting list works, and join it."""
    said = "You're on the waiting list for"
    return _ask_and_do(request, uuid, operations.join_waiting_list, template="wait", said=said)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Ask once, and give the place up or leave the waiting list."""
    found = _session(uuid)
    booking = _own_booking(found, request.user)
    if request.method != "POST":
        return _session_page(request, found, template="cancel")
    if refused := _too_often(request):
        return refused
    had_place = booking.is_seated
    try:
        operations.cancel_booking(booking=booking, actor=request.user, now=timezone.now())
    except DomainError as refusal:
        return _session_page(request, _session(uuid), template="cancel", refusal=refusal.message, status=422)
    said = "You've given your place up. That's fine." if had_place else "You've left the waiting list."
    messages.success(request, said)
    return redirect("webinars:session", uuid=uuid)


@login_required
@require_POST
def needs(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change what would help, after booking."""
    found = _session(uuid)
    booking = _own_booking(found, request.user)
    if not (booking.is_seated or booking.is_waiting):
        raise Http404
    form = NeedsForm(request.POST)
    if not form.is_valid():
        return _session_page(request, found, form=form, status=422)
    operations.say_needs(booking=booking, access_needs=form.cleaned_data["access_needs"])
    messages.success(request, "Saved. Only the person who runs the session reads it.")
    return redirect("webinars:session", uuid=uuid)


# --- The way in -----------------------------------------------------------------------------------
@login_required
@require_safe
def join(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Our own way into the room: at the click it looks at the booking and the time, and only then leads on."""
    rows = Session.objects.unscoped(because="whose it is, is looked at next").prefetch_related("parts")
    open_states = [SessionState.PUBLISHED, SessionState.ENDED]
    found = get_object_or_404(rows.filter(where=Where.ONLINE, state__in=open_states), uuid=uuid)
    opens_before = access.room_opens_before(request.user, found)
    if opens_before is None:
        raise Http404
    room = found.room_at(timezone.now(), opens_before=opens_before)
    if room == rules.Room.OPEN and found.room_address:
        return _into(found.room_address)
    return _waiting_room(request, found, room=room, opens_before=opens_before)


def _into(address: str) -> HttpResponse:
    answer = HttpResponseRedirect(address)
    answer.status_code = 303
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "no-store"
    return answer


def _waiting_room(
    request: SignedInRequest, session: Session, *, room: rules.Room, opens_before: timedelta
) -> HttpResponse:
    row = reports.Row(session, None, timezone.now())
    opens_at = row.part.starts_at - opens_before
    context = {
        "row": row,
        "room": room.value,
        "title": calendars.title_of(session, full=request.user.full_titles),
        "opens": rules.said_moment(opens_at, session.zone),
    }
    answer = render(request, "webinars/waiting_room.html", context)
    if room != rules.Room.OVER:
        least, most = LOOK_AGAIN
        seconds = (opens_at - row.now).total_seconds()
        answer["Refresh"] = str(int(min(max(seconds, least), most)))  # a header: it works without JavaScript
    return answer


# --- My bookings and my calendar ------------------------------------------------------------------
@login_required
@require_safe
def my_bookings(request: SignedInRequest) -> HttpResponse:
    """What is coming up, what was, and what was cancelled."""
    bookings = reports.my_bookings(request.user, now=timezone.now())
    return render(request, "webinars/my_bookings.html", {"bookings": bookings})


@login_required
@require_safe
def calendar_file(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """One booking as a calendar file."""
    found = _session(uuid)
    booking = _own_booking(found, request.user)
    if not booking.is_seated:
        raise Http404
    booking.session, booking.person = found, request.user
    answer = _calendar(calendars.download(booking, now=timezone.now()))
    answer["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return answer


def _calendar(content: bytes) -> HttpResponse:
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


@require_safe
def feed(_request: HttpRequest, token: str) -> HttpResponse:
    """Somebody's bookings for their own calendar; the secret in the address is the key."""
    now = timezone.now()
    owner = operations.owner_of_feed(token, now=now)
    if owner is None:
        raise Http404
    return _calendar(calendars.feed(reports.for_calendar(owner, now=now), now=now))


@login_required
@require_safe
def my_calendar(request: SignedInRequest) -> HttpResponse:
    """Whether there is a calendar address, and when it was last used."""
    return render(request, "webinars/my_calendar.html", {"feed": reports.calendar_feed(request.user)})


@login_required
@require_POST
def calendar_make(request: SignedInRequest) -> HttpResponse:
    """Make a new address and show it this once: it is kept nowhere, so it cannot be shown after a redirect."""
    token = operations.make_feed(person=request.user, now=timezone.now())
    address = f"{settings.LMS_BASE_URL}{reverse('webinars:feed', args=[token])}"
    return render(
        request, "webinars/my_calendar.html", {"feed": reports.calendar_feed(request.user), "address": address}
    )


@login_required
@require_POST
def calendar_stop(request: SignedInRequest) -> HttpResponse:
    """Stop the address."""
    operations.stop_feed(person=request.user, now=timezone.now())
    messages.success(request, "The calendar address has stopped working.")
    return redirect("webinars:my_calendar")
