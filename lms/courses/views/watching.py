"""What players tell, and the button of who reads instead."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lms.accounts.access import SignedInRequest
from lms.courses import forms, operations
from lms.courses.views.doors import back, for_learners


@for_learners
def watch(request: SignedInRequest, course: UUID, item: UUID) -> HttpResponse:
    """Seconds that were watched: told by the page while it plays, and once more when it is left."""
    form = forms.WatchForm(request.POST)
    is_done = operations.watch(
        learner=request.user, course=course, item=item, piece=form.told(), client_id=form.fact, now=timezone.now()
    )
    if not is_done:
        return HttpResponse(status=204)
    return render(request, "courses/parts/watched_now.html", {"is_done": True})


@for_learners
def transcript(request: SignedInRequest, course: UUID, item: UUID) -> HttpResponse:
    """Somebody has read what is said instead."""
    fact = forms.SentForm(request.POST).fact
    operations.read_transcript(learner=request.user, course=course, item=item, client_id=fact, now=timezone.now())
    return back(request, to=operations.place_of(item), query=f"at={item}")
