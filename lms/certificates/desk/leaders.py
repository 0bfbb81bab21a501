"""Who leads groups for one's own agency: for the insurer, and to see whose award ends soon."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from lms.agencies.access import DESK_ROLES, StaffRequest, staff_required
from lms.certificates import assessing, overview
from lms.certificates.operations import pathways as operations
from lms.common.sheets import download

FILES = ("csv", "xlsx")


@staff_required(*assessing.LISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def leaders(request: StaffRequest) -> HttpResponse:
    """The list of leaders, once somebody has asked for it: on the page, or as a file. Who had it is written down."""
    if request.method != "POST":
        return render(request, "certificates/desk/leaders.html", {})
    kind, today = _kind(request, "page"), timezone.localdate()
    operations.note_listing(actor=request.user, scope=request.scope, now=timezone.now(), kind=kind)
    if kind != "page":
        return download(overview.leader_lines(request.scope, today=today), name="leaders", kind=kind)
    known = {
        "is_asked": True,
        "leaders": overview.leaders(request.scope, today=today),
        "ending": overview.ending_soon(request.scope, today=today),
        "lapsing": overview.lapsing_soon(request.scope, now=timezone.now()),
        "today": today,
    }
    return render(request, "certificates/desk/leaders.html", known)


@staff_required(*DESK_ROLES)
@require_POST
def progress_file(request: StaffRequest) -> HttpResponse:
    """Who is where, as a file. Who took it is written down."""
    kind, now = _kind(request, "csv"), timezone.now()
    operations.note_export(actor=request.user, scope=request.scope, now=now, kind=kind)
    return download(overview.progress_lines(request.scope, now=now), name="pathways", kind=kind)


def _kind(request: StaffRequest, usual: str) -> str:
    asked = request.POST.get("kind", "")
    return asked if asked in FILES else usual
