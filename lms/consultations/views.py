"""Pages for adopters: times to book, one's own talk, and the queue for now."""

from collections.abc import Callable
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.accounts.access import SignedInRequest
from lms.agencies.access import is_verified_adopter, verified_agency_ids
from lms.common import limits
from lms.common.errors import DomainError
from lms.common.failures import too_many_tries
from lms.consultations import operations, reports
from lms.consultations.forms import AboutForm
from lms.consultations.models import Profession, QueuePlace, Slot, SlotState, Standing, Surgery, Way

MOST_CHANGES = 60  # of one person within the window
WINDOW = 3600  # seconds
ON_A_PAGE = 60  # times
LOOK_AGAIN = 30  # seconds after which the page of a queue looks again


def _too_often(request: SignedInRequest) -> HttpResponse | None:
    who = str(request.user.pk)
    if limits.allowed(action="consultations.change", who=who, times=MOST_CHANGES, seconds=WINDOW):
        return None
    return too_many_tries(request, seconds=WINDOW)


@login_required
@require_safe
def times(request: SignedInRequest) -> HttpResponse:
    """Who can be talked to, when, and whether a queue is open now."""
    return _times_page(request)


def _times_page(request: SignedInRequest, *, refusal: str = "", status: int = 200) -> HttpResponse:
    now, wanted = timezone.now(), request.GET.get("with", "")
    profession = wanted if wanted in Profession.values else ""
    free = reports.free_times(request.user, profession=profession, now=now)
    page = Paginator(free, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "days": reports.by_day(page.object_list),
        "page": page,
        "queues": reports.open_queues(request.user, now=now),
        "coming": reports.coming(request.user, now=now),
        "professions": Profession.choices,
        "profession": profession,
        "is_verified": is_verified_adopter(request.user),
        "refusal": refusal,
    }
    return render(request, "consultations/times.html", context, status=status)


# --- One time ------------------------------------------------------------------------------------------------------


def _offered(request: SignedInRequest, uuid: UUID) -> Slot:
    """A time of an agency that knows the reader."""
    rows = Slot.objects.unscoped(because="what is offered is nobody's; whose it is, is asked next")
    rows = rows.filter(surgery__agency__in=verified_agency_ids(request.user)).select_related("surgery__worker")
    return cast(Slot, get_object_or_404(rows.defer("reason", "surgery__way_in"), uuid=uuid))


def _own(request: SignedInRequest, uuid: UUID) -> Slot:
    rows = Slot.objects.owned_by(request.user).select_related("surgery__worker")
    return cast(Slot, get_object_or_404(rows, uuid=uuid))


