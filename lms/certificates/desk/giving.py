"""Where staff give certificates: for a whole register, by hand, and after a look at each."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lms.agencies.access import StaffRequest, staff_required
from lms.agencies.models import Agency, Role
from lms.certificates import giving, operations
from lms.certificates.access import APPROVING_ROLES, GIVING_ROLES
from lms.certificates.forms.giving import ByHandForm, LookForm, TermsForm
from lms.certificates.models import Award, AwardState
from lms.common.errors import DomainError
from lms.common.http import look_again, looks_of
from lms.webinars.access import SESSION_ROLES, sessions_at_desk

A_PAGE = 50
MOST_LOOKS = 40

either = require_http_methods(["GET", "HEAD", "POST"])


# --- A whole register ----------------------------------------------------------------------------------------------


@staff_required(*SESSION_ROLES)
@either
def register(request: StaffRequest, uuid: str) -> HttpResponseBase:
    """How far the certificates of a session are; a POST has those made that are missing."""
    session = get_object_or_404(sessions_at_desk(request.user), uuid=uuid)
    if request.method == "POST":
        operations.give_for_register(session=session, actor=request.user, now=timezone.now())
        return redirect(f"{request.path}?look=1")
    progress = giving.register_progress(session)
    goes_on = 0 < looks_of(request) < MOST_LOOKS and progress.is_under_way
    known = {"session": session, "progress": progress, "goes_on": goes_on}
    answer = render(request, "certificates/desk/register.html", known)
    if goes_on:  # without any script, until all is done
        look_again(request, answer)
    return answer


# --- By hand -------------------------------------------------------------------------------------------------------


@staff_required(*GIVING_ROLES)
@either
def by_hand(request: StaffRequest) -> HttpResponseBase:
    """Give one certificate by hand, with the reason."""
    form = ByHandForm(request.POST if request.method == "POST" else None, scope=request.scope, now=timezone.now())
    if form.is_bound and form.is_valid():
        try:
            messages.success(request, _give(request, form.cleaned_data))
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("certificates:desk_by_hand")
    status = 422 if form.is_bound else 200
    return render(request, "certificates/desk/by_hand.html", {"form": form}, status=status)


def _give(request: StaffRequest, asked: dict[str, Any]) -> str:
    """Give it; return what to say of it."""
    now = timezone.now()
    common = {"person": asked["person"], "actor": request.user, "reason": asked["reason"], "now": now}
    if session := asked["session"]:
        award = operations.give_for_session(agency=session.agency, session=session, **common)
    else:
        award = operations.give_for_course(agency=asked["agency"], course=asked["course"], **common)
    if award.issued_at < now:
        return f"They have this one already, so nothing new was given. How it stands: {award.get_state_display()}."
    return "The certificate is given. They're told by e-mail."


# --- After a look --------------------------------------------------------------------------------------------------


@staff_required(*APPROVING_ROLES)
@either
def approvals(request: StaffRequest) -> HttpResponseBase:
    """What waits for a look; a POST gives those that were ticked."""
    waiting = giving.staged_within(request.scope)
    if request.method == "POST":
        ticked = waiting.filter(uuid__in=giving.uuids(request.POST.getlist("award")))
        given = sum(_given(request, award) for award in ticked)
        none = "Nothing was given. Open them one by one to see why." if ticked else "Tick the ones to give first."
        messages.success(request, f"{given} given." if given else none)
        return redirect("certificates:desk_approvals")
    page = Paginator(waiting, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "certificates/desk/approvals.html", {"page": page})


def _given(request: StaffRequest, award: Award) -> bool:
    try:
        operations.approve(award=award, actor=request.user, now=timezone.now())
    except DomainError:  # one's own, or somebody else was quicker: the list says what is left
        return False
    return True


@staff_required(*APPROVING_ROLES)
@either
def look(request: StaffRequest, uuid: str) -> HttpResponseBase:
    """One certificate that waits for a look: give it, or don't and say why."""
    award = get_object_or_404(giving.staged_within(request.scope, AwardState.DECLINED), uuid=uuid)
    form = LookForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            _decide(request, award, form)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("certificates:desk_approvals")
    known = {"award": award, "form": form, "changes": award.changes.order_by("at", "pk")}
    return render(request, "certificates/desk/approval.html", known, status=422 if form.is_bound else 200)


def _decide(request: StaffRequest, award: Award, form: LookForm) -> None:
    if form.gives:
        operations.approve(award=award, actor=request.user, now=timezone.now())
    else:
        reason = form.cleaned_data["reason"]
        operations.decline(award=award, actor=request.user, reason=reason, now=timezone.now())


# --- What an agency has settled ------------------------------------------------------------------------------------


@staff_required(Role.MANAGER)
@either
def terms(request: StaffRequest) -> HttpResponseBase:
    """How the reader's agencies give certificates."""
    agencies = list(Agency.objects.filter(pk__in=request.scope.agency_ids).order_by("name"))
    sent = request.POST.get("agency", "")
    forms = [(agency, _terms_form(request, agency, is_sent=sent == agency.slug)) for agency in agencies]
    for agency, form in forms:
        if form.is_bound and form.is_valid():
            operations.settle_terms(agency=agency, actor=request.user, now=timezone.now(), **form.cleaned_data)
            messages.success(request, "That's settled.")
            return redirect("certificates:desk_terms")
    wrong = next((form for _, form in forms if form.is_bound), None)
    known = {"forms": forms, "wrong": wrong}
    return render(request, "certificates/desk/terms.html", known, status=422 if wrong else 200)


def _terms_form(request: StaffRequest, agency: Agency, *, is_sent: bool) -> TermsForm:
    kept = operations.terms_of(agency)
    now = {"approves": kept.approves, "by_hand": kept.by_hand, "grace_days": kept.grace_days}
    return TermsForm(request.POST if is_sent else None, prefix=agency.slug, initial=now)
