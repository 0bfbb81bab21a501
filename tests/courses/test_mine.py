"""A person's own page of courses and notes, and what the catalogue says of them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory

from lms.courses import operations, rules
from lms.courses.models import EnrolmentState, Reflection
from tests.courses.browsing import COURSE, form_to, words
from tests.courses.written import address
from tests.factories.accounts import AdministratorFactory, PersonFactory
from tests.factories.agencies import StaffRoleFactory
from tests.factories.courses import BEFORE, EnrolmentFactory, ReflectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, person):
    client.force_login(person)
    return client


def test_who_has_no_course_is_shown_the_way_to_one(signed_in):
    page = words(signed_in.get("/my/learning/"))
    assert "Nothing here yet" in page
    assert 'href="/courses/"' in page


def test_courses_under_way_lead_on(reading, written):
    page = words(reading.get("/my/learning/"))
    assert "0 of 3 lessons done" in page
    assert "Start with lesson 1" in page
    assert f'href="{address(written.rich)}"' in page


def test_a_course_that_was_left_is_kept_in_sight(reading, written, learner):
    operations.leave(person=learner, course=written.course, now=BEFORE)
    page = words(reading.get("/my/learning/"))
    assert "if you want to come back" in page
    assert f'href="{COURSE}"' in page


def test_a_finished_course_stays(reading, written, learner, now):
    who = {"learner": learner, "course": written.course.identity, "client_id": uuid4(), "now": now}
    for page in (written.rich, written.plain, written.hard):
        operations.read_lesson(lesson=page.identity, **who)
    left = [item for item, said in written.course.latest.items.items() if said["kind"] == "question"]
    operations.leave_out(items=left, **who)
    assert "Finished on 29 March 2026" in words(reading.get("/my/learning/"))
    assert "3 of 3" in words(reading.get(COURSE))


def progress_words(user, page):
    request = RequestFactory().get("/courses/")
    template = Template("{% load courses_tags %}{% my_progress as progress %}{{ progress|at_page:page }}")
    return template.render(Context({"request": request, "user": user, "page": page}))


def test_the_catalogue_says_where_one_is(written, person, django_assert_num_queries):
    assert progress_words(person, written.page.pk) == ""
    operations.enrol(person=person, course=written.course, now=BEFORE)
    assert progress_words(person, written.page.pk) == "You&#x27;ve joined"
    with django_assert_num_queries(1):
        assert progress_words(person, written.page.pk) == "You&#x27;ve joined"
    where = {"course": written.course.identity, "lesson": written.hard.identity, "place": "", "share": 0}
    operations.keep_place(learner=person, client_id=uuid4(), now=BEFORE, **where)
    assert progress_words(person, written.page.pk) == "You&#x27;re on lesson 3"
    operations.leave(person=person, course=written.course, now=BEFORE)
    assert progress_words(person, written.page.pk) == ""


# --- Notes ------------------------------------------------------------------------------------------------


def test_notes_are_shown_by_course_to_their_owner(signed_in, person, written):
    ReflectionFactory(person=person, course=written.course, body="She laughed at the bus stop\n\nTwice")
    ReflectionFactory(person=person, body="From long ago")
    page = words(signed_in.get("/my/notes/"))
    assert "She laughed at the bus stop" in page
    assert "Telling their adoption story" in page
    assert "From a course that" in page
    assert "Only you can read these" in page


def test_who_has_written_nothing_is_told_where_they_could(signed_in):
    assert "Nothing written yet" in words(signed_in.get("/my/notes/"))


def test_a_note_can_be_changed(signed_in, person):
    note = ReflectionFactory(person=person)
    page = signed_in.get(f"/my/notes/{note.uuid}/")
    assert note.body in words(page)
    page = signed_in.post(form_to(page, "/change/")[0], {"body": "Other words"}, follow=True)
    assert "Your note is saved." in words(page)
    assert "Other words" in words(page)


def test_a_note_that_is_emptied_is_gone(signed_in, person):
    note = ReflectionFactory(person=person)
    page = signed_in.post(f"/my/notes/{note.uuid}/change/", {"body": "  "}, follow=True)
    assert "Your note is deleted." in words(page)
    assert not Reflection.objects.owned_by(person).exists()


def test_a_note_is_deleted_at_once(signed_in, person):
    note = ReflectionFactory(person=person)
    action, _ = form_to(signed_in.get("/my/notes/"), "/delete/")
    assert action == f"/my/notes/{note.uuid}/delete/"
    signed_in.post(action)
    assert not Reflection.objects.owned_by(person).exists()
    assert signed_in.post(action).status_code == 404


def test_words_too_many_for_a_note_stay_on_the_page(signed_in, person):
    note = ReflectionFactory(person=person)
    typed = "x" * (rules.LONGEST_ENTRY + 1)
    answer = signed_in.post(f"/my/notes/{note.uuid}/change/", {"body": typed})
    assert answer.status_code == 422
    assert typed in words(answer)
    assert Reflection.objects.owned_by(person).get().body == note.body


@pytest.mark.parametrize("body", ["<script>alert(1)</script>", "[x](javascript:alert(1))", "\u202etxt", "👨‍👩‍👧"])
def test_notes_are_shown_as_words_and_never_run(signed_in, person, body):
    ReflectionFactory(person=person, body=body)
    assert "<script>alert" not in signed_in.get("/my/notes/").content.decode()


@pytest.fixture(params=["learner", "trainer", "manager", "safeguarding_lead", "editor", "superuser"])
def somebody_else(request):
    if request.param == "learner":
        return PersonFactory()
    if request.param == "superuser":
        return AdministratorFactory()
    return StaffRoleFactory(role=request.param, **({"platform": True} if request.param == "editor" else {})).person


def test_nobody_else_reads_changes_or_deletes_a_note(person, written, somebody_else):
    note = ReflectionFactory(person=person, course=written.course)
    EnrolmentFactory(person=person, course=written.course)
    other = Client()
    other.force_login(somebody_else)
    assert other.get(f"/my/notes/{note.uuid}/").status_code == 404
    assert other.post(f"/my/notes/{note.uuid}/change/", {"body": "mine"}).status_code == 404
    assert other.post(f"/my/notes/{note.uuid}/delete/").status_code == 404
    for path in ("/my/notes/", "/desk/courses/", f"/desk/courses/{written.course.pk}/", COURSE):
        assert "canary-reflection" not in words(other.get(path))
    assert Reflection.objects.owned_by(person).get().body == note.body


@pytest.mark.parametrize("notes", [1, 30])
def test_the_page_of_notes_costs_the_same_however_many(signed_in, person, written, notes, django_assert_num_queries):
    for n in range(notes):
        ReflectionFactory(person=person, course=written.course, created_at=BEFORE + timedelta(minutes=n))
    signed_in.get("/my/notes/")
    with django_assert_num_queries(4):
        signed_in.get("/my/notes/")


def test_a_place_on_a_course_that_never_began_is_no_trouble(signed_in, person, written):
    EnrolmentFactory(person=person, course=written.course, state=EnrolmentState.WAITING)
    assert signed_in.get("/my/learning/").status_code == 200
    assert signed_in.get(COURSE).status_code == 200
