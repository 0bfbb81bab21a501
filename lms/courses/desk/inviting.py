"""Inviting people to a course: by typing addresses, or with a list that is looked through first."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from lms.agencies.access import StaffRequest, staff_required
from lms.agencies.models import Agency
from lms.common.errors import DomainError
from lms.common.sheets import download
from lms.courses import operations, rules
from lms.courses.desk.forms import CheckedListForm, InviteForm, ListForm
from lms.courses.models import Cohort, Course, CourseInvitation

WHO_INVITES = operations.WHO_INVITES
ON_A_PAGE = 100
HEADS = ("line", "email", "group", "result")


def agencies_of(request: StaffRequest) -> QuerySet[Agency]:
    """The agencies for which the member of staff may act here."""
    return Agency.objects.filter(pk__in=request.scope.agency_ids)


def course_or_404(pk: int) -> Course:
    """A course by its number."""
    return get_object_or_404(Course.objects.all(), pk=pk)


def _form(request: StaffRequest, course: Course, data: Any = None) -> InviteForm:
    cohorts = Cohort.objects.within(request.scope).filter(course=course).order_by("name")
    return InviteForm(data, agencies=agencies_of(request), cohorts=cohorts)


def _page(
    request: StaffRequest, course: Course, *, form: InviteForm | None = None, upload: ListForm | None = None
) -> HttpResponse:
    rows = CourseInvitation.objects.within(request.scope).filter(course=course).select_related("cohort", "accepted_by")
    context = {
        "course": course,
        "form": form or _form(request, course),
        "upload": upload or ListForm(agencies=agencies_of(request)),
        "invitations": rows.order_by("-invited_at", "-pk")[:ON_A_PAGE],
        "now": timezone.now(),
    }
    return render(request, "courses/desk/invite.html", context, status=422 if form or upload else 200)


@staff_required(*WHO_INVITES)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: StaffRequest, course: int) -> HttpResponse:
    """Invite addresses, and see what became of invitations."""
    found = course_or_404(course)
    if request.method != "POST":
        return _page(request, found)
    form = _form(request, found, request.POST)
    if form.is_valid():
        try:
            known = operations.invite(course=found, actor=request.user, now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            _say(request, list(known.values()))
            return redirect("courses:desk_invite", course)
    return _page(request, found, form=form)


def _say(request: StaffRequest, known: list[str]) -> None:
    invited, let_in = known.count(operations.NEW), known.count(operations.ASKED)
    said = [f"{invited} invited. The letters are on their way."] if invited else []
    said += [f"{let_in} had asked to join and can begin."] if let_in else []
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


@staff_required(*WHO_INVITES)
@require_POST
def look_through(request: StaffRequest, course: int) -> HttpResponse:
    """Say line by line what a list would do, before anything is done."""
    found = course_or_404(course)
    form = ListForm(request.POST, request.FILES, agencies=agencies_of(request))
    if not form.is_valid():
        return _page(request, found, upload=form)
    agency, text = form.cleaned_data["agency"], form.cleaned_data["file"]
    try:
        results = operations.look_through(course=found, agency=agency, text=text, now=timezone.now())
    except rules.UnreadableList as fault:
        form.add_error("file", str(fault))
        return _page(request, found, upload=form)
    return _results(request, found, agency, text, results)


@staff_required(*WHO_INVITES)
@require_POST
def bring_in(request: StaffRequest, course: int) -> HttpResponse:
    """Do what a list says; or hand out what was said of each line, as a file."""
    found = course_or_404(course)
    form = CheckedListForm(request.POST, agencies=agencies_of(request))
    if not form.is_valid():
        return HttpResponseRedirect(reverse("courses:desk_invite", args=[course]))
    agency, text, now = form.cleaned_data["agency"], form.cleaned_data["text"], timezone.now()
    try:
        if "keep" in request.POST:
            return _file(operations.look_through(course=found, agency=agency, text=text, now=now))
        results = operations.bring_in(course=found, agency=agency, text=text, actor=request.user, now=now)
    except rules.UnreadableList:
        return HttpResponseRedirect(reverse("courses:desk_invite", args=[course]))
    except operations.ListHasFaults:
        results = operations.look_through(course=found, agency=agency, text=text, now=now)
        return _results(request, found, agency, text, results)
    _say(request, [result.what for result in results if result.what])
    return redirect("courses:desk_invite", course)


def _results(
    request: StaffRequest, course: Course, agency: Agency, text: str, results: list[operations.LineResult]
) -> HttpResponse:
    faults = sum(result.is_fault for result in results)
    context = {
        "course": course,
        "agency": agency,
        "text": text,
        "results": results,
        "faults": faults,
        "changes": sum(result.what in (operations.NEW, operations.ASKED) for result in results),
    }
    return render(request, "courses/desk/list.html", context, status=422 if faults else 200)


def _file(results: list[operations.LineResult]) -> HttpResponse:
    rows = [(str(one.line.number), one.line.address, one.line.group, one.says) for one in results]
    return download([HEADS, *rows], name="list-result", kind="csv")
