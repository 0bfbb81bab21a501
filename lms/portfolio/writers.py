"""What letters of this room say when they are sent, and whether there is still cause for them. They quote nothing."""

from django.conf import settings
from django.urls import reverse

from lms.accounts.models import User
from lms.outbox.kinds import Kind, Words, kind_of, render
from lms.outbox.models import Message
from lms.outbox.stopping import stop_address
from lms.portfolio.access import entries_for
from lms.portfolio.models import PlanDay, SharedEntry


def _write(message: Message, template: str, page: str) -> Words | None:
    person = User.objects.filter(pk=message.person_id or 0, is_active=True).first()
    if person is None:
        return None
    context: dict[str, object] = {
        "name": person.display_name,
        "own_link": f"{settings.LMS_BASE_URL}{reverse(page)}",
        "stop_link": stop_address(kind_of(message.kind), message.person_id),
    }
    return render(template, context)


def entry_shared(message: Message) -> Words | None:
    """Say that there is something to read; None once it was taken back, or its reader may read it no more."""
    reader = User.objects.filter(pk=message.person_id or 0).first()
    rows = entries_for(reader) if reader else SharedEntry.objects.none()
    shown = rows.filter(pk=message.about["shared"], read_at=None).exists()
    return _write(message, "entry_shared", "portfolio:desk_entries") if shown else None


def plan_day(message: Message) -> Words | None:
    """Remind somebody of their own day; None where they no longer want it."""
    rows = PlanDay.objects.unscoped(because="a letter to its owner")
    wanted = rows.filter(pk=message.about["day"], person=message.person_id, by_letter=True).exists()
    return _write(message, "plan_day", "courses:notes") if wanted else None


KINDS = [
    Kind("entry_shared", write=entry_shared),
    Kind("plan_day", choice="A day you set yourself has come", write=plan_day),
]
