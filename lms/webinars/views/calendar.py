"""A person's bookings in their own calendar."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_POST, require_safe

from lms.accounts.access import SignedInRequest
from lms.common.failures import not_found
from lms.webinars import calendars, operations, reports
from lms.webinars.views.showing import own_booking, session_of


@login_required
@require_safe
def calendar_file(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """One booking as a calendar file."""
    found = session_of(uuid)
    booking = own_booking(found, request.user)
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
@conditional_page
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody's bookings for their own calendar; the secret in the address is the key.

    A calendar that has them already is told that nothing has changed; nobody on the way keeps them.
    """
    now = timezone.now()
    key = operations.open_feed(token, now=now)
    if key is None:
        missing = not_found(request)
        missing["Cache-Control"] = "no-store"
        return missing
    answer = _calendar(calendars.feed(calendars.bookings_in_feed(key, now=now), now=now))
    answer["Cache-Control"] = "private, no-cache"
    return answer


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
