"""Letters that come back after a mail server had taken them."""

from datetime import datetime

from django.db import transaction

from lms.outbox.models import NOBODY, AddressWarning, Message, State
from lms.outbox.returned import COMPLAINT, LONGEST, read_report
from lms.outbox.returning import letter_of

GONE_OUT = (State.SENT, State.UNSURE)

__all__ = ["LONGEST", "forget_warnings", "it_works", "take_in", "warning_of"]


def take_in(*, raw: bytes, to: str = "", now: datetime) -> str:
    """Read a mail that came to our return address, and note what it says; return what it came to, for the log.

    to: whom the mail server says it is for. What is no report, tells of a delay, or names no letter that we signed,
    changes nothing; the same report twice is the same as once.
    """
    report = read_report(raw)
    letter = letter_of(f"{to}\n{report.text}") if report else None
    if report is None or letter is None:
        return "no report of ours"
    with transaction.atomic():
        message = Message.objects.select_for_update().filter(uuid=letter).first()
        if message is None or message.address == NOBODY:
            return "a letter that we have forgotten"
        _note(message, report.status, now)
    return report.status


def _note(message: Message, status: str, now: datetime) -> None:
    """Show the letter to staff as one that did not arrive, and mark its address; of strangers nothing is kept."""
    if status != COMPLAINT and message.state in GONE_OUT:
        message.state, message.fault, message.sent_at = State.FAILED, f"bounce {status}", None
        message.save(update_fields=["state", "fault", "sent_at"])
    if message.person_id:
        _mark(message, status, now)


def _mark(message: Message, status: str, now: datetime) -> None:
    warning = AddressWarning(address=message.address.lower(), person_id=message.person_id, status=status, told_at=now)
    if status == COMPLAINT:
        AddressWarning.objects.bulk_create([warning], ignore_conflicts=True)  # a dead address stays one
    elif warning.is_dead:
        known = {name: getattr(warning, name) for name in ("person_id", "status", "told_at")}
        AddressWarning.objects.update_or_create(address=warning.address, defaults=known)


def warning_of(address: str) -> AddressWarning | None:
    """Return what is known to be wrong with an address, so that its owner can be told; None where nothing is."""
    found = AddressWarning.objects.filter(address=address.lower()).first()
    return found if found and found.is_dead else None


def it_works(*, address: str) -> None:
    """Believe its owner that an address takes mail again."""
    AddressWarning.objects.filter(address=address.lower()).delete()


def forget_warnings(*, before: datetime) -> int:
    """Forget what was told of addresses before then; return how many."""
    return int(AddressWarning.objects.filter(told_at__lt=before).delete()[0])
