"""What holders of certificates see."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.accounts.access import SignedInRequest
from lms.certificates import operations, reports
from lms.certificates.access import may_correct
from lms.certificates.correcting import corrected
from lms.certificates.forms import PaperForm, first_paper_form
from lms.certificates.models import Award, AwardState
from lms.certificates.paper import paper, plain_text
from lms.certificates.rules import IN_HAND
from lms.common.errors import DomainError
from lms.common.http import look_again, looks_of

MOST_LOOKS = 20  # a minute; then the page stands still and says that it takes longer
CURRENT = (AwardState.ACTIVE, AwardState.SUSPENDED, AwardState.EXPIRED)
EARLIER = (AwardState.REPLACED, AwardState.WITHDRAWN, AwardState.DECLINED)
COMING = (AwardState.STAGED, AwardState.WAITING)


@login_required
@require_safe
def awards(request: SignedInRequest) -> HttpResponse:
    """All certificates of the reader."""
    rows = list(reports.awards_of(request.user))
    today = timezone.localdate()
    known = {
        "waiting": [award for award in rows if award.state in COMING],
        "awards": [(award, award.standing(today)) for award in rows if award.state in CURRENT],
        "earlier": [(award, award.standing(today)) for award in rows if award.state in EARLIER],
    }
    return render(request, "certificates/awards.html", known)


def _own(request: SignedInRequest, uuid: str) -> Award:
    award: Award = get_object_or_404(Award.objects.owned_by(request.user), uuid=uuid)
    return award


def _in_hand(request: SignedInRequest, uuid: str) -> Award:
    award = _own(request, uuid)
    if award.standing(timezone.localdate()) not in IN_HAND:
        raise Http404
    return award


@login_required
@require_safe
def award(request: SignedInRequest, uuid: str) -> HttpResponse:
    """One certificate: to be claimed, being made, or there."""
    found = _own(request, uuid)
    if found.state == AwardState.WAITING:
        return _claim_page(request, found, first_paper_form(found))
    if found.standing(timezone.localdate()) not in IN_HAND:
        return render(request, "certificates/not_in_hand.html", {"award": found, "at": reports.changed_at(found)})
    if not found.pdf:
        return _being_made(request, found)
    known = {
        "award": found,
        "paper": paper(found),
        "may_change": may_correct(request.user, found),
        "standing": found.standing(timezone.localdate()),
        "renewal": reports.renewal_of(found, today=timezone.localdate()),
    }
    return render(request, "certificates/award.html", known)


def _claim_page(request: SignedInRequest, award: Award, form: PaperForm) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "certificates/claim.html", {"award": award, "form": form}, status=status)


def _being_made(request: SignedInRequest, award: Award) -> HttpResponse:
    """Look again by itself for a minute, without any script."""
    goes_on = looks_of(request) < MOST_LOOKS and not award.is_given_up
    answer = render(request, "certificates/being_made.html", {"award": award, "goes_on": goes_on})
    if goes_on:
        look_again(request, answer)
    return answer


@login_required
@require_POST
def claim(request: SignedInRequest, uuid: str) -> HttpResponseBase:
    """Have the certificate made in the name typed."""
    found = _own(request, uuid)
    form = PaperForm(request.POST, award=found)
    if form.is_valid():
        try:
            operations.claim(
                award=found,
                holder=request.user,
                name=form.cleaned_data["name"],
                is_neutral=form.is_neutral,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("certificates:award", uuid=uuid)
    return _claim_page(request, found, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedInRequest, uuid: str) -> HttpResponseBase:
    """Have a new certificate made with another name or title."""
    found = _in_hand(request, uuid)
    if not may_correct(request.user, found):
        raise Http404
    form = first_paper_form(found) if request.method != "POST" else PaperForm(request.POST, award=found)
    if form.is_bound and (new := corrected(form, award=found, actor=request.user)):
        return redirect("certificates:award", uuid=new.uuid)
    status = 422 if form.is_bound else 200
    return render(request, "certificates/change.html", {"award": found, "form": form}, status=status)


@login_required
@require_safe
def download(request: SignedInRequest, uuid: str) -> HttpResponseBase:
    """Hand out the PDF. If it is not there, have it made and show that page."""
    found = _in_hand(request, uuid)
    store = storages["private"]
    if found.pdf and store.exists(found.pdf):
        return FileResponse(store.open(found.pdf), as_attachment=True, filename="certificate.pdf")
    if found.pdf:
        operations.make_again(award=found)
    return redirect("certificates:award", uuid=uuid)


@login_required
@require_safe
def text(request: SignedInRequest, uuid: str) -> HttpResponse:
    """The certificate as plain text."""
    return HttpResponse(plain_text(_in_hand(request, uuid)), content_type="text/plain; charset=utf-8")


@login_required
@require_POST
def show_name(request: SignedInRequest, uuid: str) -> HttpResponseBase:
    """Switch whether the public check shows the name."""
    shows = request.POST.get("shows") == "yes"
    operations.show_name(award=_own(request, uuid), holder=request.user, shows=shows, now=timezone.now())
    return redirect("certificates:awards")


@login_required
@require_POST
def answer_checks(request: SignedInRequest, uuid: str) -> HttpResponseBase:
    """Switch the public check of one certificate on or off."""
    answers = request.POST.get("answers") == "yes"
    try:
        operations.answer_checks(award=_own(request, uuid), holder=request.user, answers=answers, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("certificates:awards")


@login_required
@require_POST
def renew(request: SignedInRequest, uuid: str) -> HttpResponseBase:
    """Begin the course of a certificate again, and go there."""
    found, now = _own(request, uuid), timezone.now()
    try:
        begun = operations.renew(award=found, holder=request.user, today=timezone.localdate(), now=now)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("certificates:award", uuid=uuid)
    page = begun.enrolment.course.page
    return redirect(page.url if page and page.url else "courses:mine")
