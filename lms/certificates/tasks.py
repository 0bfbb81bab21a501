"""Making certificates, in the worker only. May be called twice; the same award gives the same file."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from lms.certificates import mail
from lms.certificates.models import Award, AwardState
from lms.certificates.press import press
from lms.certificates.typesetting import order
from lms.outbox.operations import post


def render_award(*, award_id: int) -> str:
    """Make the PDF of a claimed award and keep it; return what happened, for the task log.

    The attempt is counted before the work: a certificate that brings the worker down is not tried for ever.
    """
    everybody = Award.objects.unscoped(because="work of the system")
    if not everybody.unmade().filter(pk=award_id).update(render_attempts=F("render_attempts") + 1):
        return "nothing to make"
    award = everybody.get(pk=award_id)
    drawn = press.draw(order(award))
    kept = keep(f"certificates/{award.uuid}.pdf", drawn.pdf)
    _settle(award, pdf=kept, pdf_sha256=hashlib.sha256(drawn.pdf).hexdigest(), qr=drawn.qr)
    return "made"


def _settle(award: Award, **made: str) -> None:
    """Write down where the file is and tell its holder, both or neither: whoever dies here is followed by another.

    Of one that was stopped or erased meanwhile nothing is kept.
    """
    still = Award.objects.unscoped(because="work of the system").filter(pk=award.pk, state=AwardState.ACTIVE)
    with transaction.atomic():
        if not still.update(**made):
            storages["private"].delete(made["pdf"])
        elif award.person:
            post(mail.certificate_ready(award, award.person), now=timezone.now())


def keep(path: str, made: bytes) -> str:
    """Keep the file where no address leads. What an interrupted attempt left there is written anew."""
    store = storages["private"]
    store.delete(path)
    return str(store.save(path, ContentFile(made)))
