"""Showing one entry to one person, taking it back, and setting a day for a plan."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.accounts.access import SignedInRequest
from lms.common.errors import DomainError
from lms.courses.models import Reflection
from lms.portfolio import access, operations
from lms.portfolio.forms import DayForm, ShareForm
from lms.portfolio.models import PlanDay, SharedEntry


def _own(request: SignedInRequest, note: UUID) -> Reflection:
    found: Reflection = get_object_or_404(Reflection.objects.owned_by(request.user).select_related("course"), uuid=note)
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: SignedInRequest, note: UUID) -> HttpResponse:
    """Choose one person, who gets a copy of this entry."""
    mine, readers = _own(request, note), access.readers_for(request.user)
    form = ShareForm(request.POST if request.method == "POST" else None, readers=readers.values())
    if form.is_bound and form.is_valid():
        reader, agency = form.chosen
        try:
            operations.share(owner=request.user, note=note, reader=reader, agency=agency, now=timezone.now())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Shared. You can take it back at any time.")
            return redirect("portfolio:shared")
    context = {"note": mine, "form": form, "readers": readers}
    return render(request, "portfolio/share.html", context, status=422 if form.is_bound else 200)


@login_required
@require_safe
def shared(request: SignedInRequest) -> HttpResponse:
    """Who has which entry."""
    rows = SharedEntry.objects.owned_by(request.user).select_related("reader", "agency").defer("body")
    return render(request, "portfolio/shared.html", {"entries": rows.order_by("-shared_at", "-pk")})


@login_required
@require_POST
def withdraw(request: SignedInRequest, shared: UUID) -> HttpResponse:
    """Take a copy back, at once."""
    try:
        operations.withdraw(owner=request.user, shared=shared, now=timezone.now())
    except operations.NoSuchEntry:
        raise Http404 from None
    messages.success(request, "Taken back. They can't open it any more.")
    return redirect("portfolio:shared")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def day(request: SignedInRequest, note: UUID) -> HttpResponse:
    """Set a day for one line of a plan."""
    mine = _own(request, note)
    if not mine.field:
        raise Http404
    kept = PlanDay.objects.owned_by(request.user).filter(entry=mine).first()
    start = {"on": kept.on, "by_letter": kept.by_letter} if kept else None
    form = DayForm(request.POST if request.method == "POST" else None, initial=start)
    if form.is_bound and form.is_valid():
        try:
            operations.set_day(owner=request.user, note=note, now=timezone.now(), **form.cleaned_data)
        except operations.NotThatDay as refusal:
            form.add_error("on", refusal.message)
        else:
            messages.success(request, "Your day is set.")
            return redirect("courses:one_note", note=note)
    context = {"note": mine, "form": form, "kept": kept}
    return render(request, "portfolio/day.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def forget_day(request: SignedInRequest, note: UUID) -> HttpResponse:
    """Take the day away again."""
    try:
        operations.forget_day(owner=request.user, note=note)
    except operations.NoSuchEntry:
        raise Http404 from None
    messages.success(request, "The day is taken away.")
    return redirect("courses:one_note", note=note)
