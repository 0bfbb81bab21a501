"""Looking at an archive, and writing it, in the worker. Each may be called twice: it is done once."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from cms.courseformat import archives, drafting, importing
from cms.courseformat.entries import Library
from cms.courseformat.loading import Unwritable
from lms.audit.operations import record
from lms.common import scanning
from lms.common.archives import ArchiveRefused
from lms.common.tasks import enqueue
from lms.sharing.models import AT_WORK, MOST_ATTEMPTS, Arrival, ArrivalQuerySet, ArrivalState

SOMEBODY_ELSE = "Another worker was first."
TOO_OFTEN = "It couldn't be read, however often it was tried."
MOST_PROBLEMS = 100


class _Refused(Exception):
    """Why an archive does not come in, in lines for who brought it."""


def _rows() -> ArrivalQuerySet:
    rows: ArrivalQuerySet = Arrival.objects.unscoped(because="work of the system")
    return rows


def look(*, arrival_id: int) -> str:
    """Judge an archive and keep what bringing it in would do; return what came of it."""
    if not _rows().claim(arrival_id, ArrivalState.LOOKING):
        return "nothing to look at"
    arrival = _rows().get(pk=arrival_id)
    try:
        foreseen = _read(arrival, writes=False)
    except scanning.ScannerAway:
        _rows().filter(pk=arrival_id).update(attempts=0, waits_for_scanner=True)  # it waits, however long
        return "the scanner is away"
    except _Refused as refused:
        return _refuse(arrival, str(refused))
    fields = {"foreseen": foreseen, "attempts": 0, "waits_for_scanner": False}
    _rows().move(arrival_id, ArrivalState.LOOKING, ArrivalState.READY, **fields)
    return "looked at"


def write(*, arrival_id: int) -> str:
    """Write what was confirmed, as drafts; all of it or nothing."""
    if not _rows().claim(arrival_id, ArrivalState.WRITING):
        return "nothing to write"
    arrival = _rows().select_related("confirmed_by").get(pk=arrival_id)
    try:
        with transaction.atomic():
            _settle(arrival, _read(arrival, writes=True), now=timezone.now())
    except _Refused as refused:
        return _refuse(arrival, str(refused))
    storages["private"].delete(arrival.upload)
    return "written"


def _read(arrival: Arrival, *, writes: bool) -> dict[str, Any]:
    """What is, or was, done with an archive. Raises _Refused, and ScannerAway while nobody can say if it is clean."""
    try:
        with storages["private"].open(arrival.upload) as file:
            if not writes:
                scanning.look_through(file)
            with archives.unpacked(file) as folder:
                library, problems = importing.read(folder)
                if problems:
                    raise _Refused("\n".join(str(problem) for problem in problems[:MOST_PROBLEMS]))
                found = _write(arrival, library) if writes else drafting.foresee(library)
    except (ArchiveRefused, Unwritable, scanning.Harmful) as refused:
        raise _Refused(str(refused)) from refused
    except FileNotFoundError as gone:
        raise _Refused("The upload isn't there any more. Bring it in again.") from gone
    return {**asdict(found), "identity": str(found.identity)}


def _write(arrival: Arrival, library: Library) -> drafting.Foreseen:
    return drafting.bring_in(library, by=arrival.confirmed_by, home=arrival.agency_id)


def _settle(arrival: Arrival, foreseen: dict[str, Any], *, now: datetime) -> None:
    """Say that it is done, in the transaction that did it. Raises _Refused when another worker was first."""
    if not _rows().move(arrival.pk, ArrivalState.WRITING, ArrivalState.DONE, foreseen=foreseen, ended_at=now):
        raise _Refused(SOMEBODY_ELSE)
    actor_id = arrival.confirmed_by_id
    record(action="course.brought_in", target=f"arrival:{arrival.pk}", actor_id=actor_id, now=now)


def _refuse(arrival: Arrival, why: str) -> str:
    ended = {"state": ArrivalState.REFUSED, "refusal": why, "ended_at": timezone.now()}
    _rows().filter(pk=arrival.pk, state__in=AT_WORK).update(**ended)
    storages["private"].delete(arrival.upload)
    return "refused"


def wake() -> int:
    """Go on with what a killed worker left, and with what waits for the scanner; return how many."""
    waiting = list(_rows().filter(state__in=AT_WORK))
    for arrival in waiting:
        if arrival.attempts >= MOST_ATTEMPTS:
            _refuse(arrival, TOO_OFTEN)
        else:
            enqueue(look if arrival.state == ArrivalState.LOOKING else write, arrival_id=arrival.pk)
    return len(waiting)
