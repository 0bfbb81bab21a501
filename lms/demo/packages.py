"""The demo's package: three small steps for the first week at home, zipped here from its files, in a lesson."""

from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import cast
from uuid import UUID, uuid4
from zipfile import ZipFile

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from cms.models import LessonPage
from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.courses.models import Course
from lms.packages import operations, tasks
from lms.packages.models import Package

FILES = Path(__file__).resolve().parents[2] / "fixtures" / "packages" / "first-week"
TITLE = "The first week at home"
COURSE = "therapeutic-parenting"
LESSON = {"slug": "predictable-day", "url_path__contains": f"/{COURSE}/"}
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


def begin(*, learner: User, now: datetime) -> None:
    """Somebody has read its first step, and put the phone down."""
    package = Package.objects.unscoped(because="the demo's own").select_related("latest").get(title=TITLE)
    course = Course.objects.get(slug=COURSE).identity
    opened = operations.open_part(
        learner=learner, package=package, course=course, item=package.uuid, part="", now=now - timedelta(minutes=20)
    )
    said = {"lesson_location": "1", "lesson_status": "incomplete", "exit": "suspend", "session_time": "00:04:00"}
    told = operations.Told(
        cast(UUID, opened.attempt.launch), opened.part["id"], sequence=1, cmi={"core": said}, is_finished=True
    )
    operations.keep(attempt_id=opened.attempt.pk, told=told, now=now - timedelta(minutes=16))


def _zipped() -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w") as package:
        for path in sorted(FILES.iterdir()):
            package.write(path, path.name)
    return packed.getvalue()
