"""Taking in a package: looked at before it is kept, kept before it is unpacked, unpacked by the worker."""

import hashlib
import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max, Sum

from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.audit.operations import record
from lms.common.archives import MEGABYTE
from lms.common.errors import DomainError
from lms.common.tasks import enqueue
from lms.packages import tasks
from lms.packages.judging import PackageRefused, judge
from lms.packages.models import Package, Version, VersionState

if TYPE_CHECKING:
    Upload = UploadedFile[Any]
else:
    Upload = UploadedFile


class UploadRefused(DomainError):
    """Why a package is not taken; the words are the person's."""

    code = "packages.upload_refused"
    message = "That package can't be taken."

    def __init__(self, why: str) -> None:
        super().__init__()
        self.message = why  # type: ignore[misc]  # each refusal has words of its own


def upload_package(
    *,
    file: Upload,
    title: str,
    agency: Agency,
    actor: User | None,
    most_bytes: int,
    quota: int,
    now: datetime,
    identity: UUID | str | None = None,
    **settled: str | int,
) -> Package:
    """Keep a new package and have its first version unpacked. Raises UploadRefused, and then nothing is kept.

    actor: nobody for a command. identity: the one it has elsewhere, for the lessons of a shared course that name it.
    settled: when a part of it is done (policy, pass_mark), where that is known.
    """
    size = _judge(file, most_bytes=most_bytes)
    _refuse_known(identity)
    with transaction.atomic():
        _refuse_beyond(quota, agency=agency, size=size)
        own = {"uuid": identity} if identity else {}
        package = Package.objects.create(agency=agency, title=title, created_by=actor, created_at=now, **own, **settled)
        _add(package, file, size=size, actor=actor, now=now)
    return package


def upload_version(
    *, package: Package, file: Upload, on_replace: str, actor: User, most_bytes: int, quota: int, now: datetime
) -> Version:
    """Keep a new version of ``package``. Who is in the old one goes on in it until it is ready, and then as
    ``on_replace`` says. Raises UploadRefused, and then nothing is kept.
    """
    size = _judge(file, most_bytes=most_bytes)
    with transaction.atomic():
        rows = Package.objects.unscoped(because="the caller was let in").select_for_update().filter(pk=package.pk)
        held: Package = rows.get()
        _refuse_beyond(quota, agency=held.agency, size=size)
        rows.update(on_replace=on_replace)
        return _add(held, file, size=size, actor=actor, now=now)


def _judge(file: Upload, *, most_bytes: int) -> int:
    """Return how many bytes it will be, unpacked."""
    if (file.size or 0) > most_bytes:
        raise UploadRefused(
            f"It's larger than {most_bytes // MEGABYTE} MB. Make the pictures and videos in it smaller."
        )
    try:
        size = judge(file).size
    except PackageRefused as refusal:
        raise UploadRefused(str(refusal)) from refusal
    file.seek(0)
    return size


def _refuse_known(identity: UUID | str | None) -> None:
    if identity and Package.objects.unscoped(because="an identity is nobody else's").filter(uuid=identity).exists():
        raise UploadRefused("A package with this identity is here already. Bring a new version in on its own page.")


def _refuse_beyond(quota: int, *, agency: Agency, size: int) -> None:
    """What still waits to be unpacked counts as it will be, and two uploads at once come one after the other."""
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    kept = Version.objects.filter(package__agency=agency).exclude(state=VersionState.REFUSED)
    used = int(kept.aggregate(all=Sum("size"))["all"] or 0)
    if used + size > quota:
        raise UploadRefused(
            f"Unpacked it's {-(-size // MEGABYTE)} MB. Your agency's packages take {used // MEGABYTE} MB of the "
            f"{quota // MEGABYTE} MB there are. Ask whoever looks after this site for more room."
        )


def _add(package: Package, file: Upload, *, size: int, actor: User | None, now: datetime) -> Version:
    last = Version.objects.filter(package=package).aggregate(last=Max("number"))["last"] or 0
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    path = storages["private"].save(f"uploads/{uuid.uuid4()}.zip", file)
    version = Version.objects.create(
        package=package,
        number=int(last) + 1,
        upload=path,
        sha256=digest.hexdigest(),
        size=size,
        uploaded_by=actor,
        uploaded_at=now,
    )
    target, actor_id = f"package:{package.pk}", actor.pk if actor else None
    record(action="package.uploaded", target=target, actor_id=actor_id, now=now, agency_id=package.agency_id)
    enqueue(tasks.unpack, version_id=version.pk)
    return version


def settle_package(*, package: Package, title: str, policy: str, pass_mark: int, actor: User, now: datetime) -> None:
    """Keep what a package is called and when it counts as done. Nothing that was done is undone."""
    with transaction.atomic():
        rows = Package.objects.unscoped(because="the caller was let in").filter(pk=package.pk)
        rows.update(title=title, policy=policy, pass_mark=pass_mark)
        target, agency_id = f"package:{package.pk}", package.agency_id
        record(action="package.settled", target=target, actor_id=actor.pk, now=now, agency_id=agency_id)
