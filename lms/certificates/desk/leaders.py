"""Who leads groups for one's own agency: for the insurer, and to see whose award ends soon."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lms.agencies.access import DESK_ROLES, StaffRequest, staff_required
from lms.certificates import assessing, overview
from lms.certificates.operations import pathways as operations
from lms.common.sheets import download

KINDS = ("csv", "xlsx")


@staff_required(*assessing.LISTERS)
@require_safe
def leaders(request: StaffRequest) -> HttpResponse:
    """Leaders whose award holds today, and those whose award ends within 90 days. That it was read is written down."""
    now, today = timezone.now(), timezone.localdate()
    operations.note_listing(actor=request.user, scope=request.scope, now=now, kind="page")
    known = {
        "leaders": overview.leaders(request.scope, today=today),
        "ending": overview.ending_soon(request.scope, today=today),
        "today": today,
    }
    return render(request, "certificates/desk/leaders.html", known)


@staff_required(*assessing.LISTERS)
@require_POST
def leaders_file(request: StaffRequest) -> HttpResponse:
    """The list as a file. Who took it is written down."""
    kind = _kind(request)
    operations.note_listing(actor=request.user, scope=request.scope, now=timezone.now(), kind=kind)
    return download(overview.leader_lines(request.scope, today=timezone.localdate()), name="leaders", kind=kind)


@staff_required(*DESK_ROLES)
@require_POST
def progress_file(request: StaffRequest) -> HttpResponse:
    """Who is where, as a file. Who took it is written down."""
    kind, now = _kind(request), timezone.now()
    operations.note_export(actor=request.user, scope=request.scope, now=now, kind=kind)
    return download(overview.progress_lines(request.scope, now=now), name="pathways", kind=kind)


def _kind(request: StaffRequest) -> str:
    asked = request.POST.get("kind", "")
    return asked if asked in KINDS else KINDS[0]
