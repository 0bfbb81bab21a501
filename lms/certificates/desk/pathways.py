"""Where staff work with pathways: their own agency's, and never their own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.accounts.models import User
from lms.agencies.access import DESK_ROLES, StaffRequest, staff_required
from lms.agencies.models import Agency
from lms.certificates import assessing, overview, progress
from lms.certificates.forms.fields import goes_through
from lms.certificates.forms.pathways import (
    AppointForm,
    BeginForm,
    DocumentForm,
    ObservationForm,
    SignOffForm,
    SupervisionForm,
    TransferForm,
)
from lms.certificates.models import (
    WORD_KINDS,
    LogEntry,
    PathwayRecord,
    Requirement,
    RequirementKind,
    Statement,
)
from lms.certificates.operations import pathways as operations
from lms.certificates.progress import Step
from lms.common.errors import DomainError

A_PAGE = 50
Typed = tuple[int, forms.Form]  # the step a form was sent for, and the form


@staff_required(*DESK_ROLES)
@require_safe
def pathways(request: StaffRequest) -> HttpResponse:
    """Who is where, what is stuck and with whom, and what waits for the reader."""
    view = overview.View.of(request.GET.get("show", ""))
    rows = overview.records(request.scope, view=view, now=timezone.now())
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    far = progress.progress_of(page, now=timezone.now())
    known = {
        "rows": [overview.Row(one, progress.steps_to_sign(one, request.user), timezone.now()) for one in far],
        "page": page,
        "view": view,
        "views": overview.View,
        "may_list": overview.may_list(request.user),
        "may_begin": overview.may_begin(request.user),
    }
    return render(request, "certificates/desk/pathways.html", known)


@staff_required(*DESK_ROLES)
@require_safe
def waiting(request: StaffRequest) -> HttpResponse:
    """What waits for the reader's answer, the longest wait first."""
    kind = request.GET.get("kind", "")
    queue = overview.queue(request.user, request.scope, now=timezone.now())
    known = {
        "page": Paginator([s for s in queue if kind in {"", s.requirement.kind}], A_PAGE).get_page(
            request.GET.get("page")
        ),
        "kinds": sorted({(s.requirement.kind, s.requirement.get_kind_display()) for s in queue}),
        "kind": kind,
    }
    return render(request, "certificates/desk/waiting.html", known)


@staff_required(*assessing.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: StaffRequest) -> HttpResponseBase:
    """Put somebody of one's own agency on a pathway."""
    form = BeginForm(request.POST if request.method == "POST" else None, scope=request.scope)

    def deed() -> None:
        asked = {name: form.cleaned_data[name] for name in ("pathway", "person", "agency")}
        operations.put_on(**asked, actor=request.user, now=timezone.now())

    if form.is_bound and goes_through(form, deed):
        messages.success(request, "They're on it, and we've told them. You're their link worker for now.")
        return redirect("certificates:desk_pathways")
    return render(request, "certificates/desk/begin.html", {"form": form}, status=422 if form.is_bound else 200)


def _record(request: StaffRequest, uuid: UUID) -> PathwayRecord:
    record: PathwayRecord = get_object_or_404(progress.records_within(request.scope), uuid=uuid)
    return record


