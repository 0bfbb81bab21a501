"""A course that somebody brought in, as its file and as its row."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import factory
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from cms.models import CoursePage
from lms.sharing.models import Arrival, ArrivalState
from tests.cms_content.files import FILES, LESSON_PATH
from tests.factories.cms import CoursePageFactory

SHARED = ("topics", "trainers", "facts", "courses")
TIES = "linked_workshops: [staying]\n"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c636000000002000148afa471"
    "0000000049454e44ae426082"
)
VIDEO = b"\0\0\0\x18ftypmp42 a film of nobody"
WATCHED = (
    "::: video\nkey: A-V1\ntitle: A talk\nfile: media/talk.mp4\ncaptions: media/talk.vtt\nposter: media/room.png\n"
    "minutes: 2\n\nWhat is said.\n:::\n\n::: download\ntitle: A sheet\nfile: media/sheet.pdf\n:::"
)
IDENTITY = "6b1c2d3e-4f50-4a61-8b72-9c8d0e1f2a3b"
PACKAGE = "\n::: package\nkey: P1\ntitle: A week\npackage: {identity}\nminutes: 10\n:::\n"
MEDIA = {"talk.mp4": VIDEO, "talk.vtt": b"WEBVTT\n", "room.png": PIXEL, "sheet.pdf": b"%PDF-1.4 sheet"}


def course_files() -> dict[str, bytes]:
    """The small course of the format's own tests, with a video, a picture and a paper, as a shared one has it."""
    files = {path: text.encode() for path, text in FILES.items() if path.startswith(SHARED)}
    files["courses/telling/course.md"] = files["courses/telling/course.md"].replace(TIES.encode(), b"")
    files[LESSON_PATH] = files[LESSON_PATH].replace(b"::: pause\n:::", WATCHED.encode())
    folder = LESSON_PATH.rpartition("/")[0]
    return files | {f"{folder}/media/{name}": data for name, data in MEDIA.items()}


def with_package(packed: bytes, identity: str = IDENTITY, *, named: bool = True) -> dict[str, bytes]:
    """The same course with a package in its first lesson. named: or beside it, where no lesson asks for it."""
    files = course_files()
    if named:
        files[LESSON_PATH] += PACKAGE.format(identity=identity).encode()
    files[f"packages/{identity}.md"] = b"---\ntitle: A week\ndone: score\npass_mark: 70\nfile: media/week.zip\n---\n"
    return {**files, "packages/media/week.zip": packed}


def zipped(files: dict[str, bytes] | None = None, packing: int = zipfile.ZIP_STORED) -> io.BytesIO:
    """Files as one archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", packing) as archive:
        for path, data in (files or course_files()).items():
            archive.writestr(path, data)
    packed.seek(0)
    return packed


def kept(files: dict[str, bytes] | None = None) -> str:
    """Put an archive where uploads are kept; return its path."""
    return storages["private"].save("uploads/course.zip", ContentFile(zipped(files).getvalue()))


class ArrivalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Arrival

    state = ArrivalState.LOOKING
    name = "telling.zip"
    upload = factory.LazyFunction(kept)
    sha256 = "0" * 64
    brought_at = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def some_course() -> dict[str, object]:
    """A course that can be shared, as an address names it."""
    page = CoursePage.objects.first() or CoursePageFactory(live=False)
    return {"course": page.identity}


def some_arrival() -> dict[str, object]:
    """A course that was brought in, as an address names it."""
    rows = Arrival.objects.unscoped(because="an address")
    return {"uuid": (rows.first() or ArrivalFactory(upload="none")).uuid}


def folder_of(root: Path, files: dict[str, bytes]) -> Path:
    """Files as a folder."""
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root
