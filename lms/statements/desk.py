"""Statements at the desk: a copy for one learner or a group, and the agency's own record store."""

from collections.abc import Iterator
from itertools import chain
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from lms.agencies.access import StaffRequest, staff_required
from lms.agencies.models import Agency
from lms.common.errors import DomainError
from lms.courses.models import Cohort, Enrolment
from lms.statements import gathering, operations, reports
from lms.statements.access import COPY_ROLES, STORE_ROLES, agencies_with_store, store_hosts
from lms.statements.files import as_file
from lms.statements.forms import StoreForm

ON_A_PAGE = 30


@staff_required(*COPY_ROLES)
@require_POST
def person(request: StaffRequest, enrolment: UUID) -> HttpResponseBase:
    """What one learner did through the agency, as a file."""
    rows = Enrolment.objects.within(request.scope).select_related("person", "agency")
    found = cast(Enrolment, get_object_or_404(rows, uuid=enrolment))
    agency = cast(Agency, found.agency)
    said = gathering.statements_of(found.person, agency=agency)
    return _copy(request, said, agency, f"enrolment:{found.pk}", name="learner") or redirect(
        "courses:desk_person", enrolment
    )


def _copy(
    request: StaffRequest, said: Iterator[dict[str, Any]], agency: Agency, target: str, *, name: str
) -> StreamingHttpResponse | None:
    """Statements as a file, which is written down; None, and a word about it, where there is none yet."""
    first = next(said, None)
    if first is None:
        messages.info(request, "There's nothing to take yet. Once something is read or answered, it's here.")
        return None
    operations.note_copy(agency=agency, target=target, actor=request.user, now=timezone.now())
    return as_file(chain([first], said), name=name)


@staff_required(*COPY_ROLES)
@require_POST
def group(request: StaffRequest, cohort: UUID) -> HttpResponseBase:
    """What the people of a group did on its course, as a file."""
    rows = Cohort.objects.within(request.scope).select_related("agency")
    found = cast(Cohort, get_object_or_404(rows, uuid=cohort))
    said = gathering.statements_of_group(found)
    return _copy(request, said, found.agency, f"cohort:{found.pk}", name="group") or redirect(
        "courses:desk_group", cohort
    )


def _agency(request: StaffRequest) -> Agency:
    """The agency asked for, else the first of one's own."""
    agencies = agencies_with_store(request.user)
    asked = request.POST.get("agency") or request.GET.get("agency")
    found = agencies.filter(slug=asked).first() if asked else agencies.first()
    if found is None:
        raise Http404
    return found


def _page(request: StaffRequest, agency: Agency, *, typed: StoreForm | None = None) -> HttpResponse:
    kept = reports.store_of(agency)
    batches = Paginator(reports.batches_of(kept), ON_A_PAGE).get_page(request.GET.get("page")) if kept else None
    context = {
        "agency": agency,
        "agencies": agencies_with_store(request.user),
        "store": kept,
        "form": typed.without_key() if typed else StoreForm(kept=kept),
        "counts": reports.counts_of(kept) if kept else {},
        "standing": reports.standing_of(kept) if kept else None,
        "batches": batches,
        "troubles": reports.TROUBLES,
        "is_possible": bool(store_hosts()),
    }
    return render(request, "statements/desk/store.html", context, status=422 if typed else 200)


@staff_required(*STORE_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def store(request: StaffRequest) -> HttpResponse:
    """Where the agency's statements go, and how that goes."""
    agency = _agency(request)
    if request.method != "POST":
        return _page(request, agency)
    form = StoreForm(request.POST, kept=reports.store_of(agency))
    if form.is_valid():
        try:
            operations.save_store(agency=agency, actor=request.user, now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("endpoint" if refusal.code.endswith("refused") else "key", refusal.message)
        else:
            messages.success(request, "Saved.")
            return _back(agency)
    return _page(request, agency, typed=form)


@staff_required(*STORE_ROLES)
@require_POST
def again(request: StaffRequest) -> HttpResponse:
    """Send now what was tried in vain."""
    agency = _agency(request)
    kept = reports.store_of(agency)
    if kept:
        count = operations.try_now(store=kept, actor=request.user, now=timezone.now())
        said = "We're trying now. Load the page again in a moment to see how it went."
        messages.success(request, said if count else "Nothing waits to be tried again.")
    return _back(agency)


def _back(agency: Agency) -> HttpResponse:
    answer = redirect("statements:desk_store")
    answer["Location"] += f"?agency={agency.slug}"
    return answer
