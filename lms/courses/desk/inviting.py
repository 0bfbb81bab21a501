"""Inviting people to a course by typing addresses, and what became of invitations."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from lms.agencies.access import StaffRequest, staff_required
from lms.agencies.models import Agency
from lms.common.errors import DomainError
from lms.courses import operations
from lms.courses.desk.forms import InviteForm, ListForm
from lms.courses.models import Cohort, Course, CourseInvitation, PeopleList

WHO_INVITES = operations.WHO_INVITES
ON_A_PAGE = 100
LISTS = 5  # that are shown, the newest


def agencies_of(request: StaffRequest) -> QuerySet[Agency]:
    """The agencies for which the member of staff may act here."""
    return Agency.objects.filter(pk__in=request.scope.agency_ids)


def course_or_404(pk: int) -> Course:
    """A course by its number."""
    return get_object_or_404(Course.objects.all(), pk=pk)


def _form(request: StaffRequest, course: Course, data: Any = None) -> InviteForm:
    cohorts = Cohort.objects.within(request.scope).filter(course=course).order_by("name")
    return InviteForm(data, agencies=agencies_of(request), cohorts=cohorts)


def show_page(
    request: StaffRequest, course: Course, *, form: InviteForm | None = None, upload: ListForm | None = None
) -> HttpResponse:
    """The page of inviting, with what was typed or sent where that could not be used."""
    lists = PeopleList.objects.within(request.scope).filter(course=course).select_related("agency", "sent_by")
    rows = CourseInvitation.objects.within(request.scope).filter(course=course).select_related("cohort", "accepted_by")
    context = {
        "course": course,
        "form": form or _form(request, course),
        "upload": upload or ListForm(agencies=agencies_of(request)),
        "lists": lists.order_by("-pk")[:LISTS],
        "invitations": Paginator(rows.order_by("-pk"), ON_A_PAGE).get_page(request.GET.get("page")),
        "now": timezone.now(),
    }
    return render(request, "courses/desk/invite.html", context, status=422 if form or upload else 200)


@staff_required(*WHO_INVITES)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: StaffRequest, course: int) -> HttpResponse:
    """Invite addresses, and see what became of invitations."""
    found = course_or_404(course)
    if request.method != "POST":
        return show_page(request, found)
    form = _form(request, found, request.POST)
    if form.is_valid():
        try:
            known = operations.invite(course=found, actor=request.user, now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            _say(request, list(known.values()))
            return redirect("courses:desk_invite", course)
    return show_page(request, found, form=form)


def _say(request: StaffRequest, known: list[str]) -> None:
    invited, let_in = known.count(operations.NEW), known.count(operations.ASKED)
    said = [f"{invited} invited. The letters are on their way."] if invited else []
    said += [f"{let_in} had asked to join, and now they're let in."] if let_in else []
    rest = len(known) - invited - let_in
    said += [f"For {rest} nothing changed: invited or on the course already."] if rest else []
    messages.success(request, " ".join(said))


@staff_required(*WHO_INVITES)
@require_POST
def withdraw(request: StaffRequest, invitation: UUID) -> HttpResponse:
    """Take an invitation back."""
    row = get_object_or_404(CourseInvitation.objects.within(request.scope), uuid=invitation)
    try:
        operations.withdraw(invitation=row, actor=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, "The invitation is taken back. It opens nothing any more.")
    return redirect("courses:desk_invite", row.course_id)
