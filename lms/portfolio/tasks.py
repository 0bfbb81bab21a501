"""Making papers, in the worker only. May be called twice; a paper that is there is not made again."""

from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db.models import F
from django.utils import timezone

from lms.certificates.press import press
from lms.portfolio import printing, word
from lms.portfolio.models import Form, Paper, PaperKind
from lms.portfolio.record import record
from lms.portfolio.rules import Document
from lms.portfolio.workbook import workbook


def make_paper(*, paper_id: int) -> str:
    """Make the file of a paper and keep it; return what happened, for the task log.

    The attempt is counted before the work: one that brings the worker down is not tried for ever.
    """
    papers = Paper.objects.unscoped(because="work of the system, for the paper's owner")
    if not papers.unmade().filter(pk=paper_id).update(attempts=F("attempts") + 1):
        return "nothing to make"
    paper = papers.select_related("person", "course").get(pk=paper_id)
    document = document_of(paper, now=timezone.now())
    made = word.written(document) if paper.form == Form.WORD else press.draw(printing.order(document)).pdf
    kept = _keep(f"papers/{paper.uuid}.{paper.form}", made)
    if not papers.filter(pk=paper_id).update(file=kept):
        storages["private"].delete(kept)
        return "not wanted any more"
    return "made"


def document_of(paper: Paper, *, now: datetime) -> Document:
    """Gather what the paper says, as it is now."""
    if paper.kind == PaperKind.RECORD or paper.course is None:
        return record(paper.person, paper.chosen, now=now)
    return workbook(paper.person, paper.course, now=now)


def _keep(path: str, made: bytes) -> str:
    """Keep the file where no address leads. What an interrupted attempt left there is written anew."""
    store = storages["private"]
    store.delete(path)
    return str(store.save(path, ContentFile(made)))
