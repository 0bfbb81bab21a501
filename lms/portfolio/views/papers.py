"""The workbook, the learning record, and the files that are made of them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lms.accounts.access import SignedInRequest
from lms.accounts.models import User
from lms.common.errors import DomainError
from lms.common.http import look_again, looks_of
from lms.courses.progress import on_courses
from lms.portfolio import operations
from lms.portfolio import record as records
from lms.portfolio import workbook as workbooks
from lms.portfolio.forms import FormForm, RecordForm
from lms.portfolio.models import Form, Paper

MOST_LOOKS = 20


@login_required
@require_safe
def workbook(request: SignedInRequest, course: UUID) -> HttpResponse:
    """All prompts of a course with one's own answers, to read or to have as a file."""
    try:
        found = operations.course_of(request.user, course)
    except operations.NoSuchCourse:
        raise Http404 from None
    document = workbooks.workbook(request.user, found, now=timezone.now())
    return render(request, "portfolio/workbook.html", {"document": document, "course": found, "forms": Form})


@login_required
@require_POST
def make_workbook(request: SignedInRequest, course: UUID) -> HttpResponse:
    """Have the workbook made as a file: a PDF, unless Word is asked for."""
    form = FormForm(request.POST)
    kind = form.cleaned_data["form"] if form.is_valid() else Form.PDF
    try:
        asked = operations.ask_for_workbook(person=request.user, course=course, form=kind, now=timezone.now())
    except operations.NoSuchCourse:
        raise Http404 from None
    except operations.TooMany as refusal:
        messages.info(request, refusal.message)
        return redirect("portfolio:workbook", course=course)
    return redirect("portfolio:paper", paper=asked.uuid)


def _record_form(user: User, sent: QueryDict | None) -> RecordForm:
    return RecordForm(
        sent,
        on_courses=on_courses(user),
        own_awards=records.own_awards(user),
        own_notes=records.own_notes(user),
    )


def _choose(request: SignedInRequest, form: RecordForm) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "portfolio/record.html", {"form": form}, status=status)


@login_required
@require_safe
def choose(request: SignedInRequest) -> HttpResponse:
    """Tick what goes into a learning record; what was ticked in a preview is ticked again."""
    ticked: Any = request.GET or None
    form = _record_form(request.user, ticked)
    if ticked is not None:
        form.is_valid()
    return _choose(request, form)


@login_required
@require_safe
def preview(request: SignedInRequest) -> HttpResponse:
    """What the record would say. The address holds ids alone."""
    form = _record_form(request.user, request.GET)
    if not form.is_valid():
        return _choose(request, form)
    document = records.record(request.user, form.chosen, now=timezone.now())
    context = {"document": document, "ticks": _pairs(form.chosen), "query": request.GET.urlencode(), "forms": Form}
    return render(request, "portfolio/preview.html", context)


def _pairs(chosen: dict[str, Any]) -> list[tuple[str, Any]]:
    """The ticks again, for a form that sends them on."""
    many = [(name, value) for name in ("courses", "awards", "notes") for value in chosen[name]]
    return [*many, *([("hours", "on")] if chosen["hours"] else [])]


@login_required
@require_POST
def make_record(request: SignedInRequest) -> HttpResponse:
    """Have the record made as a file."""
    form = _record_form(request.user, request.POST)
    if form.is_valid():
        kind = form.cleaned_data["form"] or Form.PDF
        try:
            asked = operations.ask_for_record(person=request.user, form=kind, chosen=form.chosen, now=timezone.now())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("portfolio:paper", paper=asked.uuid)
    return _choose(request, form)


def _own(request: SignedInRequest, paper: UUID) -> Paper:
    found: Paper = get_object_or_404(Paper.objects.owned_by(request.user), uuid=paper)
    return found


@login_required
@require_safe
def paper(request: SignedInRequest, paper: UUID) -> HttpResponse:
    """A file: being made, or ready. Looks again by itself for a minute, without any script."""
    found = _own(request, paper)
    goes_on = not found.file and not found.is_given_up and looks_of(request) < MOST_LOOKS
    answer = render(request, "portfolio/paper.html", {"paper": found, "goes_on": goes_on})
    if goes_on:
        look_again(request, answer)
    return answer


@login_required
@require_safe
def download(request: SignedInRequest, paper: UUID) -> HttpResponseBase:
    """Hand out the file to its owner."""
    found, store = _own(request, paper), storages["private"]
    if not found.file or not store.exists(found.file):
        return redirect("portfolio:paper", paper=paper)
    return FileResponse(store.open(found.file), as_attachment=True, filename=found.file_name)
