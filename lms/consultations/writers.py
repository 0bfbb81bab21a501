"""What letters about talks say when they are sent, and whether there is still cause for them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from lms.accounts.models import User
from lms.consultations.models import QueuePlace, Slot, SlotState, Surgery, Way
from lms.outbox.kinds import Kind, Words, kind_of, render
from lms.outbox.models import Message
from lms.outbox.stopping import stop_address
from lms.webinars import rules as saying


def _link(name: str, *args: object) -> str:
    return f"{settings.LMS_BASE_URL}{reverse(f'consultations:{name}', args=args)}"


def _context(slot: Slot, person: User) -> dict[str, object]:
    surgery = slot.surgery
    return {
        "name": person.display_name,
        "day": slot.day,
        "start": slot.start,
        "hours": slot.hours,
        "zone": saying.said_zone(surgery.zone),
        "elsewhere": saying.said_elsewhere(slot.starts_at, slot.ends_at, zone=surgery.zone, own=person.time_zone),
        "is_in_person": surgery.way == Way.IN_PERSON,
        "late_minutes": surgery.late_minutes,
        "reason": surgery.cancelled_reason,
        "own_link": _link("time", slot.uuid),
        "times_link": _link("times"),
    }


def _is_theirs(slot: Slot, message: Message) -> bool:
    return bool(slot.state == SlotState.BOOKED and slot.person_id == message.person_id)


def _is_called_off(slot: Slot, message: Message) -> bool:
    return bool(slot.state == SlotState.CLOSED and slot.person_id == message.person_id)


def _is_still_late(slot: Slot, message: Message) -> bool:
    return _is_theirs(slot, message) and message.once.endswith(f":{slot.surgery.late_minutes}")


def _is_no_more(slot: Slot, message: Message) -> bool:
    return not _is_theirs(slot, message)


@dataclass(frozen=True)
class Writer:
    """Writes one kind of letter about a time, if it is still true."""

    kind: str
    still: Callable[[Slot, Message], bool]

    def __call__(self, message: Message) -> Words | None:
        """Return the words, or None where there is no cause for them any more."""
        rows = Slot.objects.unscoped(because="a letter to the person themselves").select_related("surgery")
        slot = rows.defer("reason", "surgery__way_in").filter(pk=message.about["slot"]).first()
        person = User.objects.filter(pk=message.person_id or 0, is_active=True).first()
        if slot is None or person is None or not self.still(slot, message):
            return None
        stop = stop_address(kind_of(message.kind), message.person_id)
        return render(f"consultation_{self.kind}", {**_context(slot, person), "stop_link": stop})


def _queue_ended(message: Message) -> Words | None:
    rows = QueuePlace.objects.unscoped(because="a letter to the person themselves").select_related("person", "surgery")
    place = rows.defer("reason", "surgery__way_in").filter(pk=message.about["place"]).first()
    if place is None or not place.person.is_active:
        return None
    surgery: Surgery = place.surgery
    known = {"name": place.person.display_name, "reason": surgery.cancelled_reason, "times_link": _link("times")}
    return render("consultation_queue_ended", known)


KINDS = [
    Kind("consultation_booked", write=Writer("booked", _is_theirs)),
    Kind("consultation_given_up", write=Writer("given_up", _is_no_more)),
    Kind("consultation_ended", write=Writer("ended", _is_no_more)),
    Kind("consultation_called_off", write=Writer("called_off", _is_called_off)),
    Kind("consultation_late", write=Writer("late", _is_still_late)),
    Kind("consultation_queue_ended", write=_queue_ended),
    Kind(
        "consultation_reminder",
        "A reminder the day before a talk",
        repeats=False,
        write=Writer("reminder", _is_theirs),
    ),
]
