"""The page that somebody comes home to."""

from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lms.accounts.models import User
from lms.agencies.access import DESK_ROLES, StaffRequest, staff_required
from lms.dashboard import reports, rules


class SignedInRequest(HttpRequest):
    user: User


@login_required
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """What I was doing, what comes next, and what is mine."""
    now = timezone.now()
    local = timezone.localtime(now, ZoneInfo(request.user.time_zone))
    known = {"mine": reports.mine(request.user, now=now), "greeting": rules.greeting(local)}
    return render(request, "dashboard/mine.html", known)


@staff_required(*DESK_ROLES)
@require_safe
def desk(request: StaffRequest) -> HttpResponse:
    """What waits for me at work."""
    return render(request, "dashboard/desk.html", {"desk": reports.desk(request.user, now=timezone.now())})
