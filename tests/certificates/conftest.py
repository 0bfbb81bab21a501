"""What tests of certificates share."""

import pytest


@pytest.fixture
def shelf_of_files(settings, tmp_path):
    """A private store of this test's own."""
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path
