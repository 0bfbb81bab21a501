"""What tests of packages share."""

import pytest

from tests.certificates.conftest import shelf_of_files

__all__ = ["shelf_of_files"]


@pytest.fixture(autouse=True)
def _files_apart(shelf_of_files):
    """Nothing that is unpacked here stays."""
