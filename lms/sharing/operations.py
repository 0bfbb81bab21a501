"""Bringing a course in: taken, looked at by the worker, and written as drafts when somebody has said yes."""

import hashlib
import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.audit.operations import record
from lms.common.archives import MEGABYTE
from lms.common.errors import DomainError
from lms.common.tasks import enqueue
from lms.sharing import tasks
from lms.sharing.access import arrivals, homes, may_keep_small_things
from lms.sharing.models import Arrival, ArrivalState

if TYPE_CHECKING:
    Upload = UploadedFile[Any]
else:
    Upload = UploadedFile

SMALL_THINGS = frozenset({"topic", "trainer", "fact"})


class TooLarge(DomainError):
    code = "sharing.too_large"
    message = "That file is too large."

    def __init__(self, most: int) -> None:
        super().__init__()
        self.message = f"It's larger than {most // MEGABYTE} MB."  # type: ignore[misc]  # says how much


class NotWaiting(DomainError):
    code = "sharing.not_waiting"
    message = "Nothing waits here any more. Look at what came of it below."


class NeedsEditor(DomainError):
    code = "sharing.needs_editor"
    message = "It brings topics, trainers or facts that other pages may show. Ask an editor to say yes here."


class NobodysPackages(DomainError):
    code = "sharing.nobodys_packages"
    message = "It brings packages. Say whose they will be."


def take_in(*, file: Upload, actor: User, most_bytes: int, now: datetime) -> Arrival:
    """Keep an archive apart and have it looked at. Raises TooLarge, and then nothing is kept."""
    if (file.size or 0) > most_bytes:
        raise TooLarge(most_bytes)
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    path = storages["private"].save(f"uploads/{uuid.uuid4()}.zip", file)
    with transaction.atomic():
        arrival = Arrival.objects.create(
            name=(file.name or "course.zip")[-150:],
            upload=path,
            sha256=digest.hexdigest(),
            brought_by=actor,
            brought_at=now,
        )
        record(action="course.uploaded", target=f"arrival:{arrival.pk}", actor_id=actor.pk, now=now)
        enqueue(tasks.look, arrival_id=arrival.pk)
    return arrival


def confirm(*, arrival: Arrival, actor: User, now: datetime, agency: Agency | None = None) -> None:
    """Have what was foreseen written. agency: whose its packages will be, where it brings some.

    Raises NotWaiting, NeedsEditor for what a trainer may not make, or NobodysPackages.
    """
    if brings_packages(arrival) and (agency is None or not homes(actor).filter(pk=agency.pk).exists()):
        raise NobodysPackages(arrival_id=arrival.pk)
    if brings_small_things(arrival) and not may_keep_small_things(actor):
        raise NeedsEditor(arrival_id=arrival.pk)
    with transaction.atomic():
        if not arrivals().move(arrival.pk, ArrivalState.READY, ArrivalState.WRITING, confirmed_by=actor, agency=agency):
            raise NotWaiting(arrival_id=arrival.pk)
        record(action="course.confirmed", target=f"arrival:{arrival.pk}", actor_id=actor.pk, now=now)
        enqueue(tasks.write, arrival_id=arrival.pk)


def brings_packages(arrival: Arrival) -> bool:
    """Whether it would make packages."""
    return any(step["kind"] == "package" and step["deed"] == "new" for step in arrival.foreseen.get("steps", []))


def drop(*, arrival: Arrival, actor: User, now: datetime) -> None:
    """Put an archive aside: nothing of it is kept. Raises NotWaiting."""
    with transaction.atomic():
        if not arrivals().move(arrival.pk, ArrivalState.READY, ArrivalState.DROPPED, ended_at=now):
            raise NotWaiting(arrival_id=arrival.pk)
        record(action="course.dropped", target=f"arrival:{arrival.pk}", actor_id=actor.pk, now=now)
    storages["private"].delete(arrival.upload)


def brings_small_things(arrival: Arrival) -> bool:
    """Whether it would make topics, trainers or facts."""
    steps = arrival.foreseen.get("steps", [])
    return any(step["kind"] in SMALL_THINGS and step["deed"] == "new" for step in steps)


def drop_forgotten(*, now: datetime) -> int:
    """Put aside what nobody has confirmed for a month; return how many."""
    rows = list(arrivals().forgotten(now))
    for arrival in rows:
        if arrivals().move(arrival.pk, ArrivalState.READY, ArrivalState.DROPPED, ended_at=now):
            storages["private"].delete(arrival.upload)
    return len(rows)
