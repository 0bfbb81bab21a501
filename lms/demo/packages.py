"""The demo's package: three small steps for the first week at home, made elsewhere, for trainers to put in a lesson."""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.packages import operations

FILES = Path(__file__).resolve().parents[2] / "fixtures" / "packages" / "first-week"


def make(*, agency: Agency, trainer: User, now: datetime) -> None:
    """Bring it in as the trainer would. The worker unpacks it."""
    operations.upload_package(
        file=SimpleUploadedFile("first-week.zip", _zipped()),
        title="The first week at home",
        agency=agency,
        actor=trainer,
        most_bytes=settings.LMS_PACKAGE_BYTES,
        quota=settings.LMS_PACKAGES_BYTES_EACH_AGENCY,
        now=now,
    )


def _zipped() -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w") as package:
        for path in sorted(FILES.iterdir()):
            package.write(path, path.name)
    return packed.getvalue()
