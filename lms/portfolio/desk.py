"""Entries that families showed to the reader by name."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lms.agencies.access import StaffRequest, staff_required
from lms.portfolio import access, operations

ON_A_PAGE = 30


@staff_required(*access.READING_ROLES)
@require_safe
def entries(request: StaffRequest) -> HttpResponse:
    """All that was shown to the reader, newest first."""
    rows = access.entries_for(request.user).select_related("person").defer("body").order_by("-shared_at", "-pk")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "portfolio/desk/entries.html", {"page": page})


@staff_required(*access.READING_ROLES)
@require_safe
def entry(request: StaffRequest, shared: UUID) -> HttpResponse:
    """One entry, as its owner shared it."""
    found = get_object_or_404(access.entries_for(request.user).select_related("person"), uuid=shared)
    return render(request, "portfolio/desk/entry.html", {"entry": found})


@staff_required(*access.READING_ROLES)
@require_POST
def read(request: StaffRequest, shared: UUID) -> HttpResponse:
    """Let its owner see that it was read."""
    try:
        operations.say_read(reader=request.user, shared=shared, now=timezone.now())
    except operations.NoSuchEntry:
        raise Http404 from None
    messages.success(request, "They can see that you've read it.")
    return redirect("portfolio:desk_entry", shared=shared)
