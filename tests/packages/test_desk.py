"""Packages at the desk."""

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from lms.agencies.models import Role
from lms.courses.models import Enrolment
from lms.packages import tasks
from lms.packages.models import Package, Version
from tests.factories.agencies import AgencyFactory, StaffRoleFactory
from tests.factories.packages import learner_of, package_of, upload_of
from tests.packages.made import Item, sound, zipped
from tests.packages.test_sitting import Sitting, core

pytestmark = pytest.mark.django_db
packages = Package.objects.unscoped(because="a test")


def page(name, *args):
    return reverse(f"packages:{name}", args=args)


@pytest.fixture
def trainer(client):
    role = StaffRoleFactory(role=Role.TRAINER)
    client.force_login(role.person)
    client.agency = role.agency
    return client


def test_a_trainer_brings_a_package_in(trainer):
    answer = trainer.post(page("desk_upload"), {"title": "The first week", "file": upload_of(sound())}, follow=True)
    assert "being unpacked" in answer.text
    assert packages.get().agency == trainer.agency


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": ""}, "Give it a title"),
        ({"file": None}, "Choose a file"),
        ({"file": upload_of(zipped({"../x.html": "x"}))}, "leads out of the package"),
        ({"file": upload_of(zipped({"run.exe": "x"}))}, "run.exe"),
    ],
)
def test_what_is_refused_says_which_file_and_why_and_keeps_the_title(trainer, typed, said):
    given = {"title": "The first week", "file": upload_of(sound()), **typed}
    answer = trainer.post(page("desk_upload"), {name: value for name, value in given.items() if value is not None})
    assert answer.status_code == 422
    assert said in answer.text
    assert not packages.exists()
    assert not given["title"] or "The first week" in answer.text


def test_one_from_elsewhere_keeps_the_identity_that_a_shared_course_names(trainer):
    known = "6b1c2d3e-4f50-4a61-8b72-9c8d0e1f2a3b"
    typed = {"title": "The first week", "identity": known}
    assert trainer.post(page("desk_upload"), {**typed, "file": upload_of(sound())}).status_code == 302
    assert str(packages.get().uuid) == known
    again = trainer.post(page("desk_upload"), {**typed, "file": upload_of(sound())})
    odd = trainer.post(page("desk_upload"), {**typed, "identity": "odd", "file": upload_of(sound())})
    assert "is here already" in again.text
    assert "Copy the whole identity" in odd.text
    assert packages.count() == 1


def test_it_can_be_settled_and_replaced(trainer):
    package = package_of(agency=trainer.agency)
    settled = {"title": "The second week", "policy": "score", "pass_mark": "70"}
    assert "Saved" in trainer.post(page("desk_package", package.uuid), settled, follow=True).text
    package = packages.get()
    assert (package.title, package.policy, package.pass_mark) == ("The second week", "score", 70)
    for odd in ({"pass_mark": "101"}, {"title": "\u200b\x7f"}):
        assert trainer.post(page("desk_package", package.uuid), {**settled, **odd}).status_code == 422
    new = {"file": upload_of(sound()), "on_replace": "resume"}
    assert "Version 2" in trainer.post(page("desk_replace", package.uuid), new, follow=True).text
    assert trainer.post(page("desk_replace", package.uuid), {"on_replace": "odd"}).status_code == 422


@pytest.mark.parametrize(
    ("choice", "number", "state"),
    [("keep", 1, ("resume", "page 3")), ("resume", 2, ("resume", "page 3")), ("again", 2, ("ab-initio", ""))],
)
def test_what_a_new_version_means_for_people_in_the_middle_is_chosen_with_it(trainer, choice, number, state):
    package = package_of(agency=trainer.agency)
    place = (package, *learner_of(package))
    Sitting(*place).tell({**core(exit="suspend"), "suspend_data": "page 3"}, finished=True)
    new = {"file": upload_of(sound(**{"new.html": "x"})), "on_replace": choice}
    trainer.post(page("desk_replace", package.uuid), new)
    tasks.unpack(version_id=Version.objects.get(number=2).pk)
    found = packages.get()
    assert f"in the middle: {found.get_on_replace_display()}." in trainer.get(page("desk_package", package.uuid)).text
    again = Sitting(found, *place[1:])
    assert again.opened.attempt.version.number == number
    assert (again.state["core"]["entry"], again.state.get("suspend_data", "")) == state


def test_packages_of_another_agency_do_not_exist(trainer):
    package = package_of(agency=AgencyFactory())
    assert trainer.get(page("desk_package", package.uuid)).status_code == 404
    assert package.title not in trainer.get(page("desk_packages")).text


def test_why_one_was_refused_is_there_to_read(trainer):
    package = package_of(agency=trainer.agency)
    Version.objects.update(state="refused", refusal="There's no imsmanifest.xml at the top of it.")
    packages.update(latest=None)
    assert "imsmanifest.xml" in trainer.get(page("desk_package", package.uuid)).text


@pytest.mark.parametrize("many", [1, 5])
def test_the_list_costs_the_same_however_long(trainer, many, django_assert_num_queries):
    for _ in range(many):
        package_of(agency=trainer.agency)
    trainer.get(page("desk_packages"))
    with django_assert_num_queries(5):
        trainer.get(page("desk_packages"))


def test_staff_see_what_a_package_said_and_nothing_that_was_typed_in_it(trainer, django_assert_num_queries):
    package = package_of(sound(Item("one", "one.html"), Item("two", "two.html")))
    learner, course, item = learner_of(package)
    sitting = Sitting(package, learner, course, item)
    answered = {"interactions": {"0": {"student_response": "we could not sleep"}}, "suspend_data": "she hummed"}
    sitting.tell({**core(lesson_status="passed", score={"raw": "85"}, session_time="00:12:30"), **answered})
    enrolment = Enrolment.objects.owned_by(learner).get()
    assert trainer.get(page("desk_reported", enrolment.uuid)).status_code == 404
    Enrolment.objects.owned_by(learner).update(agency=trainer.agency)
    desk = trainer.get(reverse("courses:desk_person", args=[enrolment.uuid]))
    assert page("desk_reported", enrolment.uuid) in desk.text
    with django_assert_num_queries(6):
        said = " ".join(strip_tags(trainer.get(page("desk_reported", enrolment.uuid)).text.replace("<", " <")).split())
    assert "Reported by the package, not checked by us." in said
    assert "Under way" in said
    assert "one Passed 85 12 min" in said
    assert "two Nothing yet Not said" in said
    assert not any(words in said for words in ("sleep", "hummed"))