@staff_required(*DESK_ROLES)
@require_safe
def pathway(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """One person's steps, with a form for each that the reader may do something about."""
    return _page(request, _record(request, uuid))


# --- One record, with its forms ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One step as the desk shows it: what the reader may do, and what they alone may read."""

    step: Step
    form: forms.Form | None
    statement: Statement | None


def _page(request: StaffRequest, record: PathwayRecord, *, sent: Typed | None = None, **kept: Any) -> HttpResponse:
    far = progress.progress_of([record], now=timezone.now())[0]
    mine = {step.requirement.pk: step for step in progress.steps_for(far, request.user)}
    to_do = {pk: _form(step.requirement, record) for pk, step in mine.items()} | dict([sent] if sent else [])
    statements = {one.requirement_id: one for one in Statement.objects.sent_to(request.user).filter(record=record)}
    refused = sent[1] if sent else next((form for form in kept.values() if form.is_bound), None)
    known = {
        "progress": far,
        "lines": [
            (
                group,
                [Line(s, to_do.get(s.requirement.pk), statements.get(s.requirement.pk)) for s in group.steps],
            )
            for group in far.groups
        ],
        "entries": LogEntry.objects.shared_with(request.user).filter(record=record),
        "award": progress.award_of(record),
        "is_held_back": record.is_live and progress.is_held_back(far),
        "refused": refused,
        **_keeping(request, record, kept),
    }
    return render(request, "certificates/desk/pathway.html", known, status=422 if refused else 200)


def _keeping(request: StaffRequest, record: PathwayRecord, kept: dict[str, Any]) -> dict[str, Any]:
    """What only those who look after this record find on its page."""
    if not assessing.may_keep(request.user, record):
        return {"supervises": _supervises(request.user, record), "supervision": _supervision(record)}
    return {
        "keeps": True,
        "appoint": kept.get("appoint") or _appoint_form(record),
        "transfer_form": kept.get("transfer_form") or _transfer_form(record),
        "transfer": operations.open_transfer(record),
        "supervises": _supervises(request.user, record),
        "supervision": _supervision(record),
    }


def _supervises(user: User, record: PathwayRecord) -> bool:
    return record.supervisor_id == user.pk and assessing.works_at(user, record)


def _supervision(record: PathwayRecord) -> dict[str, Any]:
    return {"form": SupervisionForm(prefix="supervision"), "dates": overview.supervisions_of(record)}


def _appoint_form(record: PathwayRecord, data: Any = None) -> AppointForm:
    people = assessing.people_at(record.agency).exclude(pk=record.person_id)
    named = {name: getattr(record, f"{name}_id") for name, _, _ in AppointForm.ROLES}
    return AppointForm(data, people=people, initial=named, prefix="appoint")


def _transfer_form(record: PathwayRecord, data: Any = None) -> TransferForm:
    return TransferForm(data, agencies=Agency.objects.exclude(pk=record.agency_id), prefix="transfer")


def _form(requirement: Requirement, record: PathwayRecord, data: Any = None) -> forms.Form | None:
    """The form for a step of this kind; None for supervision, whose dates have a place of their own."""
    prefix = f"step{requirement.pk}"
    if requirement.kind == RequirementKind.DOCUMENT:
        return DocumentForm(data, prefix=prefix)
    if requirement.kind == RequirementKind.OBSERVATION:
        return ObservationForm(data, prefix=prefix, sessions=overview.sessions_led(record))
    return SignOffForm(data, prefix=prefix) if requirement.kind in WORD_KINDS else None


@staff_required(*DESK_ROLES)
@require_POST
def sign(request: StaffRequest, uuid: UUID, requirement: int) -> HttpResponseBase:
    """Say that a step is met, or not yet; or note what shows it."""
    record = _record(request, uuid)
    step = get_object_or_404(
        Requirement.objects.select_related("group"), pk=requirement, group__pathway=record.pathway_id
    )
    form = _form(step, record, request.POST) if assessing.may_act(request.user, step, record) else None
    if form is None:
        raise Http404
    if goes_through(form, _deed(form, step, record, request.user)):
        messages.success(request, "Kept. We've told them.")
        return redirect("certificates:desk_pathway", uuid=uuid)
    return _page(request, record, sent=(requirement, form))


def _deed(form: Any, step: Requirement, record: PathwayRecord, actor: User) -> Callable[[], object]:
    known: dict[str, Any] = {"record": record, "requirement": step, "actor": actor, "now": timezone.now()}
    if isinstance(form, DocumentForm):
        return lambda: operations.see_document(**known, **form.cleaned_data)
    if isinstance(form, ObservationForm):
        return lambda: operations.observe(
            **known,
            observed_on=form.cleaned_data["observed_on"],
            session=form.session,
            points=form.points,
            comment=form.cleaned_data["comment"],
        )
    return lambda: operations.sign_off(**known, is_met=form.is_met, comment=form.cleaned_data["comment"])


# --- Looking after it ----------------------------------------------------------------------------------------------


def _kept_record(request: StaffRequest, uuid: UUID) -> PathwayRecord:
    record = _record(request, uuid)
    if not assessing.may_keep(request.user, record):
        raise Http404
    return record


@staff_required(*assessing.KEEPERS)
@require_POST
def appoint(request: StaffRequest, uuid: UUID) -> HttpResponseBase:
    """Say who stands beside somebody."""
    record = _kept_record(request, uuid)
    form = _appoint_form(record, request.POST)

    def deed() -> None:
        operations.appoint(record=record, actor=request.user, now=timezone.now(), **form.named)

    if goes_through(form, deed):
        messages.success(request, "Kept.")
        return redirect("certificates:desk_pathway", uuid=uuid)
    return _page(request, record, appoint=form)


@staff_required(*assessing.KEEPERS)
@require_POST
def transfer(request: StaffRequest, uuid: UUID) -> HttpResponseBase:
    """Ask somebody if another agency may take over."""
    record = _kept_record(request, uuid)
    form = _transfer_form(record, request.POST)

    def deed() -> None:
        to_agency = form.cleaned_data["to_agency"]
        operations.ask_transfer(record=record, to_agency=to_agency, actor=request.user, now=timezone.now())

    if goes_through(form, deed):
        messages.success(request, "Asked. They decide, and until then nothing moves.")
        return redirect("certificates:desk_pathway", uuid=uuid)
    return _page(request, record, transfer_form=form)


DEEDS = {"pause": operations.pause, "resume": operations.resume, "withdraw": operations.withdraw}


@staff_required(*assessing.KEEPERS)
@require_POST
def go(request: StaffRequest, uuid: UUID) -> HttpResponseBase:
    """Pause somebody's pathway, go on with it, or end it."""
    record = _kept_record(request, uuid)
    if deed := DEEDS.get(request.POST.get("deed", "")):
        try:
            deed(record=record, actor=request.user, now=timezone.now())
        except DomainError as refusal:
            messages.warning(request, refusal.message)
        else:
            messages.success(request, "Done. We've told them.")
    return redirect("certificates:desk_pathway", uuid=uuid)


@staff_required(*DESK_ROLES)
@require_POST
def supervise(request: StaffRequest, uuid: UUID) -> HttpResponseBase:
    """Put down a date of supervision."""
    record = _record(request, uuid)
    if not _supervises(request.user, record):
        raise Http404
    form = SupervisionForm(request.POST, prefix="supervision")

    def deed() -> None:
        held_on = form.cleaned_data["held_on"]
        operations.note_supervision(record=record, actor=request.user, held_on=held_on, now=timezone.now())

    if goes_through(form, deed):
        messages.success(request, "Kept.")
        return redirect("certificates:desk_pathway", uuid=uuid)
    return _page(request, record, supervision_form=form)
