"""What letters about courses say when they are sent, and whether there is still cause for them."""

from django.urls import reverse
from django.utils import timezone

from lms.courses import mail
from lms.courses.models import CourseInvitation, Enrolment, EnrolmentState
from lms.outbox.kinds import Kind, Words, kind_of, render
from lms.outbox.models import Message
from lms.outbox.stopping import stop_address


def _write_invitation(message: Message) -> Words | None:
    rows = CourseInvitation.objects.unscoped(because="a letter to the address itself").open_at(timezone.now())
    row = rows.select_related("agency").filter(pk=message.about["invitation"]).first()
    if row is None:
        return None
    context = mail.words(
        "An invitation for you",
        f"{row.agency.name} invites you to a course.",
        f"Sign in, or make an account, with this address: {row.address}. The course waits for you there.",
        "If you didn't expect this, do nothing.",
        button="See the invitation",
        path=reverse("courses:mine"),
    )
    return render("note", context)


def _write_reminder(message: Message) -> Words | None:
    rows = Enrolment.objects.unscoped(because="a letter to the person themselves").select_related("person")
    waits = rows.filter(state=EnrolmentState.ACTIVE, rounds__last_lesson=None, rounds__completed_at=None)
    enrolment = waits.filter(pk=message.about["enrolment"], person__is_active=True).first()
    if enrolment is None:
        return None
    context = mail.words(
        "A place is kept for you",
        "You joined a course and haven't begun yet. There's no hurry: it waits for you.",
        button="See your courses",
        path=reverse("courses:mine"),
    )
    return render("note", {**context, "stop_link": stop_address(kind_of(message.kind), message.person_id)})


KINDS = [
    Kind("course_invitation", write=_write_invitation),
    Kind("course_reminder", "A reminder of a course you haven't begun", repeats=False, write=_write_reminder),
]
