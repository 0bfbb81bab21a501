"""Finding a date that suits."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lms.webinars import finder, reports
from lms.webinars.forms import FindForm

ON_A_PAGE = 20


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """All dates that can still be booked, or those that suit."""
    now = timezone.now()
    facts = finder.coming(now)
    own = str(getattr(request.user, "time_zone", ""))
    form = FindForm(request.GET, areas=finder.areas(facts), own=own)
    wish = form.wish
    found = [one.pk for one in facts if wish.suits(one)]
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = reports.rows_of(page.object_list, viewer=request.user, now=now)
    return render(request, "webinars/sessions.html", {"form": form, "page": page, "rows": rows})
