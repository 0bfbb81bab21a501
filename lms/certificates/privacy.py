"""What certificates and pathways hold of a person."""

from dataclasses import replace
from datetime import datetime

from lms.accounts.models import User
from lms.certificates import operations
from lms.common.register import Holding


def forget_awards(person: User, now: datetime) -> None:
    """Take the person out of their awards: a code that somebody was given is still answered, with nobody's name."""
    operations.forget_copies(person=person)
    operations.forget_holder(person=person, now=now)


UNTIL_DELETED = "Until you delete your account."
AS_LONG = "As long as the pathway."
GONE = "Deleted."

_RECORD = Holding(
    model="certificates.PathwayRecord",
    what="The pathway you are on",
    kept=UNTIL_DELETED,
    on_erase=GONE,
    owner=("person",),
    shown=("pathway__title", "agency__name", "purpose", "state", "started_at"),
)
_OF_RECORD = replace(_RECORD, kept=AS_LONG, owner=("record__person",))

PATHWAYS = [
    _RECORD,
    replace(
        _OF_RECORD,
        model="certificates.RecordChange",
        what="When you began, paused or ended a pathway",
        shown=("record__pathway__title", "before", "after", "at"),
    ),
    replace(
        _OF_RECORD,
        model="certificates.SignOff",
        what="Which steps were signed off, and what was said to you",
        owner=("candidate",),
        shown=("requirement__title", "is_met", "comment", "signed_at"),
    ),
    replace(
        _OF_RECORD,
        model="certificates.HandIn",
        what="When you said that somebody could look at a step again",
        shown=("requirement__title", "at"),
    ),
    replace(
        _OF_RECORD,
        model="certificates.DocumentCheck",
        what="That a background check was seen: its level, when, and for which role. Never its number or a copy",
        shown=("requirement__title", "level", "covers", "seen_on", "review_on"),
    ),
    replace(
        _OF_RECORD,
        model="certificates.LogEntry",
        what="Your notes of practice. Nobody else can read one unless you gave it to your assessor",
        kept="Until you delete it, or your account, or have been away for two years.",
        shown=("happened_on", "body", "created_at", "updated_at"),
    ),
    replace(
        _OF_RECORD,
        model="certificates.Statement",
        what="Your reflective statement. Only you and the assessor you sent it to can read it",
        shown=("requirement__title", "body", "updated_at", "sent_at"),
    ),
    replace(
        _OF_RECORD,
        model="certificates.Observation",
        what="What somebody saw when you co-led a session, and what they said to you",
        shown=("observed_on", "points", "counts", "comment"),
    ),
    replace(
        _OF_RECORD,
        model="certificates.Supervision",
        what="On which days you had supervision. What was said is written nowhere",
        shown=("held_on",),
    ),
    replace(
        _OF_RECORD,
        model="certificates.Transfer",
        what="If you were asked to move to another agency, and what you said",
        shown=("to_agency__name", "asked_at", "answered_at", "is_agreed"),
    ),
    replace(
        _RECORD,
        model="certificates.Tie",
        what="Who you said must not sign for you, because you live or lead together",
        shown=("kind", "declared_at"),
    ),
]

_OF_AWARD = Holding(
    model="certificates.AwardChange",
    what="When a certificate was given, claimed, replaced or withdrawn",
    kept="As long as the certificate.",
    on_erase="Kept with the code, which then leads to nobody.",
    owner=("award__person",),
    shown=("award__code", "before", "after", "at"),
)

HOLDINGS = [
    Holding(
        model="certificates.Award",
        what="Certificates you were given, and what they say",
        kept=UNTIL_DELETED,
        on_erase="All that they say is deleted. The code stays, and says that it was withdrawn.",
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
            "answers_checks",
            "says",
        ),
        erase=forget_awards,
    ),
    _OF_AWARD,
    replace(
        _OF_AWARD,
        model="certificates.Lookup",
        what="On which days a certificate's code was checked, and how often. Never by whom",
        shown=("award__code", "day", "count"),
    ),
    replace(
        _OF_AWARD,
        model="certificates.PrintCopy",
        what="Files of your certificates that you asked for, for a print shop",
        kept="For 30 days.",
        on_erase=GONE,
        shown=("award__code", "asked_at"),
    ),
    replace(
        _OF_AWARD,
        model="certificates.Badge",
        what="Badges that you asked for. In them you are a random number",
        on_erase="Kept with the code, so that the badge says that it was withdrawn. It leads to nobody.",
        shown=("award__code", "uuid", "subject", "made_at"),
    ),
    Holding(
        model="certificates.DesignPreview",
        what="Samples of certificates that an editor looked at. Nobody's name is on them",
        kept="For 6 hours.",
        on_erase=GONE,
    ),
    *PATHWAYS,
]
