"""What a phone keeps of a course to read without a connection, and what it sends when it is back."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lms.accounts.access import SignedInRequest
from lms.common import crypto
from lms.courses import copies, operations
from lms.courses.models import LEARNING, Enrolment
from lms.courses.progress import Progress, of_rounds, rounds_of
from lms.courses.typed import from_phone
from lms.courses.whose import whose


@require_safe
@never_cache
def worker(_request: HttpRequest) -> HttpResponse:
    """The script that answers for the site while there is no connection. It may do so for all of it."""
    script = Path(str(finders.find("lms/js/worker.js"))).read_text()
    return HttpResponse(script, content_type="text/javascript", headers={"Service-Worker-Allowed": "/"})


@require_safe
@never_cache
def offline(_request: HttpRequest) -> HttpResponse:
    """What somebody sees who has no connection, with what this phone keeps."""
    return HttpResponse(copies.away())


def _mine(request: HttpRequest, course: UUID) -> Progress:
    """The course as somebody on it has it. Raises Http404 for everybody else."""
    rounds = rounds_of(request.user).filter(enrolment__course__identity=course, enrolment__state__in=LEARNING)
    found = of_rounds(list(rounds[:1]))
    if not found:
        raise Http404
    return found[0]


@login_required
@require_safe
def files(request: SignedInRequest, course: UUID) -> HttpResponse:
    """All that makes up the copy of a course, how large it is, and a mark that changes with it."""
    copy = copies.copy_of(_mine(request, course), notices=request.user.content_notices)
    return JsonResponse(
        {
            "title": copy.title,
            "size": copy.size,
            "digest": copy.digest,
            "pages": [sheet.url for sheet in copy.sheets],
            "files": copy.files,
            "stands_for": copy.stands_for,
        }
    )


@login_required
@require_safe
def contents(request: HttpRequest, course: UUID) -> HttpResponse:
    """The lessons of a copy."""
    return HttpResponse(copies.contents_of(_mine(request, course)).html)


@login_required
@require_safe
def lesson(request: SignedInRequest, course: UUID, lesson: UUID) -> HttpResponse:
    """A lesson of a copy; the list of them in place of one that is not open."""
    sheet = copies.lesson_of(_mine(request, course), lesson, notices=request.user.content_notices)
    return HttpResponse(sheet.html) if sheet else redirect("courses:copy", course)


@require_safe
@never_cache
def state(request: HttpRequest) -> HttpResponse:
    """What a phone asks when it is back: who is here, what it may go on keeping, and how to send what waits."""
    if not request.user.is_authenticated:
        return JsonResponse({"signed_in": False})
    courses = Enrolment.objects.owned_by(request.user).learning().values_list("course__identity", flat=True)
    return JsonResponse(
        {
            "signed_in": True,
            "whose": whose(request.user),
            "lock": crypto.public_lock(),
            "token": get_token(request),
            "courses": list(courses),
        }
    )


@login_required
@require_POST
def bring(request: SignedInRequest) -> HttpResponse:
    """What was done without a connection: each thing counts once, however often it is sent."""
    now = timezone.now()
    try:
        said: dict[str, Any] = json.loads(request.body)
        sent, unreadable = from_phone(
            said["facts"], person=request.user, clock=datetime.fromisoformat(said["clock"]), now=now
        )
    except (ValueError, TypeError, KeyError, RecursionError, RawPostDataException):
        raise BadRequest("not what a phone sends") from None
    brought = operations.bring(learner=request.user, facts=[one.as_fact for one in sent], now=now)
    refused = [{"id": fact, "why": why} for fact, why in brought.refused]
    lost = [{"id": fact, "why": "It could not be read any more."} for fact in unreadable]
    return JsonResponse({"taken": brought.taken, "refused": refused + lost})
