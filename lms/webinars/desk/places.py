"""Who has a place, who waits, and what staff may decide over the rules. Each decision has a reason that is kept."""

from collections.abc import Callable
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lms.accounts.models import User
from lms.agencies.access import StaffRequest, staff_required
from lms.agencies.models import Membership, MembershipState
from lms.common.errors import DomainError
from lms.webinars import access, operations, seating
from lms.webinars.forms import AddPersonForm, MoveForm, PlacesForm, ReasonedForm
from lms.webinars.models import Booking, Session

NOBODY = "Nobody with that address is a verified adopter of this agency."


def _session(request: StaffRequest, uuid: UUID) -> Session:
    """A session that this member of staff may open; to others it does not exist."""
    rows = access.sessions_at_desk(request.user).select_related("agency").prefetch_related("parts")
    return cast(Session, get_object_or_404(rows.without_the_way_in(), uuid=uuid))


def _booking(session: Session, booking: UUID) -> Booking:
    rows = Booking.objects.unscoped(because="the session was found within the viewer's scope")
    found = get_object_or_404(rows.filter(session=session).select_related("person", "party"), uuid=booking)
    found.session = session
    return cast(Booking, found)


def _page(request: StaffRequest, session: Session, *, status: int = 200, **typed: object) -> HttpResponse:
    now = timezone.now()
    context = {
        "session": session,
        "seating": seating.of_session(session, now=now),
        "others": seating.to_move_to(session, access.sessions_at_desk(request.user), now=now),
        "add_form": AddPersonForm(),
        "places_form": PlacesForm(initial={"capacity": session.capacity}),
        "reasons": operations.StaffReason.choices,
        **typed,
    }
    return render(request, "webinars/desk/places.html", context, status=status)


def _do(request: StaffRequest, session: Session, deed: Callable[[], object], *, said: str) -> HttpResponse:
    try:
        deed()
    except DomainError as refusal:
        return _page(request, session, refusal=refusal.message, status=422)
    messages.success(request, said)
    return redirect("webinars:desk_places", uuid=session.uuid)


@staff_required(*access.SESSION_ROLES)
@require_safe
def places(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Everybody with a place, an offer or a wish, in the order in which they come."""
    return _page(request, _session(request, uuid))


@staff_required(*access.SESSION_ROLES)
@require_POST
def add(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Give an adopter of one's own agency a place, past the list or past the limit."""
    session, form = _session(request, uuid), AddPersonForm(request.POST)
    if not form.is_valid():
        return _page(request, session, add_form=form, status=422)
    person = _adopter(request, session, form.cleaned_data.pop("address"))
    if person is None:
        form.add_error("address", NOBODY)
        return _page(request, session, add_form=form, status=422)

    def deed() -> object:
        known = {**form.cleaned_data, "adopter": person, "actor": request.user, "now": timezone.now()}
        return operations.add_person(session=session, **known)

    return _do(request, session, deed, said=f"{person} has a place, and has been told.")


def _adopter(request: StaffRequest, session: Session, address: str) -> User | None:
    """An adopter of the session's agency, where the member of staff may see its people."""
    rows = Membership.objects.within(request.scope).filter(agency=session.agency, state=MembershipState.VERIFIED)
    found = rows.filter(person__email__iexact=address, person__is_active=True).select_related("person").first()
    return found.person if found else None


@staff_required(*access.SESSION_ROLES)
@require_POST
def remove(request: StaffRequest, uuid: UUID, booking: UUID) -> HttpResponse:
    """Take somebody off, with a reason; their place goes to the next."""
    session = _session(request, uuid)
    found, form = _booking(session, booking), ReasonedForm(request.POST)
    if not form.is_valid():
        return _page(request, session, refusal="Choose why.", status=422)

    def deed() -> object:
        reason = form.cleaned_data["reason"]
        return operations.remove_person(booking=found, actor=request.user, reason=reason, now=timezone.now())

    return _do(request, session, deed, said="Taken off. They've been told, and the place goes to the next person.")


@staff_required(*access.SESSION_ROLES)
@require_POST
def move(request: StaffRequest, uuid: UUID, booking: UUID) -> HttpResponse:
    """Move somebody to another session that one may open, with a reason."""
    session = _session(request, uuid)
    found, form = _booking(session, booking), MoveForm(request.POST)
    if not form.is_valid():
        return _page(request, session, refusal="Choose another session, and why.", status=422)
    target = _session(request, form.cleaned_data.pop("to"))

    def deed() -> object:
        known = {**form.cleaned_data, "actor": request.user, "now": timezone.now()}
        return operations.move_person(booking=found, session=target, **known)

    return _do(request, session, deed, said=f"Moved to {target.day}. They've been told.")


@staff_required(*access.SESSION_ROLES)
@require_POST
def change(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Change how many places there are. More go to who waits; fewer remove nobody."""
    session, form = _session(request, uuid), PlacesForm(request.POST)
    if not form.is_valid():
        return _page(request, session, places_form=form, status=422)

    def deed() -> object:
        capacity = form.cleaned_data["capacity"]
        return operations.change_places(session=session, capacity=capacity, actor=request.user, now=timezone.now())

    return _do(request, session, deed, said="Saved. Free places go to who waits, in order.")
