"""The demo's package: three small steps for the first week at home, made elsewhere, in a lesson of a course."""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from uuid import uuid4
from zipfile import ZipFile

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from cms.models import LessonPage
from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.packages import operations, tasks
from lms.packages.models import Package

FILES = Path(__file__).resolve().parents[2] / "fixtures" / "packages" / "first-week"
TITLE = "The first week at home"
LESSON = {"slug": "predictable-day", "url_path__contains": "/therapeutic-parenting/"}
INSTEAD = "Read the steps above. Your trainer can mark this as done for you."


def make(*, agency: Agency, trainer: User, now: datetime) -> None:
    """Bring it in as the trainer would, and unpack it as the worker would."""
    package = operations.upload_package(
        file=SimpleUploadedFile("first-week.zip", _zipped()),
        title=TITLE,
        agency=agency,
        actor=trainer,
        most_bytes=settings.LMS_PACKAGE_BYTES,
        quota=settings.LMS_PACKAGES_BYTES_EACH_AGENCY,
        now=now,
    )
    tasks.unpack(version_id=package.versions.get().pk)


def show_in_lesson() -> None:
    """Put it into a lesson that has room for it; also again, once the lesson was loaded anew from its file."""
    package = Package.objects.unscoped(because="the demo's own").filter(title=TITLE).first()
    lesson = LessonPage.objects.live().filter(**LESSON).first()
    if package is None or lesson is None or any(block.block_type == "package" for block in lesson.body):
        return
    value = {"title": TITLE, "package": str(package.uuid), "minutes": 5, "instead": INSTEAD}
    block = {"type": "package", "id": str(uuid4()), "value": {**value, "key": "P1", "item_id": str(package.uuid)}}
    lesson.body = [*lesson.body.get_prep_value(), block]
    lesson.save_revision().publish()


def _zipped() -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w") as package:
        for path in sorted(FILES.iterdir()):
            package.write(path, path.name)
    return packed.getvalue()
