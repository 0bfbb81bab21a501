"""A holder's badge: what it is, asking for it, and its three files."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lms.accounts.access import SignedInRequest
from lms.certificates import operations
from lms.certificates.models import Award, AwardState, Badge
from lms.common.errors import DomainError

KINDS = {"jwt": "application/vc+jwt", "svg": "image/svg+xml", "png": "image/png"}
HAS_BADGE = (AwardState.ACTIVE, AwardState.EXPIRED)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def badge(request: SignedInRequest, uuid: str) -> HttpResponseBase:
    """What a badge is; a POST asks for one."""
    award: Award = get_object_or_404(Award.objects.owned_by(request.user).filter(state__in=HAS_BADGE), uuid=uuid)
    refusal = ""
    if request.method == "POST":
        try:
            operations.give_badge(award=award, holder=request.user, now=timezone.now())
        except DomainError as refused:
            refusal = refused.message
        else:
            return redirect("certificates:badge", uuid=uuid)
    known = {
        "award": award,
        "badge": Badge.objects.filter(award=award).first(),
        "is_on": bool(settings.LMS_BADGE_KEYS),
        "refusal": refusal,
    }
    return render(request, "certificates/badge.html", known, status=422 if refusal else 200)


@login_required
@require_safe
def badge_file(request: SignedInRequest, uuid: str, form: str) -> HttpResponse:
    """The badge as a credential, or as a picture that holds it."""
    own = Award.objects.owned_by(request.user).filter(state__in=HAS_BADGE)
    made = get_object_or_404(Badge.objects.select_related("award"), award__in=own, award__uuid=uuid)
    if form not in KINDS or not settings.LMS_BADGE_KEYS:
        raise Http404
    content = operations.as_token(made) if form == "jwt" else operations.as_picture(made, form=form)
    answer = HttpResponse(content, content_type=KINDS[form])
    answer["Content-Disposition"] = f'attachment; filename="badge.{form}"'
    return answer
