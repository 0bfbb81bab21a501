"""Courses as people see them who are not on them, and what every page keeps to."""

import re

import pytest
from wagtail.models import PageViewRestriction

from lms.courses.models import Enrolment
from tests.courses.browsing import COURSE, form_to, title, words
from tests.courses.written import address, items, options

pytestmark = pytest.mark.django_db


def test_a_stranger_sees_the_course_and_the_way_in(client, written):
    answer = client.get(COURSE)
    page = words(answer)
    assert answer.status_code == 200
    for said in (
        "Telling their adoption story",
        "3 lessons",
        "Say one true sentence",
        "Brodzinsky",
        "Priya Nair",
        "Words aloud",
        "Read the first lesson",
        f"/accounts/signup/?next={COURSE}",
    ):
        assert said in page, said
    assert "/learn/" not in page


def test_the_first_lesson_is_free_to_read(client, written):
    answer = client.get(address(written.rich))
    assert answer.status_code == 200
    assert "It begins with one sentence." in words(answer)
    assert "Nothing you do here is kept" in words(answer)


def test_other_lessons_ask_to_sign_in_and_lead_back(client, written):
    page = words(client.get(address(written.plain)))
    assert f"/accounts/signup/?next={address(written.plain)}" in page
    assert f"/accounts/login/?next={address(written.plain)}" in page
    assert "What first?" not in page


def test_a_stranger_may_try_a_question_and_nothing_is_kept(client, written):
    item = items(written.rich, "question")[0]
    later = options(written.rich, item)["Not tonight"]
    answer = client.get(address(written.rich), {"try": item, "choice": later})
    assert "feedback-of-later" in words(answer)
    assert "feedback-of-glad" not in words(answer)
    assert not client.cookies.get("sessionid")


def test_a_stranger_walks_through_a_scenario(client, written):
    item = items(written.rich, "scenario")[0]
    here = {"scene": item, "card": "cross"}
    assert "Her shoulders drop." in words(client.get(address(written.rich), here))


@pytest.mark.parametrize("card", ["nowhere", "", "x" * 5000, "<script>", "🌻"])
def test_a_card_that_is_not_there_is_the_first_one(client, written, card):
    item = items(written.rich, "scenario")[0]
    answer = client.get(address(written.rich), {"scene": item, "card": card})
    assert "From the back" in words(answer)


def test_a_module_leads_to_its_first_lesson(client, written):
    assert client.get(f"{COURSE}second/")["Location"] == address(written.hard)


@pytest.mark.parametrize("path", ["none/", "telling/none/", "telling/first/none/", "telling/second/rich/", "a/b/c/d/"])
def test_what_is_not_there_is_not_found(client, written, path):
    assert client.get(f"/courses/{path}").status_code == 404


def test_a_draft_is_not_found(client, written):
    written.plain.live = False
    written.plain.save()
    assert client.get(address(written.plain)).status_code == 404


def test_a_restricted_course_is_asked_for_by_wagtail(client, written):
    PageViewRestriction.objects.create(page=written.page, restriction_type=PageViewRestriction.LOGIN)
    for page in (written.page, written.rich):
        answer = client.get(address(page))
        assert answer.status_code == 302
        assert "/accounts/login/" in answer["Location"]


def test_a_member_may_read_a_restricted_course_as_usual(reading, written):
    PageViewRestriction.objects.create(page=written.page, restriction_type=PageViewRestriction.LOGIN)
    assert "Carry on" in words(reading.get(COURSE)) or "Start with" in words(reading.get(COURSE))
    assert "It begins with one sentence." in words(reading.get(address(written.rich)))


def test_no_page_holds_a_right_answer_or_feedback_before_there_is_an_answer(reading, written):
    for page in (written.page, written.rich, written.plain, written.hard):
        said = words(reading.get(address(page)))
        assert "feedback-of" not in said
        assert '"right"' not in said
        assert "right=" not in said.lower()


