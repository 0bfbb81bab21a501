"""Unpacking, in the worker. May be called twice; a version becomes ready once, whole, or is refused with the reason."""

import uuid
from datetime import datetime, timedelta
from typing import IO, Any, cast
from zipfile import ZipFile

from django.core.files.base import File
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import F

from lms.common import scanning
from lms.common.archives import ArchiveRefused, Contents, Measured, read_in_words
from lms.common.tasks import enqueue
from lms.packages import manifest
from lms.packages.judging import MANIFEST, PackageRefused, judge
from lms.packages.models import Package, Version, VersionState

MOST_ATTEMPTS = 3
PIECE = 1_000_000  # bytes
BROKEN = "A file in it is broken. Export the package again."
ROOT = "packages"
ABANDONED = timedelta(hours=1)  # after which a folder that no version points at is swept away


def unpack(*, version_id: int) -> str:
    """Unpack a version into a folder of its own and make it the latest; return what happened, for the task log.

    Raises OSError where the disk says no: it is tried again, and given up after a few times.
    """
    waiting = Version.objects.filter(pk=version_id, state=VersionState.WAITING, attempts__lt=MOST_ATTEMPTS)
    if not waiting.update(attempts=F("attempts") + 1):
        return "nothing to unpack"
    version = Version.objects.get(pk=version_id)
    try:
        with storages["private"].open(version.upload) as file:
            scanning.look_through(file)
            contents = judge(file)
            with read_in_words(BROKEN), ZipFile(file) as package:
                found = _manifest(package, contents)
                folder = _write(package, contents)
    except scanning.ScannerAway:
        Version.objects.filter(pk=version.pk).update(attempts=0, refusal=scanning.WAITS)  # however long it takes
        return "the scanner is away"
    except (ArchiveRefused, scanning.Harmful) as refusal:
        return _refuse(version, str(refusal))
    return _settle(version, folder, contents.size, found)


def fault_of(file: IO[bytes]) -> str:
    """Say what would be refused of a zip, having read all of it and kept nothing; nothing when it may come in."""
    try:
        contents = judge(file)
        with read_in_words(BROKEN), ZipFile(file) as package:
            _manifest(package, contents)
            for entry, _ in contents.entries:
                with package.open(entry) as source:
                    _read_through(Measured(source, entry))
    except ArchiveRefused as refusal:
        return str(refusal)
    return ""


def _read_through(source: Measured) -> None:
    while source.read(PIECE):
        pass


def _manifest(package: ZipFile, contents: Contents) -> dict[str, Any]:
    if MANIFEST not in contents.paths:
        raise PackageRefused("There's no imsmanifest.xml at the top of it. Export it again as SCORM 1.2 or 2004.")
    with package.open(MANIFEST) as source:
        written = source.read(manifest.LONGEST + 1)  # and no further: longer ones are refused
    return manifest.read(written, files=contents.paths).as_data()


def _write(package: ZipFile, contents: Contents) -> str:
    """Write every file where no address leads, one at a time, in a folder that nothing points at yet."""
    store, folder = storages["private"], f"{ROOT}/{uuid.uuid4()}"
    for entry, path in contents.entries:
        with package.open(entry) as source:
            store.save(f"{folder}/{path}", File(cast(IO[bytes], Measured(source, entry))))
    return folder


def _refuse(version: Version, why: str) -> str:
    Version.objects.filter(pk=version.pk).update(state=VersionState.REFUSED, refusal=why[:300])
    storages["private"].delete(version.upload)
    return "refused"


def _settle(version: Version, folder: str, size: int, found: dict[str, Any]) -> str:
    with transaction.atomic():
        Package.objects.unscoped(because="work of the system").select_for_update().get(pk=version.package_id)
        ready = {"state": VersionState.READY, "folder": folder, "size": size, "manifest": found, "refusal": ""}
        if not Version.objects.filter(pk=version.pk, state=VersionState.WAITING).update(**ready):
            return "somebody else was first"
        newest = Version.objects.filter(package=version.package_id, state=VersionState.READY).first()
        rows = Package.objects.unscoped(because="work of the system").filter(pk=version.package_id)
        rows.update(latest=newest)
    return "unpacked"


def sweep_folders(*, now: datetime) -> int:
    """Take away folders that an unpacking left behind when it was killed; return how many."""
    store = storages["private"]
    if not store.exists(ROOT):
        return 0
    known = set(Version.objects.exclude(folder="").values_list("folder", flat=True))
    names = [f"{ROOT}/{name}" for name in store.listdir(ROOT)[0]]
    left = [folder for folder in names if folder not in known and _is_old(store, folder, now)]
    for folder in left:
        _remove(store, folder)
    return len(left)


def _is_old(store: Any, folder: str, now: datetime) -> bool:
    return bool(store.get_modified_time(folder) < now - ABANDONED)


def _remove(store: Any, folder: str) -> None:
    folders, files = store.listdir(folder)
    for name in files:
        store.delete(f"{folder}/{name}")
    for name in folders:
        _remove(store, f"{folder}/{name}")
    store.delete(folder)


def wake_unpackers() -> int:
    """Unpack what still waits, also after a worker was killed over it; return how many."""
    waiting = list(Version.objects.filter(state=VersionState.WAITING).values_list("pk", "attempts"))
    for pk, attempts in waiting:
        if attempts >= MOST_ATTEMPTS:
            _refuse(Version.objects.get(pk=pk), "It couldn't be unpacked, however often it was tried.")
        else:
            enqueue(unpack, version_id=pk)
    return len(waiting)
