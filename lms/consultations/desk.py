"""Pages for workers and whoever runs the rota: hours, who comes, and the queue."""

from collections.abc import Callable
from functools import partial
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.agencies.access import DESK_ROLES, StaffRequest, staff_required
from lms.agencies.models import Agency
from lms.common.errors import DomainError
from lms.consultations import access, operations, reports
from lms.consultations.forms import START, CancelForm, LateForm, SurgeryForm, hosts
from lms.consultations.models import Slot, Surgery

ON_A_PAGE = 30
LONGEST_NUMBER = 10  # digits
CHOOSE = "Choose one of the buttons."
QUEUE_DEEDS: dict[str, Callable[..., object]] = {
    "open": operations.open_queue,
    "stop": operations.stop_queue,
    "next": operations.call_next,
}
CAME = {"came": True, "missed": False}


@staff_required(*DESK_ROLES)
@require_safe
def surgeries(request: StaffRequest) -> HttpResponse:
    """Hours that are coming, or that were."""
    past = request.GET.get("when") == "past"
    rows = reports.at_desk(access.surgeries_at_desk(request.user), past=past, now=timezone.now())
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "consultations/desk/surgeries.html", {"page": page, "past": past})


@staff_required(*DESK_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: StaffRequest) -> HttpResponse:
    """Offer hours. Somebody of several agencies says first for which."""
    agencies = list(Agency.objects.filter(pk__in=access.agencies_of(request.user)))
    asked = request.GET.get("agency", "")
    agency = next((one for one in agencies if one.slug == asked), agencies[0] if agencies else None)
    if agency is None:
        raise Http404
    if request.method != "POST":
        form = SurgeryForm(initial={**START, "worker": str(request.user.pk)}, agency=agency, user=request.user)
        return _form_page(request, form, agencies=agencies, agency=agency)
    form = SurgeryForm(request.POST, agency=agency, user=request.user)
    if form.is_valid():
        try:
            kept = operations.offer(
                plan=form.plan, agency=agency, actor=request.user, hosts=list(hosts()), now=timezone.now()
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Offered. Families whom your agency knows can see it now.")
            return redirect("consultations:desk_surgery", uuid=kept.uuid)
    return _form_page(request, form, agencies=agencies, agency=agency, status=422)


def _form_page(
    request: StaffRequest, form: SurgeryForm, *, agencies: list[Agency], agency: Agency, status: int = 200
) -> HttpResponse:
    context = {"form": form, "agencies": agencies, "agency": agency}
    return render(request, "consultations/desk/offer.html", context, status=status)


def _surgery(request: StaffRequest, uuid: UUID) -> Surgery:
    """Hours that this member of staff may open; to others they do not exist."""
    rows = access.surgeries_at_desk(request.user).select_related("worker", "agency")
    return cast(Surgery, get_object_or_404(rows.defer("way_in"), uuid=uuid))


@staff_required(*DESK_ROLES)
@require_safe
def surgery(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Who comes when, and who waits."""
    return _page(request, _surgery(request, uuid))


def _page(
    request: StaffRequest,
    surgery: Surgery,
    *,
    refusal: str = "",
    late: LateForm | None = None,
    status: int = 200,
) -> HttpResponse:
    is_worker, now = surgery.worker_id == request.user.pk, timezone.now()
    context = {
        "surgery": surgery,
        "slots": reports.times_of(surgery, with_reason=is_worker),
        "queue": reports.queue_of(surgery, with_reason=is_worker),
        "is_worker": is_worker,
        "is_over": surgery.ends_at <= now,
        "now": now,
        "late": late or LateForm(initial={"minutes": surgery.late_minutes}),
        "refusal": refusal,
    }
    return render(request, "consultations/desk/surgery.html", context, status=status)


@staff_required(*DESK_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Call hours off, with a reason for everybody who had a time."""
    surgery, form = _surgery(request, uuid), CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        operations.cancel_surgery(surgery=surgery, actor=request.user, reason=reason, now=timezone.now())
        messages.success(request, "Cancelled. Everyone who had a time has been told.")
        return redirect("consultations:desk_surgery", uuid=uuid)
    status = 422 if request.method == "POST" else 200
    return render(request, "consultations/desk/cancel.html", {"surgery": surgery, "form": form}, status=status)


@staff_required(*DESK_ROLES)
@require_POST
def late(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Tell those still to come that the worker is late."""
    surgery, form = _surgery(request, uuid), LateForm(request.POST)
    if not form.is_valid():
        return _page(request, surgery, late=form, status=422)
    minutes = form.cleaned_data["minutes"]
    told = operations.say_late(surgery=surgery, minutes=minutes, actor=request.user, now=timezone.now())
    messages.success(request, f"Saved. {told} told by e-mail." if told else "Saved. Nobody had to be told.")
    return redirect("consultations:desk_surgery", uuid=uuid)


@staff_required(*DESK_ROLES)
@require_POST
def queue(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Open the queue, call the next, say how it went, or stop."""
    surgery = _surgery(request, uuid)
    do, number = request.POST.get("do", ""), request.POST.get("number", "")
    deed = QUEUE_DEEDS.get(do)
    if do in CAME and number.isdecimal() and len(number) < LONGEST_NUMBER:
        deed = partial(operations.end_talk, number=int(number), came=CAME[do])
    if deed is None:
        return _page(request, surgery, refusal=CHOOSE, status=422)
    try:
        deed(surgery=surgery, actor=request.user, now=timezone.now())
    except DomainError as refusal:
        return _page(request, surgery, refusal=refusal.message, status=422)
    return redirect("consultations:desk_surgery", uuid=uuid)


@staff_required(*DESK_ROLES)
@require_POST
def settle(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Say whether the family of one time came."""
    rows = Slot.objects.within(request.scope).select_related("surgery__worker", "surgery__agency")
    slot = get_object_or_404(rows.filter(surgery__in=access.surgeries_at_desk(request.user)), uuid=uuid)
    came = {"yes": True, "no": False}.get(request.POST.get("came", ""))
    if came is None:
        return _page(request, slot.surgery, refusal=CHOOSE, status=422)
    try:
        operations.settle(slot=slot, actor=request.user, came=came, now=timezone.now())
    except DomainError as refusal:
        return _page(request, slot.surgery, refusal=refusal.message, status=422)
    return redirect("consultations:desk_surgery", uuid=slot.surgery.uuid)
