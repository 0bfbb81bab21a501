"""Letters about certificates. They say nothing of what the certificate is for."""

from django.conf import settings
from django.urls import reverse

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
