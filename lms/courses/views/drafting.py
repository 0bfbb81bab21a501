"""Answers on their way: told by the page as they are made, before their button is pressed."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone

from lms.accounts.access import SignedInRequest
from lms.courses import forms, operations
from lms.courses.views.doors import for_learners


@for_learners
def draft(request: SignedInRequest, course: UUID, item: UUID) -> HttpResponse:
    """A question's form as it stands."""
    fields = forms.begun(request.POST)
    try:
        operations.keep_draft(learner=request.user, course=course, item=item, fields=fields, now=timezone.now())
    except operations.AnswerTooLong:
        return HttpResponse(status=422)
    return HttpResponse(status=204)
