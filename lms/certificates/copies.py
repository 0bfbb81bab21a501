"""A certificate for a print shop: its holder and the desk ask for it by a press of a button, and then it is there."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lms.accounts.access import SignedInRequest
from lms.agencies.access import StaffRequest, staff_required
from lms.agencies.models import Role
from lms.certificates import operations
from lms.certificates.models import Award, PrintCopy
from lms.certificates.rules import IN_HAND
from lms.common.http import look_again, looks_of

MOST_LOOKS = 20


def _standing(award: Award) -> Award:
    if award.standing(timezone.localdate()) not in IN_HAND:
        raise Http404
    return award


def _copy_of(award: Award) -> PrintCopy | None:
    rows = PrintCopy.objects.unscoped(because="the caller was let in to this one award")
    found: PrintCopy | None = rows.filter(award=award).first()
    return found


def _page(request: SignedInRequest, award: Award, **where: str) -> HttpResponseBase:
    """Say what it is and how far it is; a POST asks for it."""
    if request.method == "POST":
        operations.ask_copy(award=award, actor=request.user, now=timezone.now())
        return redirect(request.path)
    copy = _copy_of(award)
    goes_on = bool(copy and not copy.pdf and not copy.is_given_up and looks_of(request) < MOST_LOOKS)
    known: dict[str, Any] = {"award": award, "copy": copy, "goes_on": goes_on, **where}
    answer = render(request, "certificates/print_copy.html", known)
    if goes_on:
        look_again(request, answer)
    return answer


def _file(award: Award, *, page: str) -> HttpResponseBase:
    """Hand out the file; where there is none, lead to the page that has it made."""
    copy, store = _copy_of(award), storages["private"]
    if copy is None or not copy.pdf or not store.exists(copy.pdf):
        return redirect(page, uuid=award.uuid)
    return FileResponse(store.open(copy.pdf), as_attachment=True, filename="certificate-for-print.pdf")


def _own(request: SignedInRequest, uuid: str) -> Award:
    return _standing(get_object_or_404(Award.objects.owned_by(request.user), uuid=uuid))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def print_copy(request: SignedInRequest, uuid: str) -> HttpResponseBase:
    """The holder's copy for a print shop."""
    return _page(request, _own(request, uuid), back="certificates:award", file="certificates:print_copy_file")


@login_required
@require_safe
def print_copy_file(request: SignedInRequest, uuid: str) -> HttpResponseBase:
    """Hand it out."""
    return _file(_own(request, uuid), page="certificates:print_copy")


def _within(request: StaffRequest, uuid: str) -> Award:
    return _standing(get_object_or_404(Award.objects.within(request.scope), uuid=uuid))


@staff_required(Role.SAFEGUARDING_LEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def desk_print_copy(request: StaffRequest, uuid: str) -> HttpResponseBase:
    """The same for the desk."""
    award = _within(request, uuid)
    return _page(request, award, back="certificates:desk_award", file="certificates:desk_print_copy_file")


@staff_required(Role.SAFEGUARDING_LEAD)
@require_safe
def desk_print_copy_file(request: StaffRequest, uuid: str) -> HttpResponseBase:
    """Hand it out at the desk."""
    return _file(_within(request, uuid), page="certificates:desk_print_copy")
