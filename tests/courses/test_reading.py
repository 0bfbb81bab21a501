"""Reading a course with scripts off: questions, notices, the way through, and bad input of every kind."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from lms.courses import operations
from lms.courses.models import Enrolment, Round
from tests.courses.browsing import COURSE, answer_to, form_of, form_to, forms_of, words
from tests.courses.written import FLAGGED, SHORT, address, items, notice, options, reflection, single
from tests.factories.courses import BEFORE

pytestmark = pytest.mark.django_db


def test_the_whole_course_can_be_finished_with_scripts_off(reading, written, learner):
    first, second, third = items(written.rich, "question")
    glad = options(written.rich, first)["I am glad you asked"]
    several = options(written.rich, second)
    page = answer_to(reading, written.rich, first, choice=glad)
    assert "feedback-of-glad" in words(page)
    page = answer_to(reading, written.rich, second, choice=[several["A calm voice"], several["A long talk"]])
    assert "That's part of it" in words(page)
    lines = options(written.rich, third)
    page = answer_to(
        reading, written.rich, third, **{f"place-{lines[w]}": n for n, w in enumerate(["Stop", "Name it", "Plan"], 1)}
    )
    assert "feedback-of-right-order" in words(page)

    scene = items(written.rich, "scenario")[0]
    page = reading.get(address(written.rich), {"scene": scene, "card": "shout"})
    ways = [form for form in forms_of(page) if form[0].endswith("/ending/")]
    page = reading.post(ways[-1][0], ways[-1][2], follow=True)
    assert "make toast" in words(page)

    prompt = items(written.rich, "reflection")[0]
    action, fields = form_of(page, "note", prompt)
    page = reading.post(action, {**fields, "body-0": "A blue cup"}, follow=True)
    assert "Saved at" in words(page)
    action, fields = form_of(page, "plan", items(written.rich, "action_plan")[0])
    page = reading.post(action, {**fields, "body-1": "The duty line", "body-2": ""}, follow=True)
    assert "The duty line" in words(page)

    action, fields = form_to(page, "/read/")
    answer = reading.post(action, fields)
    assert answer["Location"] == address(written.plain)
    item = items(written.plain, "question")[0]
    answer_to(reading, written.plain, item, choice=options(written.plain, item)["Not tonight"])
    action, fields = form_to(reading.get(address(written.plain)), "/read/")
    assert reading.post(action, fields)["Location"] == address(written.hard)

    action, fields = form_to(reading.get(address(written.hard)), "/leave-out/")
    page = reading.post(action, fields, follow=True)
    assert "left this part for now" in words(page)
    action, fields = form_to(page, "/read/")
    page = reading.post(action, fields, follow=True)
    assert page.redirect_chain[-1][0] == COURSE
    assert "You've finished this course" in words(page)
    assert "3 of 3" in words(page)
    assert Round.objects.owned_by(learner).get().completed_at
    assert Enrolment.objects.owned_by(learner).get().state == "completed"


def test_after_an_answer_only_what_was_chosen_is_answered(reading, written):
    item = items(written.rich, "question")[0]
    page = words(answer_to(reading, written.rich, item, choice=options(written.rich, item)["Not tonight"]))
    assert "feedback-of-later" in page
    assert "feedback-of-glad" not in page


def test_the_reply_stands_where_the_browser_goes_and_is_announced(reading, written):
    item = items(written.rich, "question")[0]
    answer = answer_to(reading, written.rich, item, choice=options(written.rich, item)["Not tonight"])
    assert answer.redirect_chain == [(f"{address(written.rich)}?answered={item}#reply-{item}", 302)]
    reply = re.search(rf'<div class="notice note" id="reply-{item}"[^>]*>', words(answer))[0]
    assert 'role="status"' in reply
    assert 'tabindex="-1"' in reply
    assert "autofocus" in reply


def test_a_wrong_order_is_answered_kindly(reading, written):
    item = next(found for found in items(written.rich, "question") if "Plan" in options(written.rich, found))
    lines = options(written.rich, item)
    sent = {f"place-{lines[name]}": place for place, name in enumerate(["Plan", "Stop", "Name it"], 1)}
    assert "feedback-of-other-order" in words(answer_to(reading, written.rich, item, **sent))


@pytest.mark.parametrize(
    "places", [("1", "1", "2"), ("1", "2", ""), ("0", "1", "2"), ("x", "y", "z"), ("-1", "2", "9")]
)
def test_places_that_are_no_order_are_asked_for_again_and_kept_as_typed(reading, written, places):
    item = next(found for found in items(written.rich, "question") if "Plan" in options(written.rich, found))
    sent = dict(zip([f"place-{line}" for line in options(written.rich, item).values()], places, strict=True))
    action, fields = form_of(reading.get(address(written.rich)), "answer", item)
    answer = reading.post(action, {**fields, **sent})
    assert answer.status_code == 422
    assert "Give each line a place of its own" in words(answer)


def test_no_choice_asks_for_one(reading, written):
    item = items(written.rich, "question")[0]
    action, fields = form_of(reading.get(address(written.rich)), "answer", item)
    answer = reading.post(action, fields)
    assert answer.status_code == 422
    assert "Choose an answer first." in words(answer)
    assert f'href="#item-{item}"' in words(answer)


@pytest.mark.parametrize("chosen", ["none-such", "x" * 1_000, "🌻", "\u202eabc", "<script>alert(1)</script>", "1e309"])
def test_what_is_no_option_is_refused_in_words(reading, written, learner, chosen):
    item = items(written.rich, "question")[0]
    action, fields = form_of(reading.get(address(written.rich)), "answer", item)
    answer = reading.post(action, {**fields, "choice": chosen})
    assert answer.status_code == 422
    assert "isn't one of the choices" in words(answer)
    assert "<script>alert" not in answer.content.decode()
    assert Round.objects.owned_by(learner).get().required_done == 0


def test_another_questions_option_is_refused(reading, written):
    first, second, _ = items(written.rich, "question")
    other = next(iter(options(written.rich, second).values()))
    action, fields = form_of(reading.get(address(written.rich)), "answer", first)
    assert reading.post(action, {**fields, "choice": other}).status_code == 422


def test_a_nul_is_refused_wherever_it_is(reading, written):
    item = items(written.rich, "reflection")[0]
    action, fields = form_of(reading.get(address(written.rich)), "note", item)
    assert reading.post(action, {**fields, "body-0": "a\x00b"}).status_code == 400


def test_sending_a_form_twice_is_sending_it_once(reading, written, learner):
    item = items(written.rich, "question")[0]
    action, fields = form_of(reading.get(address(written.rich)), "answer", item)
    sent = {**fields, "choice": options(written.rich, item)["Not tonight"]}
    for _ in range(2):
        assert reading.post(action, sent).status_code == 302
    round_ = Round.objects.owned_by(learner).get()
    assert (round_.required_done, round_.events.owned_by(learner).count()) == (1, 1)


def addresses_of(written):
    course, lesson = written.course.identity, written.rich.identity
    whole = [f"/learn/{course}/{name}/" for name in ("enrol", "leave", "leave-out")]
    return [
        *whole,
        *(f"/learn/{course}/{lesson}/{name}/" for name in ("read", "place", "answer", "ending", "note", "plan")),
    ]


def test_nothing_changes_by_looking(reading, written):
    for path in addresses_of(written):
        assert reading.get(path).status_code == 405


def test_every_form_needs_its_token(learner, written):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(learner)
    for path in addresses_of(written):
        assert strict.post(path).status_code == 403


def test_ids_that_belong_to_nothing_are_not_found(reading, written):
    nothing = "00000000-0000-0000-0000-000000000000"
    course = written.course.identity
    for path in (f"/learn/{course}/{nothing}/read/", f"/learn/{course}/{nothing}/place/"):
        assert reading.post(path).status_code == 404
    assert reading.post(f"/learn/{nothing}/enrol/").status_code == 404
    assert reading.post(f"/learn/{course}/{nothing}/note/", {"body-0": "x"}).status_code == 404
    assert reading.post(f"/learn/{course}/leave-out/", {"item": nothing}).status_code == 404


@pytest.mark.parametrize("sent", [{}, {"item": "x"}, {"item": ["x", "y"]}, {"item": "\u202e"}])
def test_a_part_without_items_is_no_part(reading, written, sent):
    assert reading.post(f"/learn/{written.course.identity}/leave-out/", sent).status_code == 400


def test_who_is_not_on_the_course_is_told_so_and_saves_nothing(client, written, person):
    client.force_login(person)
    item = items(written.rich, "question")[0]
    path = f"/learn/{written.course.identity}/{item}/answer/"
    chosen = options(written.rich, item)["Not tonight"]
    answer = client.post(path, {"choice": chosen, "next": address(written.rich)}, follow=True)
    assert "You're not on this course at the moment" in words(answer)
    assert not Round.objects.owned_by(person).exists()


def test_when_the_session_has_ended_nothing_that_was_typed_is_lost(client, written):
    item = items(written.rich, "reflection")[0]
    path = f"/learn/{written.course.identity}/{item}/note/"
    answer = client.post(path, {"body-0": "She laughed at the bus stop", "next": address(written.rich)})
    assert answer.status_code == 403
    assert "She laughed at the bus stop" in words(answer)
    assert f"/accounts/login/?next={address(written.rich)}" in words(answer)


def test_a_script_is_told_too_when_the_session_has_ended(client, written):
    item = items(written.rich, "reflection")[0]
    path = f"/learn/{written.course.identity}/{item}/note/"
    answer = client.post(path, {"body-0": "Words", "next": address(written.rich)}, headers={"HX-Request": "true"})
    assert answer["HX-Retarget"] == "#signed-out"
    assert "been signed out" in words(answer)


def test_what_a_notice_holds_is_not_on_the_page_until_its_reader_asks_for_it(reading, written):
    at = address(written.hard)
    page = words(reading.get(at))
    assert "The next part talks about a baby who was left alone" in page
    assert "It takes 2 minutes" in page
    assert page.index("Leaving it counts as done") < page.index(SHORT)
    held_back = (FLAGGED, "Your child asks why. What first?", "I am glad you asked")
    assert not any(said in page for said in held_back)
    asked_for = re.search(r'href="([^"]+\?show=\w+)#notice-', page)[1]
    page = words(reading.get(asked_for))
    assert all(said in page for said in held_back)
    page = words(reading.get(re.search(r'href="([^"#]+)#notice-\w+">Hide this part', page)[1]))
    assert not any(said in page for said in held_back)


def test_a_note_promises_to_leave_a_part_out_only_where_there_is_one(reading, written):
    assert "You can leave that part out and still finish." in words(reading.get(address(written.hard)))
    written.plain.content_note, written.plain.no_hard_part = "Talks about loss", True
    written.plain.save_revision().publish()
    page = words(reading.get(address(written.plain)))
    assert "Talks about loss. You can stop at any point" in page
    assert "leave that part out" not in page


def test_a_reply_inside_a_notice_can_be_seen(reading, written):
    item = items(written.hard, "question")[0]
    shown = reading.get(re.search(r'href="([^"]+\?show=\w+)#', words(reading.get(address(written.hard))))[1])
    action, fields = form_of(shown, "answer", item)
    page = words(reading.post(action, {**fields, "choice": options(written.hard, item)["Not tonight"]}, follow=True))
    assert "feedback-of-later" in page
    assert FLAGGED in page


def test_leaving_a_notice_out_finishes_the_lesson_and_never_shows_it(reading, written, learner):
    page = reading.get(address(written.hard))
    action, fields = form_to(page, "/leave-out/")
    page = words(reading.post(action, fields, follow=True))
    assert "You\N{RIGHT SINGLE QUOTATION MARK}ve left this part for now. It counts" in page
    assert FLAGGED not in page


def test_who_wants_no_notes_has_the_part_in_its_place_and_can_leave_it_out(reading, written, learner):
    before = reading.get(f"/offline/{written.course.identity}/files/").json()
    chosen = {"display_name": "Sam", "colours": "follow", "time_zone": "Europe/London", "content_notices": ""}
    assert reading.post("/my/preferences/", chosen).status_code == 302
    shown = reading.get(address(written.hard))
    page = words(shown)
    assert "/my/preferences/#id_content_notices" in page
    assert page.index("The next part talks about a baby who was left alone") < page.index(FLAGGED)
    assert "Your child asks why. What first?" in page
    assert "Show this part" not in page
    after = reading.get(f"/offline/{written.course.identity}/files/").json()
    assert FLAGGED in words(reading.get(after["stands_for"][address(written.hard)]))
    assert after["digest"] != before["digest"]
    action, fields = form_to(shown, "/leave-out/")
    assert "left this part for now. It counts" in words(reading.post(action, fields, follow=True))
    reading.post("/my/preferences/", {**chosen, "content_notices": "on"})
    assert FLAGGED not in words(reading.get(address(written.hard)))
    assert reading.get(f"/offline/{written.course.identity}/files/").json() == before


def test_no_list_tells_what_a_notice_holds(reading, written, learner):
    """What is searched, printed, taken away or kept for strangers is made of the same page, with the part left out."""
    prompt = "What would you say to the neighbour?"
    written.hard.body = [notice(single(), reflection(prompt))]
    written.hard.save_revision().publish()
    written.compile()
    course = written.course.identity
    shown = [
        COURSE,
        address(written.hard),
        "/courses/?q=neighbour+rang+at+two+in+the+morning",
        f"/my/notes/workbook/{course}/",
    ]
    for url in shown:
        page = words(reading.get(url))
        assert FLAGGED not in page, url
        assert prompt not in page, url
        assert "Your child asks why. What first?" not in page, url


def test_a_notice_on_a_page_for_everybody_is_shown_to_whom_asks_alone(client, written):
    workshop = written.page.linked_workshops.get()
    workshop.body = [notice()]
    workshop.save_revision().publish()
    at = address(workshop)
    page = words(client.get(at))
    asked_for = re.search(r'href="([^"]+\?show=\w+)#', page)[1]
    assert FLAGGED not in page
    assert FLAGGED in words(client.get(asked_for))
    assert FLAGGED not in words(client.get(at))


def test_a_sensitive_lesson_has_a_way_out_and_help(reading, written):
    page = words(reading.get(address(written.hard)))
    assert "Exit this page" in page
    assert 'href="/help-now/"' in page


def test_an_item_that_is_gone_is_not_asked_for_any_more(reading, written):
    action, fields = form_of(reading.get(address(written.plain)), "answer", items(written.plain, "question")[0])
    written.plain.body = []
    written.plain.save()
    written.compile()
    assert reading.post(action, {**fields, "choice": "x"}).status_code == 404


def test_a_lesson_that_is_new_is_offered_and_not_asked(reading, written, learner):
    before = Round.objects.owned_by(learner).get().required_total
    moved = written.plain.copy(to=written.second, update_attrs={"slug": "newer", "title": "Something newer"})
    moved.save_revision().publish()
    operations.compile_page(written.page, now=BEFORE + timedelta(days=1))
    page = words(reading.get(COURSE))
    assert "New since you joined" in page
    assert Round.objects.owned_by(learner).get().required_total == before