def test_the_lines_of_an_order_question_do_not_stand_in_the_right_order_for_everybody(client, long_course):
    made, _ = long_course(0)
    item = next(found for found in items(made.rich, "question") if "Plan" in options(made.rich, found))
    shown = re.findall(r'for="place-[^"]+">([^<]+)<', words(client.get(address(made.rich))))
    again = re.findall(r'for="place-[^"]+">([^<]+)<', words(client.get(address(made.rich))))
    assert sorted(shown) == sorted(options(made.rich, item))
    assert shown == again


def test_one_press_joins_and_opens_the_first_lesson(client, written, person):
    client.force_login(person)
    action, fields = form_to(client.get(COURSE), "/enrol/")
    answer = client.post(action, fields)
    assert answer["Location"] == address(written.rich)
    assert Enrolment.objects.owned_by(person).get().state == "active"


def test_a_lesson_that_is_not_open_yet_offers_to_join_and_leads_back(client, written, person):
    client.force_login(person)
    answer = client.get(address(written.plain))
    assert "Join this course" in words(answer)
    action, fields = form_to(answer, "/enrol/")
    assert client.post(action, fields)["Location"] == address(written.plain)


def test_a_refusal_says_why_and_changes_nothing(client, written, person):
    written.page.open_to = "verified"
    written.page.save()
    written.compile()
    client.force_login(person)
    answer = client.post(form_to(client.get(COURSE), "/enrol/")[0])
    assert answer.status_code == 422
    assert "confirmed that they're adopters" in words(answer)
    assert not Enrolment.objects.owned_by(person).exists()


def test_leaving_and_coming_back_from_the_page(reading, written, learner):
    assert reading.post(form_to(reading.get(COURSE), "/leave/")[0])["Location"] == COURSE
    page = reading.get(COURSE)
    assert "What you did is kept" in words(page)
    assert "Come back" in words(reading.get(address(written.plain)))
    reading.post(form_to(page, "/enrol/")[0])
    assert Enrolment.objects.owned_by(learner).get().state == "active"


@pytest.mark.parametrize(
    "wanted", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_no_form_leads_away_from_the_site(reading, written, wanted):
    course = written.course.identity
    lesson = written.rich.identity
    for path in (f"/learn/{course}/enrol/", f"/learn/{course}/{lesson}/read/", f"/learn/{course}/{lesson}/place/"):
        place = reading.post(path, {"next": wanted})["Location"]
        assert place.startswith("/")
        assert not place.startswith(("//", "/\\"))


def test_titles_of_signed_in_pages_say_nothing_of_adoption(reading, written):
    for page in (written.page, written.rich, written.hard):
        assert "adoption" not in title(reading.get(address(page))).lower()
    for path in ("/my/learning/", "/my/notes/"):
        assert "adoption" not in title(reading.get(path)).lower()


def test_signed_in_pages_are_not_kept_by_any_cache(reading, written):
    for path in (COURSE, address(written.rich), "/my/learning/", "/my/notes/"):
        assert "no-store" in reading.get(path)["Cache-Control"]


def test_no_page_has_a_script_or_a_style_in_it(reading, written):
    for page in (written.page, written.rich, written.hard):
        said = words(reading.get(address(page)))
        assert not re.search(r"<script(?![^>]*\bsrc=)", said)
        assert not re.search(r"\sstyle=|\son[a-z]+=", said)


def test_a_lesson_shows_its_own_part_and_the_way_to_the_others(reading, written):
    page = words(reading.get(address(written.rich)))
    drawer = re.search(r'<div id="outline".*?</div>\s*<div id="signed-out"', page, re.DOTALL)[0]
    assert "Lesson 1 of 2 in this part" in page
    assert f'href="{address(written.rich)}" aria-current="page"' in drawer
    assert address(written.plain) in drawer
    assert written.hard.title not in drawer
    assert f'<a class="go" href="{address(written.hard)}">Module 2: Second part</a>' in drawer
