"""Making certificates, in the worker only. May be called twice; the same award gives the same file."""

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from lms.certificates import mail
from lms.certificates.models import Award, AwardState, DesignPreview, PrintCopy
from lms.certificates.press import press
from lms.certificates.typesetting import order, sample
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


def make_copy(*, copy_id: int) -> str:
    """Draw an award's copy for a print shop; return what happened, for the task log.

    Its hash stays with the award: the file is known again after the copy itself has been cleared away.
    """
    copies = PrintCopy.objects.unscoped(because="work of the system")
    if not copies.unmade().filter(pk=copy_id).update(render_attempts=F("render_attempts") + 1):
        return "nothing to make"
    award = copies.select_related("award").get(pk=copy_id).award
    drawn = press.draw(order(award, for_print_shop=True))
    rows = Award.objects.unscoped(because="work of the system").filter(pk=award.pk)
    rows.update(print_sha256=hashlib.sha256(drawn.pdf).hexdigest())
    return _put_down(copies.filter(pk=copy_id), f"certificates/print/{award.uuid}.pdf", drawn.pdf)


def make_preview(*, preview_id: int) -> str:
    """Draw a sample with somebody's design; return what happened, for the task log."""
    previews = DesignPreview.objects.unscoped(because="work of the system")
    if not previews.unmade().filter(pk=preview_id).update(render_attempts=F("render_attempts") + 1):
        return "nothing to make"
    preview = previews.get(pk=preview_id)
    drawn = press.draw(order(sample(preview)))
    return _put_down(previews.filter(pk=preview_id), f"certificates/previews/{preview.uuid}.pdf", drawn.pdf)


def _put_down(row: QuerySet[Any], path: str, made: bytes) -> str:
    """Keep a file and write down where; of a row that was deleted meanwhile nothing is kept."""
    kept = keep(path, made)
    if not row.update(pdf=kept):
        storages["private"].delete(kept)
        return "not wanted any more"
    return "made"


def keep(path: str, made: bytes) -> str:
    """Keep the file where no address leads. What an interrupted attempt left there is written anew."""
    store = storages["private"]
    store.delete(path)
    return str(store.save(path, ContentFile(made)))
