"""Taking a place, waiting for one, answering an offer, exchanging a date, giving a place up, saying what would help."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from lms.accounts.access import SignedInRequest
from lms.common.errors import DomainError
from lms.webinars import operations, reports
from lms.webinars.forms import NeedsForm, WaitForm
from lms.webinars.models import ENDED_STATES, Booking, Session
from lms.webinars.views.showing import (
    bare_session_of,
    own_booking,
    session_of,
    session_page,
    too_often,
)

WAITING_INSTEAD = "The last place has just gone, so you're on the waiting list now. You can leave it at any time."
DECLINED = "Thank you for telling us. The place goes to the next person."


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Ask what would help, and book a place; where the last one has just gone, join the waiting list."""
    if request.method != "POST":
        return session_page(request, session_of(uuid), template="book")
    met = operations.at_the_door(uuid, request.user, now=timezone.now())
    if met is None:
        raise Http404
    return too_often(request) or _take_place(request, *met)


def _take_place(request: SignedInRequest, found: Session, known: operations.Standing) -> HttpResponse:
    form = NeedsForm(request.POST)
    if form.is_valid():
        needs = form.cleaned_data["access_needs"]
        try:
            booking = operations.book_or_wait(
                session=found, adopter=request.user, now=timezone.now(), access_needs=needs, known=known
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            said = WAITING_INSTEAD if booking.is_waiting else f"You're booked for {found.day}, {found.begins}."
            messages.success(request, said)
            return redirect("webinars:session", uuid=found.uuid)
    return session_page(request, session_of(found.uuid), template="book", form=form, status=422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def wait(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Say how the waiting list works, and join it: for one place, or for two."""
    if request.method != "POST":
        whole = session_of(uuid)
        return session_page(request, whole, template="wait", form=WaitForm(one_is_free=whole.places_left == 1))
    found = bare_session_of(uuid)
    if refused := too_often(request):
        return refused
    form = WaitForm(request.POST)
    if form.is_valid():
        try:
            operations.join_waiting_list(session=found, adopter=request.user, now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"You're on the waiting list for {found.day}, {found.begins}.")
            return redirect("webinars:session", uuid=uuid)
    return session_page(request, session_of(uuid), template="wait", form=form, status=422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """A place is offered: say until when, and take yes or no for an answer."""
    found = session_of(uuid)
    booking = own_booking(found, request.user)
    answer = request.POST.get("answer", "")
    if request.method != "POST" or answer not in {"yes", "no"}:
        return session_page(request, found, template="offer", status=200 if request.method != "POST" else 422)
    if refused := too_often(request):
        return refused
    deed = operations.accept_offer if answer == "yes" else operations.decline_offer
    booking.session = found
    try:
        booking = deed(booking=booking, adopter=request.user, now=timezone.now())
    except DomainError as refusal:
        return session_page(request, session_of(uuid), template="offer", refusal=refusal.message, status=422)
    messages.success(request, f"You're booked for {found.day}, {found.begins}." if answer == "yes" else DECLINED)
    with_partner = answer == "yes" and booking.party and booking.party.kept_until
    return redirect("webinars:together" if with_partner else "webinars:session", uuid=uuid)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def swap(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Exchange the place for another date of the same workshop, or wait for one and keep the place until then."""
    found = session_of(uuid)
    booking = own_booking(found, request.user)
    if request.method != "POST":
        return _swap_page(request, uuid)
    try:
        wanted = bare_session_of(UUID(request.POST.get("to", "")))
    except ValueError:
        return _swap_page(request, uuid, refusal="Choose the date that suits you better.", status=422)
    if refused := too_often(request):
        return refused
    booking.session = found
    try:
        new = operations.swap(booking=booking, session=wanted, adopter=request.user, now=timezone.now())
    except DomainError as refusal:
        return _swap_page(request, uuid, refusal=refusal.message, status=422)
    said = "Exchanged. You're booked for" if new.is_seated else "You keep this place while you wait for"
    messages.success(request, f"{said} {wanted.day}, {wanted.begins}.")
    return redirect("webinars:session", uuid=wanted.uuid if new.is_seated else uuid)


def _swap_page(request: SignedInRequest, uuid: UUID, *, refusal: str = "", status: int = 200) -> HttpResponse:
    found = session_of(uuid)
    dates = reports.other_dates(found, request.user, now=timezone.now())
    return session_page(request, found, template="swap", dates=dates, refusal=refusal, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def moved(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The date has moved by days: take "it still suits me", or that it does not, for an answer."""
    found = session_of(uuid)
    booking = own_booking(found, request.user)
    answer = request.POST.get("answer", "")
    if request.method != "POST" or answer not in {"keep", "give_up"}:
        return session_page(request, found, template="moved", status=200 if request.method != "POST" else 422)
    if answer == "give_up":
        return cancel(request, uuid)
    if refused := too_often(request):
        return refused
    try:
        operations.keep_place(booking=booking, adopter=request.user, now=timezone.now())
    except DomainError as refusal:
        return session_page(request, session_of(uuid), template="moved", refusal=refusal.message, status=422)
    kept = f"Your place on {found.day} is kept." if booking.is_seated else "You stay where you are on the list."
    messages.success(request, f"Thank you. {kept}")
    return redirect("webinars:session", uuid=uuid)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Ask once, and give the place up or leave the waiting list."""
    found = session_of(uuid)
    booking = own_booking(found, request.user)
    if request.method != "POST":
        return session_page(request, found, template="cancel")
    if refused := too_often(request):
        return refused
    said = _said_of_leaving(booking)
    try:
        operations.cancel_booking(booking=booking, actor=request.user, now=timezone.now())
    except DomainError as refusal:
        return session_page(request, session_of(uuid), template="cancel", refusal=refusal.message, status=422)
    messages.success(request, said)
    return redirect("webinars:session", uuid=uuid)


def _said_of_leaving(booking: Booking) -> str:
    """What to say once it is done; pressed again, or in another tab, it was done before."""
    if booking.is_seated:
        return "You've given your place up. That's fine."
    if booking.is_held or booking.is_offered:
        return "The place isn't kept for you any more. That's fine."
    return "You've left the waiting list." if booking.is_waiting else "You have no place there any more."


@login_required
@require_POST
def needs(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change what would help, after booking."""
    found = session_of(uuid)
    booking = own_booking(found, request.user)
    if booking.state in ENDED_STATES:
        raise Http404
    form = NeedsForm(request.POST)
    if not form.is_valid():
        return session_page(request, found, form=form, status=422)
    operations.say_needs(booking=booking, access_needs=form.cleaned_data["access_needs"])
    messages.success(request, "Saved. Only the person who runs the session reads it.")
    return redirect("webinars:session", uuid=uuid)
