"""Packages at the desk: which there are, bringing one in, replacing it, when it counts as done, what they say."""

from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.agencies.access import DESK_ROLES, StaffRequest, rights_of, staff_required
from lms.agencies.models import Agency
from lms.courses.models import Enrolment
from lms.packages import hosting, operations, reports
from lms.packages.access import PACKAGE_ROLES, packages_at_desk
from lms.packages.forms import ReplaceForm, SettingsForm, UploadForm
from lms.packages.models import Package, Version

ON_A_PAGE = 30


def _limits() -> dict[str, int]:
    return {"most_bytes": settings.LMS_PACKAGE_BYTES, "quota": settings.LMS_PACKAGES_BYTES_EACH_AGENCY}


@staff_required(*PACKAGE_ROLES)
@require_safe
def packages(request: StaffRequest) -> HttpResponse:
    """All that one may look after."""
    rows = packages_at_desk(request.user).select_related("agency", "latest").order_by("title", "pk")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "packages/desk/packages.html", {"page": page, "is_possible": hosting.is_possible()})


@staff_required(*PACKAGE_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: StaffRequest) -> HttpResponse:
    """Bring one in. It is judged at once and unpacked by the worker."""
    agencies = list(Agency.objects.filter(pk__in=rights_of(request.user).agencies(*PACKAGE_ROLES)))
    form = UploadForm(request.POST or None, request.FILES or None, agencies=agencies)
    if request.method == "POST" and form.is_valid():
        try:
            kept = operations.upload_package(
                file=form.cleaned_data["file"],
                title=form.cleaned_data["title"],
                agency=form.agency_chosen,
                identity=form.cleaned_data["identity"],
                actor=request.user,
                now=timezone.now(),
                **_limits(),
            )
        except operations.UploadRefused as refusal:
            form.add_error("file", refusal.message)
        else:
            messages.success(request, "Uploaded. It's being unpacked now.")
            return redirect("packages:desk_package", uuid=kept.uuid)
    status = 422 if request.method == "POST" else 200
    return render(request, "packages/desk/upload.html", {"form": form}, status=status)


def _package(request: StaffRequest, uuid: UUID) -> Package:
    rows = packages_at_desk(request.user).select_related("agency", "latest")
    return cast(Package, get_object_or_404(rows, uuid=uuid))


def _page(
    request: StaffRequest,
    package: Package,
    *,
    form: SettingsForm | None = None,
    replace: ReplaceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    same = {name: getattr(package, name) for name in ("title", "policy", "pass_mark")}
    context = {
        "package": package,
        "versions": list(Version.objects.filter(package=package).defer("manifest").select_related("uploaded_by")),
        "asked_for": reports.asked_for(package.latest, package) if package.latest else [],
        "form": form or SettingsForm(initial=same),
        "replace": replace or ReplaceForm(initial={"on_replace": package.on_replace}),
    }
    return render(request, "packages/desk/package.html", context, status=status)


@staff_required(*PACKAGE_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def package(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Its versions, and when it counts as done."""
    found = _package(request, uuid)
    if request.method != "POST":
        return _page(request, found)
    form = SettingsForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    operations.settle_package(package=found, actor=request.user, now=timezone.now(), **form.cleaned_data)
    messages.success(request, "Saved. What people have done already stays done.")
    return redirect("packages:desk_package", uuid=uuid)


@staff_required(*PACKAGE_ROLES)
@require_POST
def replace(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Bring in a new version."""
    found, form = _package(request, uuid), ReplaceForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            operations.upload_version(
                package=found,
                file=form.cleaned_data["file"],
                on_replace=form.cleaned_data["on_replace"],
                actor=request.user,
                now=timezone.now(),
                **_limits(),
            )
        except operations.UploadRefused as refusal:
            form.add_error("file", refusal.message)
        else:
            messages.success(request, "Uploaded. The old version stays until the new one is ready.")
            return redirect("packages:desk_package", uuid=uuid)
    return _page(request, found, replace=form, status=422)


@staff_required(*DESK_ROLES)
@require_safe
def reported(request: StaffRequest, enrolment: UUID) -> HttpResponse:
    """What packages have said of somebody on a course: their claims, and nothing that the person wrote in one."""
    people = Enrolment.objects.within(request.scope).select_related("person", "course")
    found = get_object_or_404(people, uuid=enrolment)
    rows = reports.reported(person=found.person, course=found.course.identity)
    return render(request, "packages/desk/reported.html", {"enrolment": found, "rows": rows})
