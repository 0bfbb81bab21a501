"""What is saved most often while people learn: a few words of their own, and what a package tells."""

from datetime import datetime
from typing import Any
from uuid import uuid4


def writing(learners: list[Any], now: datetime) -> dict[str, Any]:
    """Bring everybody onto a course with a prompt and a package, with a window on the package open for each."""
    from cms.outline import Item, Lesson, Module, Outline
    from lms.courses import operations as courses
    from lms.courses.models import Course

    package = _package(learners[0], now)
    held = {"package": str(package.uuid)}
    asked = Item(id=uuid4(), kind="reflection", title="What did you notice?", required=False)
    told = Item(id=uuid4(), kind="package", title="A package", required=True, answer=held)
    lesson = {"title": "A lesson", "slug": "lesson", "path": "/bench/lesson/", "minutes": 5, "content_note": ""}
    part = {"title": "A part", "slug": "part", "summary": "", "skippable": False}
    module = Module(id=uuid4(), lessons=(Lesson(id=uuid4(), items=(asked, told), **lesson),), **part)
    named = {"slug": "bench-writing", "title": "Writing", "neutral_title": "Writing", "open_to": "everyone"}
    outline = Outline(id=uuid4(), page_id=None, modules=(module,), **named)
    courses.compile_outline(outline, now=now)
    for person in learners:
        courses.enrol(person=person, course=Course.objects.get(identity=outline.id), now=now)
    windows = [_window(person, package, outline.id, told.id, now) for person in learners]
    return {"note": f"/learn/{outline.id}/{asked.id}/note/", **_host(), "windows": windows}


def _package(trainer: Any, now: datetime) -> Any:
    from lms.agencies.models import Agency
    from lms.demo import packages
    from lms.packages.models import Package

    packages.make(agency=Agency.objects.get(slug="measured"), trainer=trainer, now=now)
    return Package.objects.unscoped(because="measured").select_related("latest").get()


def _host() -> dict[str, str]:
    from lms.packages.hosting import content_host

    return {"host": content_host()}


def _window(person: Any, package: Any, course: Any, item: Any, now: datetime) -> dict[str, str]:
    """Where a window tells, and what names it."""
    from lms.packages import hosting, operations

    opened = operations.open_part(learner=person, package=package, course=course, item=item, part="", now=now)
    address = hosting.frame_address(opened).replace("/frame/", "/tell")
    path = "/" + address.partition("://")[2].partition("/")[2]
    return {"path": path, "launch": str(opened.attempt.launch), "part": opened.part["id"]}
