"""What certificates and pathways hold of a person."""

from datetime import datetime

from lms.accounts.models import User
from lms.certificates import operations
from lms.common.register import Holding


def forget_awards(person: User, now: datetime) -> None:
    """Take the person out of their awards: a code that somebody was given is still answered, with nobody's name."""
    operations.forget_holder(person=person, now=now)


HOLDINGS = [
    Holding(
        model="certificates.Award",
        what="Certificates you were given, and what they say",
        kept="Until you delete your account.",
        on_erase="Your name and the file are deleted. The code stays, and says that it was withdrawn.",
        owner=("person",),
        shown=(
            "kind",
            "title",
            "neutral_title",
            "name",
            "issuer",
            "earned_on",
            "issued_at",
            "valid_until",
            "state",
            "code",
            "shows_name",
            "says",
        ),
        erase=forget_awards,
    ),
    Holding(
        model="certificates.AwardChange",
        what="When a certificate was given, claimed, replaced or withdrawn",
        kept="As long as the certificate.",
        on_erase="Kept with the code, which then leads to nobody.",
        owner=("award__person",),
        shown=("award__code", "before", "after", "at"),
    ),
    Holding(
        model="certificates.Lookup",
        what="On which days a certificate's code was checked, and how often. Never by whom",
        kept="As long as the certificate.",
        on_erase="Kept with the code, which then leads to nobody.",
        owner=("award__person",),
        shown=("award__code", "day", "count"),
    ),
    Holding(
        model="certificates.PathwayRecord",
        what="The pathway you are on",
        kept="Until you delete your account.",
        on_erase="Deleted.",
        owner=("person",),
        shown=("pathway__title", "agency__name", "state", "started_at"),
    ),
    Holding(
        model="certificates.SignOff",
        what="Which steps were signed off, and what was said to you",
        kept="As long as the pathway.",
        on_erase="Deleted.",
        owner=("candidate",),
        shown=("requirement__title", "is_met", "comment", "signed_at"),
    ),
]
