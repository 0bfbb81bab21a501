"""A learner and their agency."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lms.accounts.access import SignedInRequest
from lms.accounts.models import User
from lms.agencies import operations
from lms.agencies.forms import AskForm
from lms.agencies.models import Agency, Invitation, Membership, MembershipState
from lms.agencies.rules import hash_of
from lms.common.errors import DomainError
from lms.common.failures import too_many_tries
from lms.common.limits import allowed, client_address

STANDING = (MembershipState.REQUESTED, MembershipState.VERIFIED)
ONE_HOUR = 60 * 60  # seconds


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def verification(request: SignedInRequest) -> HttpResponse:
    """Which agency knows the person, what was asked, and what happens next."""
    memberships = list(Membership.objects.owned_by(request.user).select_related("agency").order_by("agency__name"))
    standing = [membership.agency_id for membership in memberships if membership.state in STANDING]
    others = Agency.objects.exclude(pk__in=standing)
    form = AskForm(request.POST if request.method == "POST" else None, agencies=others)
    if request.method == "POST" and form.is_valid():
        if not allowed(action="agencies.ask", who=str(request.user.pk), times=5, seconds=ONE_HOUR):
            return too_many_tries(request, seconds=ONE_HOUR)
        agency = form.cleaned_data["agency"]
        operations.request_membership(person=request.user, agency=agency, now=timezone.now())
        messages.success(request, "Thank you. We'll write to you when your agency has answered.")
        return redirect("agencies:verification")
    known = {"form": form, "memberships": memberships, "can_ask": others.exists()}
    return render(request, "agencies/verification.html", known, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Open an invitation. Reading it changes nothing; saying yes needs an account and a press of the button."""
    if not allowed(action="agencies.invitation", who=client_address(request), times=60, seconds=ONE_HOUR):
        return too_many_tries(request, seconds=ONE_HOUR)
    rows = Invitation.objects.unscoped(because="the secret says which").open_at(timezone.now())
    found = rows.filter(secret_sha256=hash_of(secret)).select_related("agency").first()
    if request.method == "POST":
        return _accept(request, secret)
    return render(request, "agencies/invitation.html", {"invitation": found}, status=200 if found else 410)


def _accept(request: HttpRequest, secret: str) -> HttpResponse:
    if not isinstance(request.user, User):
        return redirect_to_login(request.path)
    try:
        row = operations.accept(secret=secret, person=request.user, now=timezone.now())
    except DomainError as refusal:
        known = {"invitation": None, "refusal": refusal.message}
        return render(request, "agencies/invitation.html", known, status=410)
    messages.success(request, f"Done. You belong to {row.agency.name} now.")
    return redirect("/desk/" if row.role else "agencies:verification")
