"""One press at the end of a lesson, and the other's own word."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from lms.accounts.access import SignedInRequest
from lms.common import limits
from lms.common.errors import DomainError
from lms.common.failures import too_many_tries
from lms.common.http import safe_next
from lms.courses import operations as courses
from lms.courses.forms import SentForm
from lms.courses.views.doors import for_learners
from lms.together import operations

MOST_A_DAY, A_DAY = 100, 24 * 3600  # presses; seconds
HOME = "/my/"
READ = "Marked as read for you."
WAITS = "Your partner says so for themself, on their own page. They have to be on this course too."
NOT_OPEN_YET = "This course goes in order, and that lesson isn't open for you yet. It stays on your list until it is."
FINISHED = "That was the last of it. You've finished this course."


@for_learners
def both_here(request: SignedInRequest, course: UUID, item: UUID) -> HttpResponse:
    """A lesson was read by two: it counts for this one at once, and waits for the other."""
    if not limits.allowed(action="together.both_here", who=str(request.user.pk), times=MOST_A_DAY, seconds=A_DAY):
        return too_many_tries(request, seconds=A_DAY)
    fact = SentForm(request.POST).fact
    try:
        finished, has_partner = operations.say_both_here(
            person=request.user, course=course, lesson=item, client_id=fact, now=timezone.now()
        )
    except (courses.NotLearning, courses.UnknownItem):
        raise  # answered at the door, as for every form of a lesson
    except DomainError as refusal:
        messages.info(request, refusal.message)
        return redirect(safe_next(request, default=HOME))
    said = [READ, *([WAITS] if has_partner else []), *([FINISHED] if finished else [])]
    messages.success(request, " ".join(said))
    return redirect(safe_next(request, default=HOME))


@login_required
@require_POST
def answer(request: SignedInRequest, mark: UUID) -> HttpResponse:
    """Yes, I was there too; or no. Missing and somebody else's are the same 404."""
    back = safe_next(request, default=HOME)
    try:
        if "yes" in request.POST:
            finished = operations.say_yes(person=request.user, mark=mark, now=timezone.now())
            messages.success(request, FINISHED if finished else READ)
        else:
            operations.say_no(person=request.user, mark=mark, now=timezone.now())
            messages.success(request, "Taken off your list.")
    except operations.NothingWaits:
        raise Http404 from None
    except courses.NotLearning:
        return _join_first(request, mark)
    except courses.NotOpenYet:
        messages.info(request, NOT_OPEN_YET)
    except DomainError as refusal:
        messages.info(request, refusal.message)
    return redirect(back)


def _join_first(request: SignedInRequest, mark: UUID) -> HttpResponse:
    """Only who is on a course has read in it: lead them to where they can join."""
    course = operations.course_of(person=request.user, mark=mark)
    messages.info(request, "You're not on this course yourself yet. Join it here, then say that you read it together.")
    return redirect("courses:course", course.slug)
