"""The page that somebody comes home to."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lms.accounts.access import SignedInRequest
from lms.agencies.access import DESK_ROLES, StaffRequest, staff_required
from lms.agencies.models import Role
from lms.dashboard import letters as stuck
from lms.dashboard import reports, rules

LONGEST_NUMBER = 18  # digits of a row's number


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


@staff_required(Role.COORDINATOR, Role.MANAGER, Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: StaffRequest) -> HttpResponse:
    """Letters that could not be sent, and what to do with each."""
    if request.method == "POST":
        again, typed = "again" in request.POST, request.POST.get("letter", "")
        number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < LONGEST_NUMBER else 0
        done = stuck.settle(reader=request.user, message_id=number, again=again, now=timezone.now())
        if not done:
            messages.info(request, "Somebody has dealt with that letter already.")
        else:
            messages.success(request, "It's on its way again." if again else "Left unsent.")
        return redirect("dashboard:letters")
    known = {"letters": stuck.stuck_letters(request.user), "addresses": stuck.odd_addresses(request.user)}
    return render(request, "dashboard/letters.html", known)
