"""What a person has booked."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lms.accounts.access import SignedInRequest
from lms.webinars import reports


@login_required
@require_safe
def my_bookings(request: SignedInRequest) -> HttpResponse:
    """What is coming up, what was, and what was cancelled."""
    bookings = reports.my_bookings(request.user, now=timezone.now())
    return render(request, "webinars/my_bookings.html", {"bookings": bookings})
