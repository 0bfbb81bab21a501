"""Sharing courses: saving one as a file, bringing one in, and what that would change before it does."""

import tempfile
from io import SEEK_END, BytesIO
from typing import IO, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cms.courseformat import archives
from cms.models import CoursePage
from lms.agencies.access import StaffRequest, staff_required
from lms.audit.operations import record
from lms.common.errors import DomainError
from lms.sharing import operations
from lms.sharing.access import SHARING_ROLES, arrivals, homes, may_keep_small_things
from lms.sharing.forms import BringForm, HomeForm
from lms.sharing.models import Arrival, ArrivalState

ON_A_PAGE = 30
LOOK_AGAIN = 3  # seconds
IN_MEMORY = 5_000_000  # bytes of a course that is handed out without a file on the disk
KINDS = {
    "course": "Course",
    "module": "Part",
    "lesson": "Lesson",
    "topic": "Topic",
    "trainer": "Trainer",
    "fact": "Dated fact",
    "package": "Package",
}
DEEDS = {"new": "New", "changed": "Changed", "same": "The same", "here": "Here already, and stays"}


def _page(request: StaffRequest, form: BringForm, *, problems: list[str] | None = None, of: str = "") -> HttpResponse:
    rows = CoursePage.objects.only("title", "slug", "identity", "live").order_by("title", "pk")
    brought = arrivals().defer("foreseen", "refusal").select_related("brought_by").order_by("-brought_at", "-pk")
    context = {
        "form": form,
        "courses": rows,
        "page": Paginator(brought, ON_A_PAGE).get_page(request.GET.get("page")),
        "problems": problems,
        "of": of,
    }
    return render(request, "sharing/courses.html", context, status=422 if problems or form.errors else 200)


@staff_required(*SHARING_ROLES)
@require_safe
def courses(request: StaffRequest) -> HttpResponse:
    """All courses, to save, and those that came from elsewhere."""
    return _page(request, BringForm())


@staff_required(*SHARING_ROLES)
@require_safe
def save(request: StaffRequest, course: UUID) -> HttpResponseBase:
    """One course as a file."""
    found = get_object_or_404(CoursePage, identity=course)
    try:
        saved = _saved(found)
    except archives.NotSound as refusal:
        return _page(request, BringForm(), problems=[str(one) for one in refusal.problems], of=found.title)
    record(action="course.saved", target=f"page:{found.pk}", actor_id=request.user.pk, now=timezone.now())
    return FileResponse(saved, as_attachment=True, filename=f"{found.slug}.zip", content_type="application/zip")


def _saved(course: CoursePage) -> IO[bytes]:
    """A course as an open file, in memory where it is small. Raises NotSound of archives."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 - who sends it closes it
    try:
        archives.write(course, out)
        small = out.seek(0, SEEK_END) <= IN_MEMORY
        out.seek(0)
        if not small:
            return out
    except archives.NotSound:
        out.close()
        raise
    with out:
        return BytesIO(out.read())


@staff_required(*SHARING_ROLES)
@require_POST
def bring(request: StaffRequest) -> HttpResponse:
    """Take one in. The worker looks at it, and nothing is changed yet."""
    form = BringForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            arrival = operations.take_in(
                file=form.cleaned_data["file"],
                actor=request.user,
                most_bytes=settings.LMS_COURSE_BYTES,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error("file", refusal.message)
        else:
            return redirect("sharing:arrival", uuid=arrival.uuid)
    return _page(request, form)


def _arrival(uuid: UUID) -> Arrival:
    return cast(Arrival, get_object_or_404(arrivals().select_related("brought_by"), uuid=uuid))


@staff_required(*SHARING_ROLES)
@require_safe
def arrival(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """What a course would bring, how far it is, and what came of it."""
    return _show(request, _arrival(uuid))


def _home_form(request: StaffRequest, found: Arrival) -> HomeForm | None:
    """Whose its packages will be, where that has to be said."""
    if found.state != ArrivalState.READY or not operations.brings_packages(found):
        return None
    return HomeForm(request.POST if request.method == "POST" else None, homes=homes(request.user))


def _show(
    request: StaffRequest, found: Arrival, *, form: HomeForm | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    steps = found.foreseen.get("steps", [])
    page = CoursePage.objects.filter(identity=found.foreseen["identity"]).first() if steps else None
    context = {
        "arrival": found,
        "steps": [{**step, "kind": KINDS[step["kind"]], "deed": DEEDS[step["deed"]]} for step in steps],
        "changes": sum(step["deed"] in {"new", "changed"} for step in steps),
        "needs_editor": operations.brings_small_things(found) and not may_keep_small_things(request.user),
        "page": page,
        "form": form or _home_form(request, found),
        "refusal": refusal,
    }
    answer = render(request, "sharing/arrival.html", context, status=status)
    if found.is_at_work and not found.waits_for_scanner:
        answer["Refresh"] = str(LOOK_AGAIN)
    return answer


@staff_required(*SHARING_ROLES)
@require_POST
def confirm(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Yes: write it as drafts."""
    found = _arrival(uuid)
    form = _home_form(request, found)
    if form and not form.is_valid():
        return _show(request, found, form=form, status=422)
    agency = form.cleaned_data["agency"] if form else None
    try:
        operations.confirm(arrival=found, actor=request.user, now=timezone.now(), agency=agency)
    except DomainError as refusal:
        return _show(request, found, refusal=refusal.message, status=422)
    return redirect("sharing:arrival", uuid=uuid)


@staff_required(*SHARING_ROLES)
@require_POST
def drop(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """No: put it aside."""
    found = _arrival(uuid)
    try:
        operations.drop(arrival=found, actor=request.user, now=timezone.now())
    except DomainError as refusal:
        return _show(request, found, refusal=refusal.message, status=422)
    messages.success(request, "Put aside. Nothing was changed.")
    return redirect("sharing:courses")
