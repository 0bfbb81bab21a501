"""How one person stands on a course: their history, their other courses, and what staff may change, with a reason."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lms.accounts.models import User
from lms.agencies.access import StaffRequest, staff_required
from lms.common.errors import DomainError
from lms.courses import operations
from lms.courses.desk.forms import PlaceForm, ReasonForm, StateForm, TimeForm
from lms.courses.joining import ahead_of
from lms.courses.models import Cohort, Enrolment, EnrolmentChange, EnrolmentState

Act = Callable[..., Any]
DEEDS: dict[str, tuple[str, Act]] = {
    "state": ("Changed, with your reason.", operations.change_state),
    "time": ("They have time until that day.", operations.give_time),
    "again": ("A new round has begun. The old one is kept.", operations.renew),
    "group": ("Their group is changed.", operations.put_into),
}


def _theirs(request: StaffRequest, uuid: UUID) -> Enrolment:
    rows = Enrolment.objects.within(request.scope).select_related("person", "course", "agency", "cohort")
    found: Enrolment = get_object_or_404(rows, uuid=uuid)
    return found


def _forms(request: StaffRequest, enrolment: Enrolment, deed: str = "") -> dict[str, forms.Form]:
    """The forms of the page; the one of ``deed`` as it was sent."""
    sent = {name: request.POST if name == deed else None for name in DEEDS}
    cohorts = Cohort.objects.within(request.scope).filter(course=enrolment.course_id, agency=enrolment.agency_id)
    return {
        "state": StateForm(sent["state"], prefix="state", before=enrolment.state),
        "time": TimeForm(sent["time"], prefix="time"),
        "again": ReasonForm(sent["again"], prefix="again"),
        "group": PlaceForm(
            sent["group"],
            prefix="group",
            cohorts=cohorts.order_by("name"),
            initial={"cohort": enrolment.cohort and enrolment.cohort.uuid},
        ),
    }


@staff_required(*operations.WHO_INVITES)
@require_safe
def standing(request: StaffRequest, enrolment: UUID) -> HttpResponse:
    """How somebody stands on a course, and how they came to."""
    theirs = _theirs(request, enrolment)
    return _page(request, theirs, _forms(request, theirs))


def _page(request: StaffRequest, enrolment: Enrolment, known: dict[str, forms.Form]) -> HttpResponse:
    changes = list(EnrolmentChange.objects.within(request.scope).filter(enrolment=enrolment).order_by("-pk")[:100])
    names = dict(User.objects.filter(pk__in={row.actor_id for row in changes}).values_list("pk", "display_name"))
    others = Enrolment.objects.within(request.scope).filter(person=enrolment.person_id).exclude(pk=enrolment.pk)
    context = {
        "enrolment": enrolment,
        "forms": known,
        "changes": [(row, names.get(row.actor_id or 0, ""), _label(row.after)) for row in changes],
        "others": others.select_related("course").order_by("course__title", "pk"),
        "place": place + 1 if (place := ahead_of(enrolment)) is not None else None,
        "is_finished": enrolment.state == EnrolmentState.COMPLETED,
    }
    sent = any(form.is_bound for form in known.values())
    return render(request, "courses/desk/standing.html", context, status=422 if sent else 200)


def _label(state: str) -> str:
    return EnrolmentState(state).label


@staff_required(*operations.WHO_INVITES)
@require_POST
def change(request: StaffRequest, enrolment: UUID, deed: str) -> HttpResponse:
    """Change how somebody stands: their state, their time, their group, or a new round."""
    if deed not in DEEDS:
        raise Http404
    theirs = _theirs(request, enrolment)
    known = _forms(request, theirs, deed)
    form, (said, act) = known[deed], DEEDS[deed]
    if form.is_valid():
        try:
            act(enrolment=theirs, actor=request.user, now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, said)
            return redirect("courses:desk_standing", enrolment)
    return _page(request, theirs, known)
