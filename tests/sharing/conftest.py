"""What tests of sharing share."""

import io

import pytest

from cms.courseformat import archives, drafting, importing
from tests.certificates.conftest import shelf_of_files
from tests.factories.sharing import zipped

__all__ = ["shelf_of_files"]


@pytest.fixture(autouse=True)
def _files_apart(shelf_of_files, settings, tmp_path):
    """Nothing that comes in here stays."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def bring_in():
    """Bring a course in, from the files of one or from an archive."""

    def bring(files=None, **whose):
        packed = io.BytesIO(files) if isinstance(files, bytes) else zipped(files)
        with archives.unpacked(packed) as folder:
            library, problems = importing.read(folder)
            assert problems == []
            return drafting.bring_in(library, **whose)

    return bring


@pytest.fixture
def saved():
    """Save a course; return the bytes of its file."""

    def save(course):
        out = io.BytesIO()
        archives.write(course, out)
        return out.getvalue()

    return save
