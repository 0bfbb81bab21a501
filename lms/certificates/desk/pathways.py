"""Where staff work with pathways: their own agency's, and never their own."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lms.agencies.access import DESK_ROLES, StaffRequest, staff_required
from lms.certificates import assessing, progress
from lms.certificates.forms import SignOffForm
from lms.certificates.models import PathwayRecord, Requirement
from lms.certificates.operations import pathways as operations
from lms.common.errors import DomainError

A_PAGE = 50


@staff_required(*DESK_ROLES)
@require_safe
def pathways(request: StaffRequest) -> HttpResponse:
    """Who is where, and what waits for the reader's signature."""
    page = Paginator(progress.records_within(request.scope), A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, progress.steps_to_sign(one, request.user)) for one in progress.progress_of(page, now=timezone.now())]
    return render(request, "certificates/desk/pathways.html", {"rows": rows, "page": page})


def _record(request: StaffRequest, uuid: str) -> PathwayRecord:
    record: PathwayRecord = get_object_or_404(progress.records_within(request.scope), uuid=uuid)
    return record


@staff_required(*DESK_ROLES)
@require_safe
def pathway(request: StaffRequest, uuid: str) -> HttpResponse:
    """One person's steps, with a form for each that the reader may sign."""
    return _pathway_page(request, _record(request, uuid))


def _pathway_page(
    request: StaffRequest, record: PathwayRecord, *, sent: tuple[int, SignOffForm] | None = None
) -> HttpResponse:
    found = progress.progress_of([record], now=timezone.now())[0]
    mine = [step.requirement.pk for step in progress.steps_for(found, request.user)]
    to_sign = {pk: SignOffForm(prefix=f"step{pk}") for pk in mine} | dict([sent] if sent else [])
    known = {
        "progress": found,
        "steps": [(step, to_sign.get(step.requirement.pk)) for step in found.steps],
        "award": progress.award_of(record),
        "sent": sent[1] if sent else None,
    }
    return render(request, "certificates/desk/pathway.html", known, status=422 if sent else 200)


@staff_required(*DESK_ROLES)
@require_POST
def sign(request: StaffRequest, uuid: str, requirement: int) -> HttpResponseBase:
    """Say that a step is met, or not yet."""
    record = _record(request, uuid)
    step = _step_to_sign(request, record, requirement)
    form = SignOffForm(request.POST, prefix=f"step{requirement}")
    if form.is_valid():
        try:
            operations.sign_off(
                record=record,
                requirement=step,
                actor=request.user,
                is_met=form.is_met,
                comment=form.cleaned_data["comment"],
                now=timezone.now(),
            )
        except operations.CommentMissing as refusal:
            form.add_error("comment", refusal.message)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("certificates:desk_pathway", uuid=uuid)
    return _pathway_page(request, record, sent=(requirement, form))


def _step_to_sign(request: StaffRequest, record: PathwayRecord, requirement: int) -> Requirement:
    step = get_object_or_404(Requirement.objects.select_related("group"), pk=requirement, group__pathway=record.pathway)
    if not assessing.may_act(request.user, step, record):
        raise Http404
    return step
