"""Sharing at the desk: save one, bring one in, see what it would do, and say yes or no."""

from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cms import models
from lms.agencies.models import Role
from lms.audit.models import Entry
from lms.sharing import jobs, operations, tasks
from lms.sharing.models import Arrival, ArrivalState
from tests.factories.agencies import StaffRoleFactory
from tests.factories.sharing import ArrivalFactory, course_files, zipped

pytestmark = pytest.mark.django_db
arrivals = Arrival.objects.unscoped(because="a test")


def page(name, *args):
    return reverse(f"sharing:{name}", args=args)


@pytest.fixture
def staff(client):
    def sign_in(role):
        person = StaffRoleFactory(role=role, **({"agency": None} if role == Role.EDITOR else {})).person
        client.force_login(person)
        return client

    return sign_in


def upload(files=None):
    return {"file": SimpleUploadedFile("telling.zip", zipped(files).getvalue())}


def test_an_editor_brings_a_course_in_and_sees_before_what_it_does(staff):
    editor = staff(Role.EDITOR)
    answer = editor.post(page("bring"), upload(), follow=True)
    arrival = arrivals.get()
    assert "looking at it" in answer.text
    assert answer["Refresh"]
    tasks.look(arrival_id=arrival.pk)
    foreseen = editor.get(page("arrival", arrival.uuid))
    assert all(words in foreseen.text for words in ("Telling the story", "Whose story", "Jo Levi", "is new here"))
    assert not models.CoursePage.objects.exists()
    assert "being written" in editor.post(page("confirm", arrival.uuid), follow=True).text
    tasks.write(arrival_id=arrival.pk)
    tasks.write(arrival_id=arrival.pk)
    done = editor.get(page("arrival", arrival.uuid))
    course = models.CoursePage.objects.get()
    assert f"/cms/pages/{course.pk}/" in done.text
    assert not course.live
    assert course.get_latest_revision().user == arrivals.get().confirmed_by
    assert not storages["private"].exists(arrival.upload)
    assert list(Entry.objects.order_by("pk").values_list("action", flat=True)) == [
        "course.uploaded",
        "course.confirmed",
        "course.brought_in",
    ]
    saved = editor.get(page("save", course.identity))
    again = editor.post(page("bring"), {"file": SimpleUploadedFile("t.zip", b"".join(saved))}, follow=True)
    tasks.look(arrival_id=arrivals.latest("pk").pk)
    again = editor.get(again.redirect_chain[-1][0])
    assert "nothing to do" in again.text
    assert page("confirm", arrivals.latest("pk").uuid) not in again.text


def test_a_trainer_may_not_make_what_every_page_shows(staff, bring_in):
    trainer, arrival = staff(Role.TRAINER), ArrivalFactory()
    tasks.look(arrival_id=arrival.pk)
    assert "An editor has to say yes" in trainer.get(page("arrival", arrival.uuid)).text
    answer = trainer.post(page("confirm", arrival.uuid))
    assert (answer.status_code, arrivals.get().state) == (422, ArrivalState.READY)
    bring_in()
    changed = course_files()
    changed["courses/telling/course.md"] = changed["courses/telling/course.md"].replace(b"Any adopter", b"All adopters")
    trainer.post(page("bring"), upload(changed))
    second = arrivals.latest("pk")
    tasks.look(arrival_id=second.pk)
    assert "Here already, and stays" in trainer.get(page("arrival", second.uuid)).text
    assert trainer.post(page("confirm", second.uuid)).status_code == 302
    assert trainer.post(page("confirm", second.uuid)).status_code == 422


def test_no_is_no(staff, now):
    editor, arrival = staff(Role.EDITOR), ArrivalFactory()
    assert editor.post(page("drop", arrival.uuid)).status_code == 422
    tasks.look(arrival_id=arrival.pk)
    assert "Nothing was changed" in editor.post(page("drop", arrival.uuid), follow=True).text
    assert not storages["private"].exists(arrival.upload)
    old = ArrivalFactory(state=ArrivalState.READY)
    assert operations.drop_forgotten(now=old.brought_at + timedelta(days=29)) == 0
    assert operations.drop_forgotten(now=old.brought_at + timedelta(days=31)) == 1
    assert not storages["private"].exists(old.upload)
    assert not models.CoursePage.objects.exists()


def test_what_cannot_be_taken_or_saved_says_why(staff, settings, bring_in):
    editor = staff(Role.EDITOR)
    assert "Choose a file" in editor.post(page("bring"), {}).text
    settings.LMS_COURSE_BYTES = 10
    assert "larger than" in editor.post(page("bring"), upload()).text
    assert not arrivals.exists()
    bring_in()
    models.LessonPage.objects.get(key="A1.1").revisions.all().delete()
    models.LessonPage.objects.filter(key="A1.1").update(latest_revision=None, author=None)
    answer = editor.get(page("save", models.CoursePage.objects.get().identity))
    assert answer.status_code == 422
    assert "01-whose-story.md:1: &quot;author&quot; is missing" in answer.text


def test_a_killed_worker_is_no_end_and_too_many_tries_are(staff):
    arrival = ArrivalFactory(attempts=2)
    assert jobs.go_on() == "woken for 1"
    tasks.look(arrival_id=arrival.pk)
    assert arrivals.get().state == ArrivalState.READY
    arrivals.update(state=ArrivalState.WRITING, attempts=3)
    jobs.go_on()
    assert arrivals.get().refusal == tasks.TOO_OFTEN


def test_the_list_costs_the_same_however_long(staff, django_assert_num_queries):
    editor = staff(Role.EDITOR)
    for many in (1, 5):
        ArrivalFactory.create_batch(many - arrivals.count(), upload="none")
        editor.get(page("courses"))
        with django_assert_num_queries(6):
            assert editor.get(page("courses")).text.count("telling.zip") == many