@login_required
@require_POST
def keep(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Keep a time for five minutes, and go on to say what it is about."""
    slot = _offered(request, uuid)
    if refused := _too_often(request):
        return refused
    try:
        operations.keep_for_a_moment(slot=slot, adopter=request.user, now=timezone.now())
    except DomainError as refusal:
        return _times_page(request, refusal=refusal.message, status=422)
    return redirect("consultations:time", uuid=uuid)


@login_required
@require_safe
def time(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """A time that the reader keeps or has booked."""
    return _time_page(request, _own(request, uuid))


def _time_page(
    request: SignedInRequest, slot: Slot, *, form: AboutForm | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    now = timezone.now()
    is_open = slot.door_at(now) or slot.surgery.way == Way.IN_PERSON
    context = {
        "slot": slot,
        "surgery": slot.surgery,
        "form": form or AboutForm(initial={"reason": slot.reason}),
        "is_kept": slot.state == SlotState.HELD and slot.held_until is not None and slot.held_until > now,
        "is_booked": slot.state == SlotState.BOOKED,
        "is_open": slot.state == SlotState.BOOKED and is_open,
        "has_begun": slot.starts_at <= now,
        "refusal": refusal,
    }
    return render(request, "consultations/time.html", context, status=status)


@login_required
@require_POST
def book(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Book the time that is kept."""
    slot = _own(request, uuid)
    form = AboutForm(request.POST)
    if not form.is_valid():
        return _time_page(request, slot, form=form, status=422)
    try:
        operations.book(slot=slot, adopter=request.user, reason=form.cleaned_data["reason"], now=timezone.now())
    except DomainError as refusal:
        return _time_page(request, slot, form=form, refusal=refusal.message, status=422)
    messages.success(request, f"Booked: {slot.day}, {slot.hours}.")
    return redirect("consultations:time", uuid=uuid)


@login_required
@require_POST
def about(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change what it is about."""
    slot, form = _own(request, uuid), AboutForm(request.POST)
    if slot.state != SlotState.BOOKED:
        raise Http404
    if not form.is_valid():
        return _time_page(request, slot, form=form, status=422)
    operations.say_reason(slot=slot, adopter=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, "Saved. Only the person you talk to reads it.")
    return redirect("consultations:time", uuid=uuid)


@login_required
@require_POST
def give_up(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Give a time up."""
    slot = _own(request, uuid)
    try:
        operations.give_up(slot=slot, adopter=request.user, now=timezone.now())
    except DomainError as refusal:
        return _time_page(request, slot, refusal=refusal.message, status=422)
    messages.success(request, "You've given that time up. That's fine. Somebody else can have it now.")
    return redirect("consultations:times")


@login_required
@require_safe
def room(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Our own way into a video talk: at the click it looks whose it is and what time it is."""
    slot = _own(request, uuid)
    if slot.state != SlotState.BOOKED or slot.surgery.way != Way.VIDEO:
        raise Http404
    return _into(slot.surgery) if slot.door_at(timezone.now()) else redirect("consultations:time", uuid=uuid)


def _into(surgery: Surgery) -> HttpResponse:
    answer = HttpResponseRedirect(surgery.way_in)
    answer.status_code = 303
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "no-store"
    return answer


# --- The queue -----------------------------------------------------------------------------------------------------


def _queue_of(request: SignedInRequest, uuid: UUID) -> Surgery:
    """The queue of a worker of an agency that knows the reader; 404 for any other."""
    rows = Surgery.objects.unscoped(because="who offers a queue is no adopter's data").defer("way_in")
    here = rows.filter(agency__in=verified_agency_ids(request.user)).select_related("worker")
    surgery = cast(Surgery, get_object_or_404(here, uuid=uuid))
    if not surgery.is_queue:
        raise Http404
    return surgery


@login_required
@require_safe
def queue(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Where the reader stands, and about how long it may be. The page looks again by itself."""
    return _queue_page(request, _queue_of(request, uuid))


def _queue_page(
    request: SignedInRequest,
    surgery: Surgery,
    *,
    form: AboutForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    mine = reports.my_place(surgery, request.user, now=timezone.now())
    standing = mine.place.state if mine.place else ""
    context = {"surgery": surgery, "mine": mine, "standing": standing, "form": form or AboutForm(), "refusal": refusal}
    if standing == Standing.CALLED:
        context["way_in"] = surgery.way_in
    answer = render(request, "consultations/queue.html", context, status=status)
    if standing == Standing.WAITING:
        answer["Refresh"] = str(LOOK_AGAIN)  # a header: it works without JavaScript
    return answer


@login_required
@require_http_methods(["POST"])
def queue_join(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Stand at the end of the queue."""
    surgery = _queue_of(request, uuid)
    if refused := _too_often(request):
        return refused
    form = AboutForm(request.POST)
    if not form.is_valid():
        return _queue_page(request, surgery, form=form, status=422)

    def join() -> QueuePlace:
        reason = form.cleaned_data["reason"]
        return operations.join(surgery=surgery, adopter=request.user, reason=reason, now=timezone.now())

    return _do(request, surgery, join, form=form)


def _do(request: SignedInRequest, surgery: Surgery, deed: Callable[[], object], *, form: AboutForm) -> HttpResponse:
    try:
        deed()
    except DomainError as refusal:
        return _queue_page(request, surgery, form=form, refusal=refusal.message, status=422)
    return redirect("consultations:queue", uuid=surgery.uuid)


@login_required
@require_POST
def queue_leave(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Leave the queue."""
    surgery = _queue_of(request, uuid)
    operations.leave(surgery=surgery, adopter=request.user, now=timezone.now())
    messages.success(request, "You've left the queue. You can join again while it's open.")
    return redirect("consultations:times")


@login_required
@require_safe
def queue_room(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The way into a video talk, for who has just been called."""
    surgery = _queue_of(request, uuid)
    called = QueuePlace.objects.owned_by(request.user).filter(surgery=surgery, state=Standing.CALLED)
    if surgery.way != Way.VIDEO or not called.exists():
        raise Http404
    return _into(surgery)
