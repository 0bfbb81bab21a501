"""Uploading and unpacking: whole or not at all, also when it is done twice or killed in the middle."""

from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django_q.models import OrmQ

from lms.packages import operations, tasks
from lms.packages.models import Package, Version
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory
from tests.factories.packages import BEGAN, LIMITS, package_of, upload_of
from tests.packages.made import Item, manifest, sound, zipped

pytestmark = pytest.mark.django_db
packages = Package.objects.unscoped(because="a test")


def upload(packed, agency=None, **limits):
    return operations.upload_package(
        file=upload_of(packed),
        title="The first week",
        agency=agency or AgencyFactory(),
        actor=PersonFactory(),
        now=BEGAN,
        **{**LIMITS, **limits},
    )


def files_of(version):
    store = storages["private"]
    return {name for name in ("imsmanifest.xml", "index.html") if store.exists(f"{version.folder}/{name}")}


def test_a_package_is_kept_and_unpacked_by_the_worker():
    package = upload(sound())
    assert OrmQ.objects.count() == 1
    assert package.latest is None
    version = Version.objects.get()
    assert tasks.unpack(version_id=version.pk) == "unpacked"
    version.refresh_from_db()
    assert (version.state, version.standard, [part["id"] for part in version.parts]) == ("ready", "1.2", ["intro"])
    assert files_of(version) == {"imsmanifest.xml", "index.html"}
    assert packages.get().latest == version


def test_unpacking_twice_is_unpacking_once():
    upload(sound())
    version = Version.objects.get()
    tasks.unpack(version_id=version.pk)
    folder = Version.objects.get().folder
    assert tasks.unpack(version_id=version.pk) == "nothing to unpack"
    assert Version.objects.get().folder == folder


@pytest.mark.parametrize("packed", [zipped({"../x.html": "x"}), zipped({"run.exe": "x"})])
def test_a_hostile_package_is_refused_before_anything_is_kept(packed):
    with pytest.raises(operations.UploadRefused):
        upload(packed)
    assert not packages.exists()
    assert not OrmQ.objects.exists()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"index.html": "x"}, "no imsmanifest.xml"),
        ({"imsmanifest.xml": "<manifest"}, "can't be read"),
        ({"imsmanifest.xml": manifest(Item("a", "gone.html"))}, "gone.html"),
    ],
)
def test_what_only_its_manifest_shows_is_said_at_the_desk(files, said):
    package = upload(zipped(files))
    version = Version.objects.get()
    assert tasks.unpack(version_id=version.pk) == "refused"
    version.refresh_from_db()
    assert version.state == "refused"
    assert said in version.refusal
    assert packages.get(pk=package.pk).latest is None
    assert not storages["private"].exists(version.upload)


def test_too_large_a_file_and_a_full_shelf_are_refused_with_numbers():
    with pytest.raises(operations.UploadRefused) as too_large:
        upload(sound(), most_bytes=10)
    assert "larger than 0 MB" in too_large.value.message
    agency = AgencyFactory()
    package_of(agency=agency)
    with pytest.raises(operations.UploadRefused) as full:
        upload(sound(), agency=agency, quota=100)
    assert "of the 0 MB there are" in full.value.message
    large = {"film.html": b"0" * 90_000}  # packed small: what counts is how large it will be
    assert upload(sound(**large), agency=agency, quota=150_000).pk
    with pytest.raises(operations.UploadRefused):
        upload(sound(**large), agency=agency, quota=150_000)  # while the other still waits to be unpacked
    assert upload(sound(), agency=AgencyFactory(), quota=10_000).pk  # another agency has a shelf of its own


def test_an_unpacking_that_was_killed_leaves_nothing_that_is_served(monkeypatch):
    upload(sound())
    version = Version.objects.get()

    def killed(*_args, **_kwargs):
        raise SystemExit

    monkeypatch.setattr(tasks, "_settle", killed)
    with pytest.raises(SystemExit):
        tasks.unpack(version_id=version.pk)
    monkeypatch.undo()
    version.refresh_from_db()
    assert (version.state, version.folder) == ("waiting", "")
    assert tasks.sweep_folders(now=BEGAN - timedelta(days=1)) == 0  # it may still be at work
    assert tasks.unpack(version_id=version.pk) == "unpacked"
    version.refresh_from_db()
    swept = tasks.sweep_folders(now=version.uploaded_at + timedelta(days=36_500))
    assert swept >= 1
    assert files_of(version) == {"imsmanifest.xml", "index.html"}


def test_one_that_kills_its_worker_each_time_is_given_up():
    upload(sound())
    Version.objects.update(attempts=tasks.MOST_ATTEMPTS)
    assert tasks.wake_unpackers() == 1
    assert Version.objects.get().state == "refused"


def test_a_file_that_is_longer_than_it_says_is_refused():
    packed = sound()
    raw = bytearray(packed.getvalue())
    central = raw.rindex(b"PK\x01\x02")
    raw[central + 24 : central + 28] = (5).to_bytes(4, "little")  # the length of the last file
    packed.seek(0)
    packed.write(raw)
    upload(packed)
    tasks.unpack(version_id=Version.objects.get().pk)
    assert Version.objects.get().state == "refused"


def test_a_new_version_takes_over_when_it_is_ready_and_not_before():
    package = package_of()
    first = package.latest
    operations.upload_version(
        package=package,
        file=upload_of(sound(standard="2004")),
        on_replace="keep",
        actor=PersonFactory(),
        now=BEGAN,
        **LIMITS,
    )
    assert packages.get().latest == first
    tasks.unpack(version_id=Version.objects.get(number=2).pk)
    assert packages.get().latest.number == 2
    assert files_of(first) == {"imsmanifest.xml", "index.html"}
