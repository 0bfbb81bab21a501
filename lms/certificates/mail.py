"""Letters about certificates. They say nothing of what the certificate is for."""

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format

from lms.accounts.models import User
from lms.certificates.models import Award, AwardState
from lms.outbox.operations import Letter

MADE = "You can save it, print it, or give its code to somebody who wants to check it."


def certificate_ready(award: Award, person: User) -> Letter:
    """Say that there is something to collect: once for each award, be it to be claimed or made already."""
    waits = award.state == AwardState.WAITING
    says = "Say how your name should be written, and we make it in a few seconds." if waits else MADE
    return Letter(
        kind="certificate_ready",
        once=f"certificate_ready:award:{award.pk}",
        address=person.email,
        person_id=person.pk,
        template="note",
        context={
            "subject": "Your certificate is ready to make" if waits else "Your certificate is ready",
            "says": [says],
            "link": settings.LMS_BASE_URL.rstrip("/") + reverse("certificates:award", args=[award.uuid]),
            "button": "Make my certificate" if waits else "See my certificate",
        },
    )


def codes_are_guessed(person: User, *, hour: str) -> Letter:
    """Tell who looks after the site that somebody seems to try codes. hour: when, as a fixed word."""
    return Letter(
        kind="codes_are_guessed",
        once=f"codes_are_guessed:{hour}:{person.pk}",
        address=person.email,
        person_id=person.pk,
        template="note",
        context={
            "subject": "Somebody may be trying codes",
            "says": [
                "Far more codes than usual were typed in the last hour that don't exist.",
                "Nobody learns anything from that, and each address is slowed down. If it goes on, look at the log of "
                "your web server, and stop the addresses it comes from.",
            ],
        },
    )


def certificate_ends(award: Award, person: User, *, days: int) -> Letter:
    """Remind a holder that a certificate comes to its end; once for each of the three reminders."""
    until = date_format(award.valid_until, "j F Y") if award.valid_until else ""
    return Letter(
        kind="certificate_ends",
        once=f"certificate_ends:award:{award.pk}:{days}",
        address=person.email,
        person_id=person.pk,
        template="note",
        context={
            "subject": f"A certificate of yours ends on {until}",
            "says": ["If you renew it before then, the new one goes on from that day. You lose none of the time."],
            "link": settings.LMS_BASE_URL.rstrip("/") + reverse("certificates:award", args=[award.uuid]),
            "button": "See how to renew it",
        },
    )
