"""Pages for group leaders open to who leads at this very request, and to who writes; to others they do not exist."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from wagtail import hooks
from wagtail.models import Page

from cms.models import LeadersPage
from lms.agencies.access import WRITING_ROLES, rights_of
from lms.certificates import design_hooks  # noqa: F401 - registered by importing
from lms.certificates.assessing import leads_for

Serve = Callable[[Page, HttpRequest, Any, Any], HttpResponse]


# Innermost, like the pages of courses: whether a page is restricted is asked before it.
@hooks.register("on_serve_page", order=11)
def open_to_leaders(serve: Serve) -> Serve:
    """Let in current leaders, and who writes for them; leave all other pages to whoever answers them."""

    def answer(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponse:
        if not isinstance(page, LeadersPage):
            return serve(page, request, args, kwargs)
        writes = rights_of(request.user).holds(*WRITING_ROLES)
        if not (writes or leads_for(request.user, today=timezone.localdate())):
            raise Http404
        return page.draw(request)

    return answer
