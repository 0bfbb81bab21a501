"""Taking a place, waiting for one, giving it up, and saying what would help."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from lms.accounts.models import User
from lms.common import limits
from lms.common.errors import DomainError
from lms.common.failures import too_many_tries
from lms.webinars import operations
from lms.webinars.forms import NeedsForm
from lms.webinars.models import Booking, Session
from lms.webinars.views.showing import SignedInRequest, bare_session_of, own_booking, session_of, session_page

MOST_CHANGES = 60  # bookings and cancellations of one person within the window
WINDOW = 3600  # seconds


def _too_often(request: SignedInRequest) -> HttpResponse | None:
    who = str(request.user.pk)
    if limits.allowed(action="webinars.booking", who=who, times=MOST_CHANGES, seconds=WINDOW):
        return None
    return too_many_tries(request, seconds=WINDOW)


class Wish(Protocol):
    """Booking and waiting are asked for in the same way."""

    def __call__(self, *, session: Session, adopter: User, now: datetime, access_needs: str) -> Booking:
        """Do what is wished."""


def _ask_and_do(request: SignedInRequest, uuid: UUID, wish: Wish, *, template: str, said: str) -> HttpResponse:
    """Ask what would help; do it, or say why not and keep what was typed."""
    if request.method != "POST":
        return session_page(request, session_of(uuid), template=template)
    found = bare_session_of(uuid)
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
    return session_page(request, session_of(uuid), template=template, form=form, status=422)


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
    found = session_of(uuid)
    booking = own_booking(found, request.user)
    if request.method != "POST":
        return session_page(request, found, template="cancel")
    if refused := _too_often(request):
        return refused
    had_place = booking.is_seated
    try:
        operations.cancel_booking(booking=booking, actor=request.user, now=timezone.now())
    except DomainError as refusal:
        return session_page(request, session_of(uuid), template="cancel", refusal=refusal.message, status=422)
    said = "You've given your place up. That's fine." if had_place else "You've left the waiting list."
    messages.success(request, said)
    return redirect("webinars:session", uuid=uuid)


@login_required
@require_POST
def needs(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change what would help, after booking."""
    found = session_of(uuid)
    booking = own_booking(found, request.user)
    if not (booking.is_seated or booking.is_waiting):
        raise Http404
    form = NeedsForm(request.POST)
    if not form.is_valid():
        return session_page(request, found, form=form, status=422)
    operations.say_needs(booking=booking, access_needs=form.cleaned_data["access_needs"])
    messages.success(request, "Saved. Only the person who runs the session reads it.")
    return redirect("webinars:session", uuid=uuid)
