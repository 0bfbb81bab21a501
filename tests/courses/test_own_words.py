"""Private writing and the place one stopped at, on the pages."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from lms.courses.models import Reflection, Round
from tests.courses.browsing import COURSE, answer_to, form_of, form_to, words
from tests.courses.written import address, items, options
from tests.factories.accounts import PersonFactory
from tests.factories.courses import EnrolmentFactory

pytestmark = pytest.mark.django_db


def test_words_that_could_point_to_a_person_are_noticed_softly_and_saved(reading, written, learner):
    item = items(written.rich, "reflection")[0]
    action, fields = form_of(reading.get(address(written.rich)), "note", item)
    page = reading.post(action, {**fields, "body-0": "Ring 01632 960 140"}, follow=True)
    assert "This looks as if it might hold a phone number" in words(page)
    assert Reflection.objects.owned_by(learner).get().body == "Ring 01632 960 140"


def test_a_script_gets_only_the_line_under_the_box(reading, written):
    item = items(written.rich, "reflection")[0]
    action, fields = form_of(reading.get(address(written.rich)), "note", item)
    answer = reading.post(action, {**fields, "body-0": "sam@example.org"}, headers={"HX-Request": "true"})
    assert "Saved at" in words(answer)
    assert "an e-mail address" in words(answer)
    assert "sam@example.org" not in words(answer)
    assert "<html" not in words(answer)


def test_a_note_that_is_too_long_stays_on_the_page(reading, written, learner):
    item = items(written.rich, "reflection")[0]
    typed = "Wörter und mehr " * 1500
    action, fields = form_of(reading.get(address(written.rich)), "note", item)
    answer = reading.post(action, {**fields, "body-0": typed})
    assert answer.status_code == 422
    assert typed in words(answer)
    assert not Reflection.objects.owned_by(learner).exists()


def test_a_box_that_no_plan_has_is_nobody_s(reading, written, learner):
    item = items(written.rich, "action_plan")[0]
    action, fields = form_of(reading.get(address(written.rich)), "plan", item)
    odd = {f"{name}-{'9' * digits}": "x" for name in ("body", "knows") for digits in (3, 20, 5_000)}
    sent = urlencode({**fields, **odd, "body-1": "Ring the school"})
    assert reading.post(action, sent, content_type="application/x-www-form-urlencoded").status_code == 302
    assert Reflection.objects.owned_by(learner).get().body == "Ring the school"


@pytest.mark.parametrize(
    "body", ["<script>alert(1)</script>", "</textarea><img src=x onerror=alert(1)>", "{{ 7|add:7 }}"]
)
def test_whatever_is_written_is_shown_as_it_was_typed(reading, written, body):
    item = items(written.rich, "reflection")[0]
    action, fields = form_of(reading.get(address(written.rich)), "note", item)
    page = reading.post(action, {**fields, "body-0": body}, follow=True)
    assert body in words(page)
    assert body not in page.content.decode() or "<" not in body


def test_nobody_else_sees_a_word_of_it(reading, written, learner):
    item = items(written.rich, "reflection")[0]
    action, fields = form_of(reading.get(address(written.rich)), "note", item)
    reading.post(action, {**fields, "body-0": "canary-sentence"})
    other = Client()
    other.force_login(PersonFactory())
    stranger = other.session
    EnrolmentFactory(person_id=stranger["_auth_user_id"], course=written.course)
    for path in (COURSE, address(written.rich), "/my/notes/", "/my/learning/", "/courses/?q=canary-sentence"):
        assert "canary-sentence</" not in words(other.get(path))
    assert "canary-sentence" in words(reading.get(address(written.rich)))


def test_the_place_in_view_is_kept_and_carry_on_leads_to_it(reading, written):
    page = reading.get(address(written.plain))
    action, fields = form_to(page, "/place/")
    sent = {"client_id": fields["client_id"], "place": "part-1a2b3c4d", "share": "40"}
    assert reading.post(action, sent).status_code == 204
    page = words(reading.get(COURSE))
    assert f'href="{address(written.plain)}#part-1a2b3c4d"' in page
    assert "Carry on with lesson 2" in page
    assert "About 4 minutes left" in page


def test_stopping_keeps_the_place_and_says_so(reading, written):
    action, fields = form_to(reading.get(address(written.plain)), "/place/")
    answer = reading.post(action, fields, follow=True)
    assert answer.redirect_chain == [(COURSE, 302)]
    assert "Your place is kept" in words(answer)
    assert "Carry on with lesson 2" in words(answer)


def test_without_scripts_the_last_thing_answered_is_the_place(reading, written):
    item = items(written.rich, "question")[0]
    answer_to(reading, written.rich, item, choice=options(written.rich, item)["Not tonight"])
    assert f'href="{address(written.rich)}#item-{item}"' in words(reading.get(COURSE))


@pytest.mark.parametrize("place", ['"><script>', "x" * 200, "a b", "\u202e", "//evil"])
def test_a_place_that_is_no_anchor_is_no_place(reading, written, learner, place):
    action, _ = form_to(reading.get(address(written.plain)), "/place/")
    assert reading.post(action, {"place": place, "share": "999"}).status_code == 204
    round_ = Round.objects.owned_by(learner).get()
    assert (round_.last_place, round_.last_share) == ("", 0)
