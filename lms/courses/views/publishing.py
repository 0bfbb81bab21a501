"""Before a change of a course goes out: what it means for people in the middle of it, and what is decided for them."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from wagtail.models import Page

from lms.common.templatetags.ui import clock, day_of_year
from lms.courses import forms, operations
from lms.courses.models import Added


def look_before_publishing(page: Page) -> HttpResponse | None:
    """Show what would change, where it concerns anybody; the draft is kept already."""
    ahead = operations.look_ahead(page, now=timezone.now()) if operations.is_of_a_course(page) else None
    if ahead is None or not ahead.wants_looking:
        return None
    return redirect("course_publishing", page.pk)


def say_what_approving_decides(request: HttpRequest, page: Page) -> None:
    """Say it where there is anything to decide: approving asks nothing, and keeps everybody where they are."""
    if not operations.is_of_a_course(page) or not page.permissions_for_user(request.user).can_publish():
        return
    ahead = operations.look_ahead(page.get_latest_revision_as_object(), now=timezone.now())
    if ahead and ahead.wants_looking:
        other_rules = "".join(f" {words} {whom}" for words, whom in ahead.turns)
        messages.info(
            request,
            f"People in the middle of this course: {ahead.learners}. If you approve this page, they keep what they "
            f"began with and aren't asked for anything new. To decide otherwise, publish it yourself.{other_rules}",
        )


PLANNED = {
    Added.OFFER: "what's new is offered to people in the middle of the course.",
    Added.KEEP: "people in the middle of the course stay on what they began with.",
    Added.ASK: "everyone in the middle of the course is asked for what's new.",
}


def say_what_is_planned(request: HttpRequest, page: Page) -> None:
    """Say what happens to people on the day that a planned change goes out, as far as it is one for them."""
    revision = page.scheduled_revision if operations.is_of_a_course(page) else None
    ahead = operations.look_ahead(revision.as_object(), now=timezone.now()) if revision else None
    if revision is None or ahead is None or not ahead.wants_looking:
        return
    plan = operations.plan_of(revision)
    how = PLANNED[Added(plan.added)] if plan else f"nothing was chosen, so {PLANNED[Added.OFFER]} Marks stay."
    messages.info(request, f"A change goes out on {_said(revision.approved_go_live_at)}. On that day, {how}")


def _said(moment: datetime) -> str:
    here = timezone.localtime(moment)
    return f"{day_of_year(here)} at {clock(here)}"


def publishing(request: HttpRequest, pk: int) -> HttpResponse:
    """What the newest draft of a page would change, and the choices. POST publishes it."""
    page = get_object_or_404(Page, pk=pk).specific
    if not operations.is_of_a_course(page) or not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    draft = page.get_latest_revision_as_object()
    ahead = operations.look_ahead(draft, now=timezone.now())
    if ahead is None:
        return redirect("wagtailadmin_pages:edit", pk)
    form = forms.PublishingForm(request.POST if request.method == "POST" else None, corrected=ahead.changes.corrected)
    if request.method == "POST" and form.is_valid():
        _publish(request, page, ahead, form)
        when = f"goes out on {_said(ahead.goes_live_at)}" if ahead.goes_live_at else "is published"
        messages.success(request, f"“{draft.title}” {when}.")
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
