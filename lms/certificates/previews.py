"""What the editor shows of a design as a PDF: under the editor's own addresses, to whoever asked for it."""

from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from lms.certificates.models import DesignPreview

LOOK_AGAIN = 1  # second
RIGHT = "certificates.change_certificatedesign"


def _mine(request: HttpRequest, uuid: str) -> DesignPreview:
    if not request.user.has_perm(RIGHT):
        raise Http404
    found: DesignPreview = get_object_or_404(DesignPreview.objects.owned_by(request.user), uuid=uuid)
    return found


@require_safe
@xframe_options_sameorigin
def show(request: HttpRequest, uuid: str) -> HttpResponse:
    """The PDF in its frame, or word that it is being made."""
    preview = _mine(request, uuid)
    answer = render(request, "certificates/preview.html", {"preview": preview})
    if not preview.pdf and not preview.is_given_up:
        answer["Refresh"] = str(LOOK_AGAIN)
    return answer


@require_safe
@xframe_options_sameorigin
def file(request: HttpRequest, uuid: str) -> HttpResponseBase:
    """The PDF itself."""
    preview, store = _mine(request, uuid), storages["private"]
    if not preview.pdf or not store.exists(preview.pdf):
        raise Http404
    return FileResponse(store.open(preview.pdf), filename="sample-certificate.pdf", content_type="application/pdf")
