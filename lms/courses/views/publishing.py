"""Before a change of a course goes out: what it means for people in the middle of it, and what is decided for them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from wagtail.models import Page

from lms.courses import forms, operations


def look_before_publishing(page: Page) -> HttpResponse | None:
    """Show what would change, where it concerns anybody; the draft is kept already."""
    ahead = operations.look_ahead(page) if operations.is_of_a_course(page) else None
    if ahead is None or not ahead.wants_deciding:
        return None
    return redirect("course_publishing", page.pk)


def say_what_approving_decides(request: HttpRequest, page: Page) -> None:
    """Say it where there is anything to decide: approving asks nothing, and keeps everybody where they are."""
    if not operations.is_of_a_course(page) or not page.permissions_for_user(request.user).can_publish():
        return
    ahead = operations.look_ahead(page.get_latest_revision_as_object())
    if ahead and ahead.wants_deciding:
        messages.info(
            request,
            f"People in the middle of this course: {ahead.learners}. If you approve this page, they keep what they "
            "began with and aren't asked for anything new. To decide otherwise, publish it yourself.",
        )


def publishing(request: HttpRequest, pk: int) -> HttpResponse:
    """What the newest draft of a page would change, and the choices. POST publishes it."""
    page = get_object_or_404(Page, pk=pk).specific
    if not operations.is_of_a_course(page) or not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    draft = page.get_latest_revision_as_object()
    ahead = operations.look_ahead(draft)
    if ahead is None:
        return redirect("wagtailadmin_pages:edit", pk)
    form = forms.PublishingForm(request.POST or None, corrected=ahead.changes.corrected)
    if request.method == "POST" and form.is_valid():
        _publish(request, page, ahead, form)
        messages.success(request, f"“{draft.title}” is published.")
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return render(request, "courses/editor/publishing.html", _context(draft, ahead, form))


def _publish(request: HttpRequest, page: Page, ahead: operations.Ahead, form: forms.PublishingForm) -> None:
    operations.publish_change(
        revision=page.get_latest_revision(),
        course=ahead.course,
        added=form.cleaned_data["added"] or "offer",
        corrected=form.choices(),
        actor=request.user,  # type: ignore[arg-type]  # Wagtail lets nobody in who is not signed in
        now=timezone.now(),
    )


def _context(draft: Page, ahead: operations.Ahead, form: forms.PublishingForm) -> dict[str, Any]:
    changes = ahead.changes
    return {
        "page": draft,
        "ahead": ahead,
        "form": form,
        "added": [ahead.after[item] for item in changes.added],
        "removed": [ahead.before[item] for item in changes.removed],
        "reworded": [ahead.after[item] for item in changes.reworded],
        "corrected": [
            (one, ahead.answered.get(one.item, 0), form[f"corrected-{number}"])
            for number, one in enumerate(changes.corrected)
        ],
    }
