"""Somebody is in the room without a place: whoever runs the session puts them on the register."""

from datetime import datetime

from lms.accounts.models import User
from lms.agencies.models import Membership, MembershipState
from lms.common.errors import DomainError
from lms.webinars.models import Booking, Session
from lms.webinars.operations.overrides import StaffReason, add_person

WALKED_IN = "walked_in"


class WalkInTooEarly(DomainError):
    code = "webinars.walk_in_too_early"
    message = "You can add who is in the room once the session has begun. Before that, people book."


class WalkInUnknown(DomainError):
    code = "webinars.walk_in_unknown"
    message = "Your agency has confirmed no adopter with that address. Check it with them, or ask a coordinator."


def add_walk_in(*, session: Session, address: str, actor: User, reason: str, now: datetime) -> Booking:
    """Give who is in the room a place; ``address``: what they sign in with. Asked twice, once.

    Over the number of places only with a ``reason``, one of ``StaffReason``. Raises WalkInTooEarly, WalkInUnknown,
    SessionFull without a reason, and what ``add_person`` does.
    """
    if session.starts_at > now:
        raise WalkInTooEarly(session_id=session.pk)
    known = Membership.objects.unscoped(because="whoever runs the session types the whole address")
    verified = known.filter(agency=session.agency_id, state=MembershipState.VERIFIED)
    found = verified.filter(person__email__iexact=address.strip(), person__is_active=True)
    membership = found.select_related("person").first()
    if membership is None:
        raise WalkInUnknown(session_id=session.pk)
    over = reason in StaffReason.values
    return add_person(
        session=session,
        adopter=membership.person,
        actor=actor,
        reason=reason if over else WALKED_IN,
        even_if_full=over,
        now=now,
    )
