"""Showing one entry to one named person, and taking it back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from lms.accounts.models import User
from lms.audit.operations import record
from lms.common.errors import DomainError
from lms.courses.models import Reflection
from lms.outbox.operations import Order, post
from lms.portfolio import access
from lms.portfolio.models import SharedEntry


class NoSuchEntry(DomainError):
    code = "portfolio.no_such_entry"
    message = "That entry isn't there any more."


class NotAReader(DomainError):
    code = "portfolio.not_a_reader"
    message = "Choose somebody from the list."


def share(*, owner: User, note: UUID, reader: int, agency: int, now: datetime) -> SharedEntry:
    """Copy one entry for one named trainer or coordinator of the owner's agency; shared again, the copy is renewed.

    Raises NoSuchEntry or NotAReader.
    """
    with transaction.atomic():
        entry = Reflection.objects.owned_by(owner).select_related("course").filter(uuid=note).first()
        if entry is None:
            raise NoSuchEntry(note=note)
        row = access.readers_for(owner).get((reader, agency))
        if row is None:
            raise NotAReader(reader=reader)
        withdraw_entry(owner=owner, entry=entry, reader=reader, now=now)
        shared = SharedEntry.objects.create(
            person=owner,
            reader=row.person,
            agency_id=agency,
            entry=entry,
            course_title=entry.course.title if entry.course else "",
            lesson_title=entry.lesson_title,
            prompt=entry.prompt,
            body=entry.body,
            shared_at=now,
        )
        _note("entry.shared", shared, actor=owner, now=now)
        _tell(shared, now=now)
    return shared


def withdraw_entry(*, owner: User, entry: Reflection, reader: int, now: datetime) -> None:
    """Take a copy back from one reader, if they have one."""
    _withdraw(SharedEntry.objects.owned_by(owner).filter(entry=entry, reader=reader), actor=owner, now=now)


def withdraw(*, owner: User, shared: UUID, now: datetime) -> None:
    """Take a copy back, at once. Raises NoSuchEntry for one that is not the owner's."""
    with transaction.atomic():
        if not _withdraw(SharedEntry.objects.owned_by(owner).filter(uuid=shared), actor=owner, now=now):
            raise NoSuchEntry(shared=shared)


def withdraw_all_from(*, person: User, agency_id: int, now: datetime) -> int:
    """Take back what a person showed to staff of an agency that no longer knows them; return how many."""
    with transaction.atomic():
        return _withdraw(SharedEntry.objects.owned_by(person).filter(agency=agency_id), actor=None, now=now)


def _withdraw(rows: QuerySet[SharedEntry], *, actor: User | None, now: datetime) -> int:
    found = list(rows.defer("body"))
    for shared in found:
        _note("entry.withdrawn", shared, actor=actor, now=now)
        shared.delete()
    return len(found)


def say_read(*, reader: User, shared: UUID, now: datetime) -> None:
    """Let the owner see that the reader has read it. Raises NoSuchEntry for one that is not shown to them."""
    with transaction.atomic():
        found = access.entries_for(reader).defer("body").filter(uuid=shared).first()
        if found is None:
            raise NoSuchEntry(shared=shared)
        unread = access.entries_for(reader).filter(pk=found.pk, read_at=None)
        if unread.update(read_at=now):
            _note("entry.read", found, actor=reader, now=now)


def _note(action: str, shared: SharedEntry, *, actor: User | None, now: datetime) -> None:
    record(
        action=action,
        target=f"shared_entry:{shared.pk}",
        actor_id=actor.pk if actor else None,
        agency_id=shared.agency_id,
        reader=shared.reader_id,
        now=now,
    )


def _tell(shared: SharedEntry, *, now: datetime) -> None:
    post(
        Order(
            kind="entry_shared",
            once=f"entry_shared:{shared.pk}",
            address=shared.reader.email,
            person_id=shared.reader_id,
            about={"shared": shared.pk},
        ),
        now=now,
    )
