"""Making certificates, in the worker only. May be called twice; the same award gives the same file."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db.models import F

from lms.certificates.models import Award


def render_award(*, award_id: int) -> str:
    """Make the PDF of a claimed award and keep it; return what happened, for the task log.

    The attempt is counted before the work: a certificate that brings the worker down is not tried for ever.
    """
    from lms.certificates import pdf  # noqa: PLC0415 - the drawing engine is loaded in the worker and nowhere else

    everybody = Award.objects.unscoped(because="work of the system")
    if not everybody.unmade().filter(pk=award_id).update(render_attempts=F("render_attempts") + 1):
        return "nothing to make"
    award = everybody.get(pk=award_id)
    award.qr = pdf.qr_drawing(award)
    made = pdf.render(award)
    everybody.filter(pk=award_id).update(
        qr=award.qr, pdf=_keep(award, made), pdf_sha256=hashlib.sha256(made).hexdigest()
    )
    return "made"


def _keep(award: Award, made: bytes) -> str:
    """Keep the file where no address leads. What an interrupted attempt left there is written anew."""
    store, path = storages["private"], f"certificates/{award.uuid}.pdf"
    store.delete(path)
    return str(store.save(path, ContentFile(made)))
