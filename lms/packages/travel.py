"""Packages of a course that travels: given along as the zip they came as, and judged anew where they arrive."""

from collections.abc import Collection
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from cms.courseformat.packages import Kept, Packed
from lms.agencies.models import Agency
from lms.common.archives import MEGABYTE
from lms.packages import operations, tasks
from lms.packages.models import Package, PackageQuerySet

NOBODYS = "Say whose package this will be."


class Room:
    """What courses ask of the packages here: see ``cms.courseformat.packages.PackageRoom``."""

    def here(self, identities: Collection[str]) -> set[str]:
        """Which of these are here, ready or not."""
        return {str(identity) for identity in _rows(identities).values_list("uuid", flat=True)}

    def packed(self, identities: Collection[str]) -> list[Packed]:
        """Those with a version that people can open, and whose zip is still there."""
        rows = _rows(identities).ready().select_related("latest").order_by("uuid")
        return [_packed(package) for package in rows if storages["private"].exists(package.latest.upload)]

    def fault_of(self, path: Path) -> str:
        """What is wrong with a zip, in words; nothing when it may come in."""
        if path.stat().st_size > settings.LMS_PACKAGE_BYTES:
            return f"this package is larger than {settings.LMS_PACKAGE_BYTES // MEGABYTE} MB"
        with path.open("rb") as file:
            return tasks.fault_of(file)

    def take(self, packed: Packed, *, home: int | None, by: Any) -> Kept:
        """Keep one as the package it was elsewhere, to be unpacked by the worker. Raises ValidationError."""
        agency = Agency.objects.filter(pk=home).first() if home else None
        if agency is None:
            raise ValidationError(NOBODYS)
        try:
            package = operations.upload_package(
                file=UploadedFile(cast(Any, packed.file), packed.file.name, size=packed.file.size),
                title=packed.title,
                agency=agency,
                actor=by,
                most_bytes=settings.LMS_PACKAGE_BYTES,
                quota=settings.LMS_PACKAGES_BYTES_EACH_AGENCY,
                now=timezone.now(),
                identity=packed.identity,
                policy=packed.done,
                pass_mark=packed.pass_mark,
            )
        except operations.UploadRefused as refusal:
            raise ValidationError(refusal.message) from refusal
        return Kept(storages["private"], package.versions.get().upload)


def _rows(identities: Collection[str]) -> PackageQuerySet:
    rows: PackageQuerySet = Package.objects.unscoped(because="lessons name them, and a package names nobody")
    return rows.filter(uuid__in=identities)


def _packed(package: Package) -> Packed:
    upload = cast(Any, package.latest).upload
    file = storages["private"].open(upload)
    return Packed(str(package.uuid), package.title, package.policy, package.pass_mark, file)
