"""A course as one zip: made the same to the byte wherever it is made, and taken apart without trusting it."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.core.files.base import File

from cms.courseformat import fidelity, importing
from cms.courseformat.bodies import FILES, PICTURES
from cms.courseformat.exporting import Bundle, bundle, left_behind
from cms.courseformat.mediafiles import PACKAGES
from cms.courseformat.problems import Problem
from cms.courseformat.texts import text_of
from cms.models import CoursePage
from lms.common import archives
from lms.common.archives import MEGABYTE, ArchiveRefused, Limits, Measured

_ENDINGS = frozenset(ending.lstrip(".") for endings in (*FILES.values(), PICTURES, PACKAGES) for ending in endings)
LIMITS = Limits("course", _ENDINGS | {"md"}, bytes=500 * MEGABYTE, entries=2_000, deepest=6, longest=800)
_ALWAYS = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can tell
_READABLE = 0o100644 << 16
_UNIX = 3


class NotSound(Exception):
    """What is not right in the files of a course. ``problems`` name file, line and reason."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def write(course: CoursePage, out: IO[bytes]) -> None:
    """Write ``course`` as it is published (a draft as it is drafted) into ``out`` as a zip.

    Raises NotSound where a page says what no file can say, like a lesson without an author, where a package is missing,
    and where all of it would be more than may be brought in.
    """
    made = bundle(course)
    if missing := left_behind(made):
        raise NotSound(missing)
    with ZipFile(out, "w", ZIP_STORED) as archive:  # packed, the bytes would differ from machine to machine
        for entry in sorted(_with_media(made), key=lambda entry: entry.filename):
            _put(archive, entry)
    out.seek(0)
    try:
        with unpacked(out) as folder:
            library, problems = importing.read(folder)
            problems = problems or fidelity.differences(made.library, library)
    except ArchiveRefused as refusal:
        raise NotSound([Problem(refusal.entry or "courses", 1, refusal.why)]) from refusal
    if problems:
        raise NotSound(problems)
    out.seek(0)


class _File(ZipInfo):
    """A file of an archive, with nothing of the day and the machine; ``content`` is a text or a stored file."""

    content: str | File[bytes]

    @classmethod
    def of(cls, path: str, content: str | File[bytes]) -> "_File":
        file = cls(path, _ALWAYS)
        file.create_system, file.external_attr, file.content = _UNIX, _READABLE, content
        return file


def _with_media(made: Bundle) -> Iterator[_File]:
    seen: set[str] = set()
    for entry in made.library.everything():
        folder = entry.path.rpartition("/")[0]
        yield _File.of(entry.path, text_of(entry, {one.digest: one.path.as_posix() for one in entry.media.values()}))
        for media in entry.media.values():
            path = f"{folder}/{media.path.as_posix()}"
            if path not in seen:
                yield _File.of(path, made.files[media.digest])
            seen.add(path)


def _put(archive: ZipFile, file: _File) -> None:
    with archive.open(file, "w") as target:
        if isinstance(file.content, str):
            target.write(file.content.encode())
        else:
            with file.content.open("rb") as source:
                shutil.copyfileobj(source, target)


@contextmanager
def unpacked(file: IO[bytes]) -> Iterator[Path]:
    """Unpack an archive into a folder that is gone afterwards. Raises ArchiveRefused, and then nothing was kept."""
    contents = archives.judge(file, LIMITS)
    with tempfile.TemporaryDirectory(prefix="course-") as name, ZipFile(file) as archive:
        root = Path(name).resolve()
        for entry, path in contents.entries:
            _unpack(archive, entry, root / path)
        yield root


def _unpack(archive: ZipFile, entry: ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    in_words = archives.read_in_words("This file is broken. Export the course again.", entry=entry.filename)
    with in_words, archive.open(entry) as source, target.open("wb") as out:
        shutil.copyfileobj(cast(IO[bytes], Measured(source, entry)), out)
