"""A learner's own statements."""

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lms.accounts.access import SignedInRequest
from lms.statements import gathering, reports
from lms.statements.files import as_file


@login_required
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """What statements are, who is told, and one's own as a file."""
    return render(request, "statements/mine.html", {"agencies": reports.agencies_that_tell(request.user)})


@login_required
@reauthentication_required
@require_safe
def download(request: SignedInRequest) -> HttpResponseBase:
    """All of one's own."""
    return as_file(gathering.statements_of(request.user), name="my-learning")
