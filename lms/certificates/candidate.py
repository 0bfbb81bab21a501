"""What somebody on a pathway sees and does: their steps, what they write, a rest, a move."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lms.accounts.models import User
from lms.certificates import progress
from lms.certificates.models import PathwayRecord


class SignedInRequest(HttpRequest):
    user: User


def _record(request: SignedInRequest, slug: str) -> PathwayRecord:
    record: PathwayRecord | None = progress.records_of(request.user).filter(pathway__slug=slug).first()
    if record is None:
        raise Http404
    return record


@login_required
@require_safe
def pathway(request: SignedInRequest, slug: str) -> HttpResponse:
    """What is done on the way, what is next, and for whom it waits."""
    record = _record(request, slug)
    known = {
        "progress": progress.progress_of([record], now=timezone.now())[0],
        "award": progress.award_of(record),
    }
    return render(request, "certificates/pathway.html", known)
