"""Packages of a course that travels: the same elsewhere, judged as at the desk, and never lost without a word."""

import io
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from cms import models
from lms.agencies.models import Role
from lms.packages import tasks as unpacking
from lms.packages.models import Package, Version
from lms.packages.operations import upload_version
from lms.sharing import tasks
from lms.sharing.models import Arrival, ArrivalState
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, StaffRoleFactory
from tests.factories.packages import BEGAN, LIMITS, upload_of
from tests.factories.sharing import IDENTITY, ArrivalFactory, course_files, folder_of, kept, with_package
from tests.packages.made import sound, zipped
from tests.sharing.test_hostile import state
from tests.sharing.test_round_trip import empty_the_site

pytestmark = pytest.mark.django_db
packages = Package.objects.unscoped(because="a test")
SOUND = sound().getvalue()
DTD = '<!DOCTYPE m [<!ENTITY e SYSTEM "file:///etc/passwd">]><manifest>&e;</manifest>'


def unpacked():
    for version in Version.objects.all():
        unpacking.unpack(version_id=version.pk)


def torn():
    """A package in which a file is broken, which only shows when it is read."""
    packed = bytearray(sound(**{"film.html": "x" * 500}).getvalue())
    at = packed.index(b"film.html") + len(b"film.html") + 2
    packed[at] ^= 0xFF
    return bytes(packed)


def test_a_package_comes_along_with_its_identity_and_the_same_bytes(bring_in, saved):
    agency = AgencyFactory()
    first = bring_in(with_package(SOUND), home=agency.pk)
    assert [step.deed for step in first.steps if step.kind == "package"] == ["new"]
    unpacked()
    package = packages.get()
    assert (str(package.uuid), package.title, package.policy, package.pass_mark) == (IDENTITY, "A week", "score", 70)
    assert package.agency == agency
    assert package.latest.standard == "1.2"
    archive = saved(models.CoursePage.objects.get())
    again = bring_in(archive)
    assert again.changes_nothing
    assert [step.deed for step in again.steps if step.kind == "package"] == ["here"]
    empty_the_site()
    packages.update(latest=None)
    packages.all().delete()
    bring_in(archive, home=agency.pk)
    unpacked()
    assert saved(models.CoursePage.objects.get()) == archive
    new = {"file": upload_of(sound(**{"new.html": "x"})), "on_replace": "keep"}
    upload_version(package=packages.get(), actor=PersonFactory(), now=BEGAN, **new, **LIMITS)
    unpacked()
    now = zipfile.ZipFile(io.BytesIO(saved(models.CoursePage.objects.get())))
    (inner,) = (name for name in now.namelist() if name.startswith("packages/media/"))
    assert "new.html" in zipfile.ZipFile(io.BytesIO(now.read(inner))).namelist()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (with_package(zipped({"../x.html": "x"}).getvalue()), "../x.html: The path of this file leads out"),
        (with_package(zipped({"more.zip": "x"}).getvalue()), "more.zip: Files of this kind"),
        (with_package(zipped({"index.html": "x"}).getvalue()), "no imsmanifest.xml"),
        (with_package(zipped({"imsmanifest.xml": DTD}).getvalue()), "imsmanifest.xml: The manifest has a DTD"),
        (with_package(b"no zip"), "isn't a zip file"),
        (with_package(torn()), "A file in it is broken"),
        (with_package(SOUND, named=False), f"packages/{IDENTITY}.md:1: no lesson names this package"),
        (with_package(SOUND, "week"), "packages/week.md:1"),
        ({**with_package(SOUND), "packages/media/week.zip": b""} | {"packages/week": b""}, "kind"),
    ],
)
def test_one_that_is_spoilt_refuses_the_whole_course_with_file_and_reason(files, said):
    arrival, before = ArrivalFactory(upload=kept(files)), state()
    tasks.look(arrival_id=arrival.pk)
    arrival.refresh_from_db()
    assert arrival.state == ArrivalState.REFUSED
    assert said in arrival.refusal
    assert "packages/" in arrival.refusal
    assert state() == before
    assert not packages.exists()


def test_who_brings_it_in_says_whose_package_it_will_be(client, bring_in):
    bring_in()
    trainer, elsewhere = StaffRoleFactory(role=Role.TRAINER), AgencyFactory()
    arrival = ArrivalFactory(upload=kept(with_package(SOUND)))
    tasks.look(arrival_id=arrival.pk)
    client.force_login(trainer.person)
    page, yes = reverse("sharing:arrival", args=[arrival.uuid]), reverse("sharing:confirm", args=[arrival.uuid])
    assert "Whose packages will these be?" in client.get(page).text
    assert "Choose an agency" in client.post(yes).text
    assert client.post(yes, {"agency": elsewhere.pk}).status_code == 422
    assert client.post(yes, {"agency": trainer.agency.pk}).status_code == 302
    tasks.write(arrival_id=arrival.pk)
    unpacked()
    assert "ready at the desk" in client.get(page).text
    package = packages.get()
    assert (package.agency, package.created_by) == (trainer.agency, trainer.person)
    assert package.title in client.get(reverse("packages:desk_packages")).text
    assert Arrival.objects.unscoped(because="a test").get().state == ArrivalState.DONE


def test_a_course_that_misses_a_package_says_so(bring_in, saved, client, tmp_path):
    editor = StaffRoleFactory(role=Role.EDITOR, agency=None).person
    client.force_login(editor)
    agency = AgencyFactory()
    bring_in(with_package(SOUND), home=agency.pk)
    course = models.CoursePage.objects.get()
    answer = client.get(reverse("sharing:save", args=[course.identity]))
    assert answer.status_code == 422
    assert "the package &quot;A week&quot; isn&#x27;t ready at the desk" in answer.text
    packages.all().delete()
    files = with_package(SOUND)
    lonely = {path: data for path, data in files.items() if not path.startswith("packages/")}
    arrival = ArrivalFactory(upload=kept(lonely))
    tasks.look(arrival_id=arrival.pk)
    arrival.refresh_from_db()
    assert "there is no package in this course, or ready at the desk, with the identity" in arrival.refusal
    folder = folder_of(tmp_path / "files", {**files, **course_files()})
    err = io.StringIO()
    with pytest.raises(CommandError):
        call_command("load_workshops", str(folder), stdout=io.StringIO(), stderr=err)
    assert f"packages/{IDENTITY}.md:1: bring this package in at the desk first" in err.getvalue()
