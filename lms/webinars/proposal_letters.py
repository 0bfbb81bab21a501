"""Letters about groups that leaders propose: that one waits, and what a coordinator decided."""

from django.conf import settings
from django.urls import reverse

from lms.accounts.models import User
from lms.outbox.operations import Letter
from lms.webinars import calendars, rules
from lms.webinars.models import Session


def waits(session: Session, person: User) -> Letter:
    """Dates wait for a decision. Which group and who proposed it is read at the desk."""
    return Letter(
        kind="proposal_waits",
        once=f"proposal_waits:{session.pk}:{person.pk}",
        address=person.email,
        person_id=person.pk,
        template="note",
        context={
            "name": person.display_name,
            "subject": "Proposed dates wait for your decision",
            "says": [
                f"Somebody has proposed dates, beginning {_when(session)}. Nobody can book them until you say yes."
            ],
            "button": "Look at them",
            "link": f"{settings.LMS_BASE_URL}{reverse('webinars:desk_proposal', args=[session.uuid])}",
        },
        expires_at=session.starts_at,
    )


def approved(session: Session, person: User) -> Letter:
    """It is open: people can book it now."""
    says = [
        f"The dates you proposed, beginning {_when(session)}, are open now. People can book a place.",
        "You can see how many have booked on its page.",
    ]
    return _letter("proposal_approved", session, person, subject="Your dates are open for booking", says=says)


def declined(session: Session, person: User) -> Letter:
    """It was not taken up, and why."""
    says = [
        f"The dates you proposed, beginning {_when(session)}, were not taken up this time.",
        f"Why: {session.decision_note}",
        "Thank you for offering. You can propose other dates whenever you like.",
    ]
    return _letter("proposal_declined", session, person, subject="About the dates you proposed", says=says)


def _when(session: Session) -> str:
    return rules.said_moment(session.starts_at, session.zone)


def _letter(kind: str, session: Session, person: User, *, subject: str, says: list[str]) -> Letter:
    page = calendars.address_of(session) if kind == "proposal_approved" else _my_page()
    return Letter(
        kind=kind,
        once=f"{kind}:{session.pk}",
        address=person.email,
        person_id=person.pk,
        template="note",
        context={
            "name": person.display_name,
            "subject": subject,
            "says": says,
            "button": "See it",
            "link": page,
        },
    )


def _my_page() -> str:
    return f"{settings.LMS_BASE_URL}{reverse('dashboard:mine')}"
