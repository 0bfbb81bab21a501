"""What leaders propose, and what a coordinator says to it."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lms.agencies.access import StaffRequest, staff_required
from lms.common.errors import DomainError
from lms.webinars import access, diary, operations, reports
from lms.webinars.forms import DeclineForm
from lms.webinars.models import Session, SessionQuerySet


def _proposals(request: StaffRequest) -> SessionQuerySet:
    rows = reports.public(reports.proposed(request.scope))
    return rows.select_related("agency", "proposed_by").order_by("starts_at", "pk")


def _proposal(request: StaffRequest, uuid: UUID) -> Session:
    return cast(Session, get_object_or_404(_proposals(request), uuid=uuid))


def _page(
    request: StaffRequest, session: Session, *, form: DeclineForm | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    dates = [(part.starts_at, part.ends_at) for part in session.parts.all()]
    people = {row.person_id for row in session.facilitators.all()}
    clashes = diary.clashes(dates, people=people, agency_id=session.agency_id, but=[session.pk])
    context = {"session": session, "form": form or DeclineForm(), "refusal": refusal, "clashes": clashes}
    return render(request, "webinars/desk/proposal.html", context, status=status)


@staff_required(*access.DECIDING_ROLES)
@require_safe
def proposals(request: StaffRequest) -> HttpResponse:
    """What waits for a decision, the soonest first."""
    return render(request, "webinars/desk/proposals.html", {"sessions": _proposals(request)})


@staff_required(*access.DECIDING_ROLES)
@require_safe
def proposal(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """One proposal, with all that was said of it."""
    return _page(request, _proposal(request, uuid))


@staff_required(*access.DECIDING_ROLES)
@require_POST
def approve(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Open it to everybody."""
    session = _proposal(request, uuid)
    try:
        operations.approve_proposal(session=session, actor=request.user, now=timezone.now())
    except DomainError as refusal:
        return _page(request, session, refusal=refusal.message, status=422)
    messages.success(request, "Approved. People can book it now, and we've told who proposed it.")
    return redirect("webinars:desk_session", uuid=uuid)


@staff_required(*access.DECIDING_ROLES)
@require_POST
def decline(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Say no, with a reason for who proposed it."""
    session = _proposal(request, uuid)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _page(request, session, form=form, status=422)
    try:
        operations.decline_proposal(
            session=session, actor=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
        )
    except DomainError as refusal:
        return _page(request, session, form=form, refusal=refusal.message, status=422)
    messages.success(request, "We've told who proposed it, with your reason.")
    return redirect("webinars:desk_proposals")
