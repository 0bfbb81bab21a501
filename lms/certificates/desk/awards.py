"""Where staff work with certificates: their own agency's, and never their own."""

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.agencies.access import StaffRequest, staff_required
from lms.certificates import operations, reports
from lms.certificates.access import DECIDING_ROLES, awards_to_decide
from lms.certificates.correcting import corrected
from lms.certificates.forms import DecisionForm, PaperForm, first_paper_form
from lms.certificates.models import Award
from lms.certificates.rules import MOVES, Deed, read_code
from lms.common.errors import DomainError

A_PAGE = 50


@staff_required(*DECIDING_ROLES)
@require_safe
def awards(request: StaffRequest) -> HttpResponse:
    """The agency's certificates, newest first; found by their code."""
    rows = awards_to_decide(request.user).for_listing().select_related("person")
    if typed := request.GET.get("code", "").strip():
        rows = rows.filter(code=read_code(typed) or "none")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    today = timezone.localdate(now)
    known = {
        "rows": [(award, award.standing(today)) for award in page],
        "page": page,
        "typed": typed,
        "guessed_at": reports.last_alarm(now=now),
    }
    return render(request, "certificates/desk/awards.html", known)


def _award(request: StaffRequest, uuid: str) -> Award:
    award: Award = get_object_or_404(awards_to_decide(request.user).select_related("person", "agency"), uuid=uuid)
    return award


@staff_required(*DECIDING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def award(request: StaffRequest, uuid: str) -> HttpResponseBase:
    """One certificate with its history; a POST decides about it."""
    found = _award(request, uuid)
    form = DecisionForm(request.POST if request.method == "POST" else None, award=found)
    if form.is_bound and form.is_valid():
        try:
            operations.decide(
                award=found,
                deed=Deed(form.cleaned_data["deed"]),
                actor=request.user,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("certificates:desk_award", uuid=uuid)
    return _award_page(request, found, decision=form)


def _award_page(request: StaffRequest, found: Award, **forms: forms.Form) -> HttpResponse:
    known = {
        "award": found,
        "standing": found.standing(timezone.localdate()),
        "changes": found.changes.order_by("at", "pk"),
        "family": reports.family_of(found),
        "decision": DecisionForm(award=found),
        "paper_form": first_paper_form(found) if _may_correct(found) else None,
        **forms,
    }
    is_refused = any(form.is_bound for form in forms.values())
    return render(request, "certificates/desk/award.html", known, status=422 if is_refused else 200)


def _may_correct(award: Award) -> bool:
    return (award.state, Deed.REPLACE) in MOVES


@staff_required(*DECIDING_ROLES)
@require_POST
def correct(request: StaffRequest, uuid: str) -> HttpResponseBase:
    """Have a new certificate made with another name: holders of a group leader award cannot do it themselves."""
    found = _award(request, uuid)
    form = PaperForm(request.POST, award=found)
    if new := corrected(form, award=found, actor=request.user):
        return redirect("certificates:desk_award", uuid=new.uuid)
    return _award_page(request, found, paper_form=form)
