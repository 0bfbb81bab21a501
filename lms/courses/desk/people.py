"""One person on a course: what is done, never what was answered; and what staff may do for them by hand."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lms.agencies.access import DESK_ROLES, StaffRequest, rights_of, staff_required
from lms.agencies.models import Role
from lms.common.errors import DomainError
from lms.courses import forms, operations, rules
from lms.courses.models import Enrolment, MarkedByHand
from lms.courses.progress import Progress, of_rounds, rounds_of

WHO_MARKS = (Role.TRAINER, Role.COORDINATOR, Role.MANAGER)


@dataclass(frozen=True)
class ItemRow:
    """An item of a lesson. rule: what does it, in words. marked: by whom it was marked by hand, if it was."""

    id: str
    kind: str
    title: str
    lesson: str
    rule: str
    done: bool
    required: bool
    marked: MarkedByHand | None


def _enrolment(request: StaffRequest, uuid: UUID) -> Enrolment:
    people = Enrolment.objects.within(request.scope).select_related("person", "course", "agency")
    found: Enrolment = get_object_or_404(people, uuid=uuid)
    return found


def _progress(enrolment: Enrolment) -> Progress | None:
    rounds = list(rounds_of(enrolment.person).filter(enrolment=enrolment))
    return of_rounds(rounds)[0] if rounds else None


def _rows(progress: Progress) -> list[ItemRow]:
    marks = MarkedByHand.objects.unscoped(because="the enrolment was read within scope").filter(round=progress.round)
    by_hand = {str(mark.item): mark for mark in marks}
    return [
        ItemRow(
            id=item["id"],
            kind=item["kind"],
            title=item["title"] or "A question",
            lesson=lesson["title"],
            rule=rules.rule(item["kind"]),
            done=item["id"] in progress.held and progress.held[item["id"]].done,
            required=item["required"],
            marked=by_hand.get(item["id"]),
        )
        for lesson in progress.lessons
        for item in lesson["items"]
    ]


@staff_required(*DESK_ROLES)
@require_safe
def person(request: StaffRequest, enrolment: UUID) -> HttpResponse:
    """What somebody has done of a course, item by item."""
    return _show(request, _enrolment(request, enrolment), forms.MarkForm(), forms.AdjustForm())


def _show(
    request: StaffRequest, enrolment: Enrolment, mark: forms.MarkForm, adjust: forms.AdjustForm, *, status: int = 200
) -> HttpResponse:
    progress = _progress(enrolment)
    rows = _rows(progress) if progress else []
    if not adjust.is_bound:
        adjust = forms.AdjustForm(initial={"extra_time": enrolment.extra_time, "extra_tries": enrolment.extra_tries})
    context = {
        "enrolment": enrolment,
        "progress": progress,
        "rows": rows,
        "has_packages": any(row.kind == "package" for row in rows),
        "may_mark": rights_of(request.user).holds(*WHO_MARKS),
        "may_change": rights_of(request.user).holds(*operations.WHO_INVITES),
        "to_mark": [row for row in rows if row.required and not row.done],
        "wants_mark": progress is not None and progress.answers_missing > 0,
        "mark": mark,
        "adjust": adjust,
    }
    return render(request, "courses/desk/person.html", context, status=status)


@staff_required(*WHO_MARKS)
@require_POST
def mark_done(request: StaffRequest, enrolment: UUID) -> HttpResponse:
    """Something is marked as done by hand, with a reason that the learner sees."""
    theirs, form = _enrolment(request, enrolment), forms.MarkForm(request.POST)
    if not form.is_valid():
        return _show(request, theirs, form, forms.AdjustForm(), status=422)
    try:
        operations.mark_done(enrolment=theirs, actor=request.user, now=timezone.now(), **form.cleaned_data)
    except operations.UnknownItem:
        raise Http404 from None
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return _show(request, theirs, form, forms.AdjustForm(), status=422)
    messages.success(request, "Marked as done. They see your name and your reason.")
    return redirect("courses:desk_person", enrolment)


@staff_required(*WHO_MARKS)
@require_POST
def adjust(request: StaffRequest, enrolment: UUID) -> HttpResponse:
    """More time and more tries, for who needs them."""
    theirs, form = _enrolment(request, enrolment), forms.AdjustForm(request.POST)
    if not form.is_valid():
        return _show(request, theirs, forms.MarkForm(), form, status=422)
    operations.adjust(enrolment=theirs, actor=request.user, now=timezone.now(), **form.cleaned_data)
    messages.success(request, "That holds for every try they begin from now on.")
    return HttpResponseRedirect(request.path.removesuffix("adjust/"))
