"""Packages that are unpacked, and a learner on a course whose one lesson holds one."""

from datetime import UTC, datetime
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from cms.outline import Item
from lms.courses import operations as courses
from lms.packages import operations, tasks
from lms.packages.models import Package, Version
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory
from tests.factories.courses import course_of, lesson_of, module_of, outline_of
from tests.packages.made import sound

BEGAN = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
LIMITS = {"most_bytes": 10_000_000, "quota": 100_000_000}


def upload_of(packed, name="package.zip"):
    """A zip as a browser sends it."""
    return SimpleUploadedFile(name, packed.getvalue(), content_type="application/zip")


def package_of(packed=None, *, agency=None, **settled):
    """A package that is ready."""
    package = operations.upload_package(
        file=upload_of(packed or sound()),
        title="The first week",
        agency=agency or AgencyFactory(),
        actor=PersonFactory(),
        now=BEGAN,
        **LIMITS,
    )
    tasks.unpack(version_id=Version.objects.get(package=package).pk)
    rows = Package.objects.unscoped(because="a test")
    if settled:
        rows.filter(pk=package.pk).update(**settled)
    return rows.get(pk=package.pk)


def learner_of(package, **fields):
    """Somebody on a course whose one lesson holds ``package``; with the course's and the item's identity."""
    person = PersonFactory(**fields)
    return person, *_placed(package, person)


def attempt_of(package, person):
    """The attempt of somebody who has opened ``package`` on such a course."""
    course, item = _placed(package, person)
    return operations.open_part(learner=person, package=package, course=course, item=item, part="", now=BEGAN).attempt


def _placed(package, person):
    item = Item(id=uuid4(), kind="package", title="First week", required=True, answer={"package": str(package.uuid)})
    course = course_of(outline_of(module_of(lesson_of(item)), slug=f"with-{item.id}"))
    courses.enrol(person=person, course=course, now=BEGAN)
    return course.identity, item.id
