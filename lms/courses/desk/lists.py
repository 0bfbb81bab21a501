"""Lists of people at the desk: sent in, looked through, said yes to, and what became of each line."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lms.agencies.access import StaffRequest, staff_required
from lms.audit.operations import record
from lms.common.errors import DomainError
from lms.common.sheets import stream
from lms.courses import operations
from lms.courses.desk.forms import ListForm, ShowForm
from lms.courses.desk.inviting import WHO_INVITES, agencies_of, course_or_404, show_page
from lms.courses.models import TO_DO, ListLine, ListLineQuerySet, ListState, Outcome, PeopleList

ON_A_PAGE = 100
AT_ONCE = 2_000  # lines that are read at a time for a file
HEADS = ("line", "email", "group", "result", "what happened")
COLUMNS = ("number", "address", "group", "outcome", "says")


@staff_required(*WHO_INVITES)
@require_POST
def send(request: StaffRequest, course: int) -> HttpResponse:
    """Take a list in, and have it looked through before anything is done."""
    found = course_or_404(course)
    form = ListForm(request.POST, request.FILES, agencies=agencies_of(request))
    if not form.is_valid():
        return show_page(request, found, upload=form)
    agency, lines = form.cleaned_data["agency"], form.cleaned_data["file"]
    taken = operations.take_list(course=found, agency=agency, lines=lines, actor=request.user, now=timezone.now())
    return redirect("courses:desk_list", taken.uuid)


def _people(request: StaffRequest, uuid: UUID) -> PeopleList:
    rows = PeopleList.objects.within(request.scope).select_related("course", "agency")
    found: PeopleList = get_object_or_404(rows, uuid=uuid)
    return found


def _lines(request: StaffRequest, people: PeopleList) -> ListLineQuerySet:
    rows: ListLineQuerySet = ListLine.objects.within(request.scope).filter(people=people)
    return rows


@staff_required(*WHO_INVITES)
@require_safe
def show(request: StaffRequest, people: UUID) -> HttpResponse:
    """How far a list is, what each line would do or did, and the way on."""
    return _show(request, _people(request, people))


def _show(request: StaffRequest, people: PeopleList, *, refusal: str = "") -> HttpResponse:
    asks_how_far = request.headers.get("HX-Request") == "true"
    if people.is_at_work:
        template = "courses/desk/parts/how_far.html" if asks_how_far else "courses/desk/list.html"
        return render(request, template, {"people": people, **_how_far(_lines(request, people), people)})
    if asks_how_far:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {"people": people, "refusal": refusal, **_what_is_in(request, _lines(request, people))}
    return render(request, "courses/desk/list.html", context, status=422 if refusal else 200)


def _how_far(lines: ListLineQuerySet, people: PeopleList) -> dict[str, int]:
    still = {"outcome": ""} if people.state == ListState.LOOKING else {"is_done": False}
    total = lines.count()
    return {"total": total, "through": total - lines.filter(**still).count()}


def _what_is_in(request: StaffRequest, lines: ListLineQuerySet) -> dict[str, Any]:
    """The lines that are asked for, a page of them, and how many come to what."""
    counted, wanted = lines.counted(), ShowForm(request.GET)
    shown = wanted.cleaned_data["show"] if wanted.is_valid() else ""
    narrowed = lines.filter(outcome=shown) if shown else lines
    return {
        "total": sum(counted.values()),
        "shown": shown,
        "counts": [(one.value, one.label.capitalize(), counted[one]) for one in Outcome if one in counted],
        "faults": counted.get(Outcome.FAULT, 0),
        "to_do": sum(counted.get(one, 0) for one in TO_DO),
        "page": Paginator(narrowed.order_by("number"), ON_A_PAGE).get_page(request.GET.get("page")),
    }


@staff_required(*WHO_INVITES)
@require_POST
def do(request: StaffRequest, people: UUID) -> HttpResponse:
    """Yes: do what the list says."""
    found = _people(request, people)
    try:
        operations.confirm_list(people=found, actor=request.user, now=timezone.now())
    except DomainError as refusal:
        return _show(request, found, refusal=refusal.message)
    return redirect("courses:desk_list", people)


@staff_required(*WHO_INVITES)
@require_POST
def drop(request: StaffRequest, people: UUID) -> HttpResponse:
    """No: forget the list."""
    found = _people(request, people)
    try:
        operations.drop_list(people=found, actor=request.user, now=timezone.now())
    except DomainError as refusal:
        return _show(request, found, refusal=refusal.message)
    messages.success(request, "The list is forgotten. Nothing was done.")
    return redirect("courses:desk_invite", found.course_id)


@staff_required(*WHO_INVITES)
@require_safe
def result(request: StaffRequest, people: UUID) -> StreamingHttpResponse:
    """What each line comes to, as a file."""
    found = _people(request, people)
    record(
        action="courses.list_exported",
        target=f"people_list:{found.pk}",
        actor_id=request.user.pk,
        agency_id=found.agency_id,
        now=timezone.now(),
    )
    return stream(_rows(_lines(request, found)), name="list-result")


def _rows(lines: ListLineQuerySet) -> Iterator[tuple[str, ...]]:
    yield HEADS
    last = 0
    while page := list(lines.filter(number__gt=last).order_by("number").values_list(*COLUMNS)[:AT_ONCE]):
        for number, address, group, outcome, says in page:
            yield str(number), address, group, Outcome(outcome).label if outcome else "", says
        last = page[-1][0]
