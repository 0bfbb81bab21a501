"""Typing the code that is said in the room: a sign that one is there."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lms.accounts.access import SignedInRequest
from lms.common import limits
from lms.common.errors import DomainError
from lms.common.failures import too_many_tries
from lms.webinars import operations
from lms.webinars.forms.people import CodeForm
from lms.webinars.models import Session

MOST_TRIES, WINDOW = 10, 15 * 60  # of one person for one session; seconds


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Ask for the code, and note that it was typed."""
    rows = Session.objects.unscoped(because="whose place it is, is looked at next").without_the_way_in()
    session: Session = get_object_or_404(rows.prefetch_related("parts"), uuid=uuid)
    if not request.user.bookings.owned_by(request.user).filter(session=session).seated().exists():
        raise Http404
    if request.method != "POST":
        return render(request, "webinars/code.html", {"session": session, "form": CodeForm()})
    who = f"{request.user.pk}/{session.pk}"
    if not limits.allowed(action="webinars.code", who=who, times=MOST_TRIES, seconds=WINDOW):
        return too_many_tries(request, seconds=WINDOW)
    form, now = CodeForm(request.POST), timezone.now()
    if form.is_valid():
        part = operations.part_on(session, now=now)
        try:
            operations.type_code(
                session=session, part=part, person=request.user, typed=form.cleaned_data["code"], now=now
            )
        except DomainError as refusal:
            form.add_error("code", refusal.message)
        else:
            messages.success(request, "Thank you. It's noted that you're here.")
            return redirect("webinars:session", uuid=uuid)
    return render(request, "webinars/code.html", {"session": session, "form": form}, status=422)
