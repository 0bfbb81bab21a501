"""Half-typed answers on another device, and what was typed when the session was over."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from lms.courses import jobs, operations
from lms.courses.models import Draft, ItemState, Reflection
from tests.courses.browsing import COURSE, answer_to, form_of, form_to, words
from tests.courses.written import address, items, options
from tests.factories.accounts import PersonFactory
from tests.factories.courses import EnrolmentFactory

pytestmark = pytest.mark.django_db
BEGUN = "This is how you left it"


def begin(browser, written, item, **fields):
    """Tell what a question's form holds, as the page does while it is filled in."""
    return browser.post(f"/learn/{written.course.identity}/{item}/draft/", fields)


def test_a_half_typed_answer_is_there_on_another_device_until_it_is_given(reading, written, learner):
    choice, _, order = [*items(written.rich, "question")]
    phone = Client()
    phone.force_login(learner)
    stop, name, plan = options(written.rich, order).values()
    assert (
        begin(reading, written, order, **{f"place-{stop}": "2", f"place-{name}": "", f"place-{plan}": ""}).content
        == b""
    )
    begin(reading, written, choice, choice=options(written.rich, choice)["Not tonight"])
    page = words(phone.get(address(written.rich)))
    assert page.count(BEGUN) == 2
    assert 'value="2" selected' in page
    assert "feedback-of-later" not in page
    assert not ItemState.objects.owned_by(learner).exists()

    answer_to(phone, written.rich, choice, choice=options(written.rich, choice)["I am glad you asked"])
    page = words(reading.get(address(written.rich)))
    assert page.count(BEGUN) == 1
    assert "feedback-of-glad" in page
    begin(phone, written, order, **{f"place-{stop}": ""})
    assert BEGUN not in words(reading.get(address(written.rich)))
    Draft.objects.owned_by(learner).update(at=timezone.now() - timedelta(days=91))
    assert jobs.forget_drafts() == "forgot 1"


def test_only_a_question_of_ones_own_course_can_be_begun_and_only_so_much(reading, written, learner):
    prompt, question = items(written.rich, "reflection")[0], items(written.rich, "question")[0]
    assert begin(reading, written, prompt, words="canary").status_code == 404
    assert begin(reading, written, question, words="x" * 20_001).status_code == 422
    stranger = Client()
    stranger.force_login(PersonFactory())
    assert begin(stranger, written, question, words="mine").status_code == 302
    assert begin(reading, written, question, other="mine").status_code == 204
    assert not Draft.objects.unscoped(because="a test").exists()


def test_who_comes_back_after_a_fortnight_is_told_where_they_were_and_what_comes_next(reading, written, learner):
    who = {"learner": learner, "course": written.course.identity, "client_id": uuid4()}
    begun = timezone.now() - timedelta(days=14, minutes=1)
    operations.read_lesson(lesson=written.rich.identity, now=begun, **who)
    operations.keep_place(lesson=written.plain.identity, place="", share=50, now=begun, **who)
    for page in (COURSE, "/my/"):
        said = words(reading.get(page))
        assert "Welcome back" in said
        assert f'Last time you were in lesson 2: <a href="{address(written.plain)}"' in said
        assert f'You read last: <a href="{address(written.rich)}"' in said
    operations.read_lesson(lesson=written.plain.identity, now=begun + timedelta(minutes=2), **who)
    for page in (COURSE, "/my/"):
        assert "Welcome back" not in words(reading.get(page))


@pytest.fixture
def typed(reading, written):
    """Open a lesson, let the session end, and send a form of it: return the answer and what was typed."""

    def send(name, item, **kind):
        page = reading.get(address(written.rich))
        action, fields = form_to(page, "/read/") if name == "read" else form_of(page, name, item)
        Session.objects.all().delete()
        choice = options(written.rich, items(written.rich, "question")[0])["Not tonight"]
        return reading.post(action, {**fields, "body-0": "A blue cup", "choice": choice}, **kind)

    return send


@pytest.mark.parametrize("name", ["note", "answer", "read"])
def test_what_was_typed_when_the_session_was_over_is_in_its_place_after_signing_in(
    reading, written, learner, typed, name
):
    item = {"note": items(written.rich, "reflection")[0], "answer": items(written.rich, "question")[0]}.get(name)
    answer = typed(name, item)
    assert answer.status_code == 403
    assert "What you sent is safe" in words(answer)
    assert "A blue cup" not in Session.objects.get().session_data
    reading.force_login(learner)
    kept = Reflection.objects.owned_by(learner).values_list("body", flat=True)
    done = ItemState.objects.owned_by(learner).filter(done_at__isnull=False)
    assert (list(kept), done.count()) == ((["A blue cup"], 0) if name == "note" else ([], 1))
    assert "typed_before" not in reading.session


def test_somebody_else_at_the_same_computer_gets_nothing_of_it(reading, written, learner, typed):
    partner = EnrolmentFactory(course=written.course).person
    said = typed("note", items(written.rich, "reflection")[0], headers={"HX-Request": "true"})
    assert "back in their place" in words(said)
    reading.force_login(partner)
    reading.force_login(learner)
    assert not Reflection.objects.unscoped(because="a test").exists()


@pytest.mark.parametrize("word", ["", "somebody", "0123:forged", "\u202e"])
def test_nothing_is_set_aside_for_who_does_not_show_whose_form_it_is(client, written, word):
    item = items(written.rich, "reflection")[0]
    sent = {"body-0": "A blue cup", "whose": word}
    answer = client.post(f"/learn/{written.course.identity}/{item}/note/", sent)
    assert "A blue cup" in words(answer)
    assert "saved yet: it" in words(answer)
    assert not Session.objects.exists()
