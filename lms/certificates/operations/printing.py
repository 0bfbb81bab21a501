"""Asking the press for a print shop's copy, and clearing away what it made that can be made again."""

from datetime import datetime, timedelta

from django.core.files.storage import storages
from django.db import transaction

from lms.accounts.models import User
from lms.audit.operations import record as audit
from lms.certificates import tasks
from lms.certificates.models import Award, DesignPreview, PrintCopy
from lms.common.tasks import enqueue

COPIES_KEPT = timedelta(days=30)
PREVIEWS_KEPT = timedelta(hours=6)


def ask_copy(*, award: Award, actor: User, now: datetime) -> PrintCopy:
    """Have a copy of ``award`` made for a print shop; asked again, return the one that is there or under way.

    One that was given up, or whose file is gone, is tried anew.
    """
    with transaction.atomic():
        rows = PrintCopy.objects.unscoped(because="the caller was let in to this one award").select_for_update()
        copy, is_new = rows.get_or_create(award=award, defaults={"asked_at": now})
        lost = bool(copy.pdf) and not storages["private"].exists(copy.pdf)
        if not is_new and (lost or copy.is_given_up):
            copy.pdf, copy.render_attempts, copy.asked_at, is_new = "", 0, now, True
            copy.save(update_fields=["pdf", "render_attempts", "asked_at"])
        if is_new:
            enqueue(tasks.make_copy, copy_id=copy.pk)
            _note(award, actor, now=now)
    found: PrintCopy = copy
    return found


def _note(award: Award, actor: User, *, now: datetime) -> None:
    """Write down that staff had somebody's certificate made; holders do with theirs as they like."""
    if actor.pk != award.person_id:
        target, agency_id = f"award:{award.pk}", award.agency_id
        audit(action="award.copy_asked", target=target, actor_id=actor.pk, agency_id=agency_id, now=now)


def wake_press(*, most: int = 200) -> int:
    """Wake a worker for what is still to be made; return for how much."""
    copies = PrintCopy.objects.unscoped(because="rows are the truth, the queue only wakes").unmade()
    due = list(copies.order_by("pk").values_list("pk", flat=True)[:most])
    for pk in due:
        enqueue(tasks.make_copy, copy_id=pk)
    return len(due)


def clear_copies(*, now: datetime) -> int:
    """Delete copies and previews that have served; return how many. Any of them can be asked for again."""
    because = "the system's own upkeep"
    copies = PrintCopy.objects.unscoped(because=because).filter(asked_at__lt=now - COPIES_KEPT)
    previews = DesignPreview.objects.unscoped(because=because).filter(asked_at__lt=now - PREVIEWS_KEPT)
    files = [*copies.values_list("pdf", flat=True), *previews.values_list("pdf", flat=True)]
    with transaction.atomic():
        copies.delete()
        previews.delete()
        transaction.on_commit(lambda: _delete(files))
    return len(files)


def forget_copies(*, person: User) -> None:
    """Delete the copies that were made for ``person``, who is erased, with their files."""
    with transaction.atomic():
        copies = PrintCopy.objects.owned_by(person)
        files = list(copies.values_list("pdf", flat=True))
        copies.delete()
        transaction.on_commit(lambda: _delete(files))


def _delete(files: list[str]) -> None:
    for path in filter(None, files):
        storages["private"].delete(path)
