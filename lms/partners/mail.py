"""The one letter of this room. It names nobody and says nothing of what is asked: the mailbox may be shared."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from lms.outbox.operations import Letter
from lms.partners import rules
from lms.partners.models import PartnerAsk

SUBJECT = "A question for you"
SAYS = (
    "Somebody asked us to pass a question on to you. It waits for 7 days on the page below.",
    "You need an account with this address to see it. If you don't know what this is about, do nothing.",
)


def question(ask: PartnerAsk, *, address: str, now: datetime) -> Letter:
    """Tell an address that somebody asks; the same words whether or not anybody has an account with it.

    One letter a week at most from the same person to the same address.
    """
    return Letter(
        kind="question_for_you",
        once=f"question_for_you:{ask.asked_by_id}:{ask.key[:16]}:{now:%G-%V}",
        address=address,
        person_id=None,
        template="note",
        context={
            "subject": SUBJECT,
            "says": SAYS,
            "code": "",
            "button": "See the question",
            "link": f"{settings.LMS_BASE_URL}{reverse('partners:together')}",
        },
        expires_at=now + rules.ASK_LASTS,
    )
