"""What an agency's part holds of a person."""

from datetime import datetime

from lms.accounts.models import User
from lms.agencies import operations
from lms.common.register import Holding


def leave_no_platform_without_keys(person: User, _: datetime) -> None:
    """Raise LastAdministrator when ``person`` is the only one who can give rights."""
    operations.refuse_last_administrator(person)


HOLDINGS = [
    Holding(
        model="agencies.Membership",
        what="Which agency knows you as an adopter, and since when",
        kept="Until you delete your account.",
        on_erase="Deleted. Your agency keeps its own records of you.",
        owner=("person",),
        shown=("agency__name", "state", "requested_at", "decided_at"),
    ),
    Holding(
        model="agencies.StaffRole",
        what="Roles you hold or held as staff",
        kept="Until you delete your account.",
        on_erase="Deleted.",
        owner=("person",),
        shown=("agency__name", "role", "granted_at", "revoked_at"),
        erase=leave_no_platform_without_keys,
    ),
    Holding(
        model="agencies.Invitation",
        what="An invitation that an agency sent to your address",
        kept="30 days after it ran out.",
        on_erase="Deleted.",
        owner=("accepted_by",),
        shown=("agency__name", "invited_at", "accepted_at"),
        erase=operations.forget_invitations,
    ),
]
