"""What agencies write. Subjects are neutral: the mailbox may be shared."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from lms.accounts.models import User
from lms.agencies.models import Invitation, Membership, MembershipState
from lms.outbox.operations import Letter


@dataclass(frozen=True)
class Words:
    subject: str
    says: tuple[str, ...]
    button: str
    goes_to: str  # path


def _letter(
    words: Words, *, once: str, address: str, person_id: int | None, expires_at: datetime | None = None
) -> Letter:
    context: dict[str, object] = {
        "subject": words.subject,
        "says": words.says,
        "button": words.button,
        "link": f"{settings.LMS_BASE_URL}{words.goes_to}",
    }
    return Letter(
        kind="agency",
        once=once,
        address=address,
        person_id=person_id,
        template="note",
        context=context,
        expires_at=expires_at,
    )


def somebody_asked(membership: Membership, *, staff: User) -> Letter:
    """Tell a member of staff that a request waits; who asks is only said at the desk."""
    words = Words(
        "A request is waiting for you",
        ("Somebody has asked to be confirmed. You can see who, and answer, at the desk.",),
        "Open the desk",
        reverse("agencies:people"),
    )
    once = f"membership.asked:{membership.pk}:{membership.requested_at.timestamp():.0f}:{staff.pk}"
    return _letter(words, once=once, address=staff.email, person_id=staff.pk)


_DECIDED = {
    MembershipState.VERIFIED: ("You can now book live sessions.", "See what's on", "/workshops/"),
    MembershipState.DECLINED: (
        "We could not confirm your account. That may only mean that we didn't find your name. Please ring us.",
        "See what you asked",
        "/my/verification/",
    ),
    MembershipState.REVOKED: (
        "Your account is no longer confirmed for live sessions. Courses are open to you as before. "
        "If you didn't expect this, please ring us.",
        "See how it stands",
        "/my/verification/",
    ),
}


def decided(membership: Membership) -> Letter:
    """Tell the person what their agency said."""
    says, button, path = _DECIDED[MembershipState(membership.state)]
    decided_at = membership.decided_at.timestamp() if membership.decided_at else 0
    once = f"membership.{membership.state}:{membership.pk}:{decided_at:.0f}"
    words = Words("About your account", (says,), button, path)
    return _letter(words, once=once, address=membership.person.email, person_id=membership.person_id)


def invitation(row: Invitation, *, secret: str) -> Letter:
    """Ask somebody in. The link carries the secret; we keep only its hash."""
    words = Words(
        "An invitation for you",
        (
            f"{row.agency.name} invites you to join. You'll sign in or make an account, then say yes.",
            "The link works for 7 days, once. If you didn't expect this, do nothing.",
        ),
        "Open the invitation",
        reverse("agencies:invitation", args=[secret]),
    )
    once = f"invitation:{row.pk}"
    return _letter(words, once=once, address=row.address, person_id=None, expires_at=row.expires_at)
