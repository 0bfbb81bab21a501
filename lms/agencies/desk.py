"""The people of one's own agency: who asks to be confirmed, who is, and who works here."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lms.accounts.models import User
from lms.agencies import operations
from lms.agencies.access import StaffRequest, roles_to_give, staff_required
from lms.agencies.forms import InviteForm
from lms.agencies.models import Agency, Invitation, Membership, MembershipState, Role, StaffRole
from lms.common.errors import DomainError

PEOPLE_A_PAGE = 50
DECISIONS = {"verify": operations.verify, "decline": operations.decline, "revoke": operations.revoke}
DONE = {
    "verify": "Confirmed. We've written to them.",
    "decline": "Declined. We've written to them.",
    "revoke": "Ended. We've written to them.",
}


def _invite_form(request: StaffRequest, data: Any = None) -> InviteForm:
    agencies = Agency.objects.filter(pk__in=request.scope.agency_ids)
    roles = frozenset[str]().union(*(roles_to_give(request.user, agency=agency) for agency in agencies))
    return InviteForm(data, agencies=agencies, roles=roles, initial={"agency": agencies.first()})


def _may_take(user: User, row: StaffRole) -> bool:
    return row.person_id != user.pk and row.role in roles_to_give(user, agency=row.agency)


def _page(request: StaffRequest, form: InviteForm, *, status: int = 200) -> HttpResponse:
    rows = Membership.objects.within(request.scope).select_related("person", "agency")
    verified = rows.filter(state=MembershipState.VERIFIED).order_by("person__display_name", "pk")
    staff = StaffRole.objects.within(request.scope).live().select_related("person", "agency")
    invitations = Invitation.objects.within(request.scope).open_at(timezone.now())
    known = {
        "requests": rows.filter(state=MembershipState.REQUESTED).order_by("requested_at", "pk")[:PEOPLE_A_PAGE],
        "verified": Paginator(verified, PEOPLE_A_PAGE).get_page(request.GET.get("page")),
        "staff": [(row, _may_take(request.user, row)) for row in staff.order_by("person__display_name", "role")[:200]],
        "invitations": invitations.select_related("agency").order_by("-invited_at")[:PEOPLE_A_PAGE],
        "form": form,
    }
    return render(request, "agencies/people.html", known, status=status)


@staff_required(Role.COORDINATOR, Role.MANAGER)
@require_safe
def people(request: StaffRequest) -> HttpResponse:
    """Requests, verified adopters, staff and open invitations of one's own agency."""
    return _page(request, _invite_form(request))


@staff_required(Role.COORDINATOR, Role.MANAGER)
@require_POST
def decide(request: StaffRequest, pk: int, decision: str) -> HttpResponse:
    """Vouch for somebody, decline, or stop vouching."""
    rows = Membership.objects.within(request.scope).select_related("agency", "person")
    membership = get_object_or_404(rows, pk=pk)
    try:
        DECISIONS[decision](membership=membership, actor=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, DONE[decision])
    return redirect("agencies:people")


@staff_required(Role.COORDINATOR, Role.MANAGER)
@require_POST
def take_role(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a role away from a member of staff of one's own agency."""
    rows = StaffRole.objects.within(request.scope).live().select_related("agency", "person")
    staff_role = get_object_or_404(rows, pk=pk)
    try:
        operations.revoke_role(staff_role=staff_role, actor=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, f"{staff_role.person} is no longer {staff_role.get_role_display().lower()}.")
    return redirect("agencies:people")


@staff_required(Role.COORDINATOR, Role.MANAGER)
@require_POST
def invite(request: StaffRequest) -> HttpResponse:
    """Ask somebody in by e-mail, as an adopter or as staff."""
    form = _invite_form(request, request.POST)
    if form.is_valid():
        try:
            operations.invite(actor=request.user, now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Invited. The link in the letter works for 7 days.")
            return redirect("agencies:people")
    return _page(request, form, status=422)
