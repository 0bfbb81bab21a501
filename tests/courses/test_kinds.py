"""Questions of every kind: answered by a plain form, answered kindly, and nothing told before."""

import pytest

from lms.courses import operations, rules
from lms.courses.models import ItemState
from tests.courses.browsing import answer_to, form_of, words
from tests.courses.written import Written, address, items, options, question
from tests.factories.accounts import PersonFactory
from tests.factories.courses import BEFORE

pytestmark = pytest.mark.django_db
DOOR, NEAR = "Slams the door", "Follows you about"
ROOM, BACK = "Room, and somebody near", "To know you'll come back"


def match():
    made = question("What might each be asking?", (DOOR, False, ""), (NEAR, False, ""), kind="match")
    for option, half in zip(made["value"]["options"], (ROOM, BACK), strict=True):
        option["value"]["goes_with"] = half
    return {**made, "value": {**made["value"], "when_right": "feedback-of-pairs", "otherwise": "feedback-of-others"}}


def own_words():
    return question("What would you say first?", kind="text", otherwise="feedback-of-words")


def scale():
    return question("How sure are you?", ("Not at all", False, "feedback-of-none"), ("Quite", False, ""), kind="scale")


@pytest.fixture
def at(client):
    """Put one question on a lesson, and somebody in front of it."""

    def begin(asked):
        written = Written()
        written.plain.body = [asked]
        written.plain.save()
        written.compile()
        person = PersonFactory()
        operations.enrol(person=person, course=written.course, now=BEFORE)
        client.force_login(person)
        return written.plain, items(written.plain, "question")[0]

    return begin


def state_of(item):
    return ItemState.objects.unscoped(because="a test").get(item=item)


@pytest.mark.parametrize("make", [match, own_words, scale])
def test_nothing_is_told_before_there_is_an_answer(client, at, make):
    page, _ = at(make())
    assert "feedback-of" not in words(client.get(address(page)))


def pairs(page, item, *, turned=False):
    ids = options(page, item)
    halves = (BACK, ROOM) if turned else (ROOM, BACK)
    return {f"match-{ids[text]}": rules.half(half) for text, half in zip((DOOR, NEAR), halves, strict=True)}


def test_pairs_are_matched_with_lists_to_choose_from(client, at):
    page, item = at(match())
    shown = words(answer_to(client, page, item, **pairs(page, item)))
    assert "feedback-of-pairs" in shown
    assert state_of(item).best_score == 100


def test_other_pairs_are_answered_kindly_and_stay_chosen(client, at):
    page, item = at(match())
    shown = words(answer_to(client, page, item, **pairs(page, item, turned=True)))
    assert "feedback-of-others" in shown
    assert shown.count(" selected>") == 2
    assert state_of(item).best_score == 0


def test_a_line_without_its_half_is_asked_for(client, at):
    page, item = at(match())
    sent = dict(list(pairs(page, item).items())[:1])
    empty = dict.fromkeys(pairs(page, item), "")
    answer = answer_to(client, page, item, **{**empty, **sent})
    assert answer.status_code == 422
    assert "Choose something for each line." in words(answer)
    assert words(answer).count(" selected>") == 1


def test_a_half_from_elsewhere_is_refused(client, at):
    page, item = at(match())
    answer = answer_to(client, page, item, **dict.fromkeys(pairs(page, item), "0" * 12))
    assert answer.status_code == 422
    assert not ItemState.objects.unscoped(because="a test").filter(item=item).exists()


def test_the_page_does_not_say_which_half_goes_where(client, at):
    page, item = at(match())
    shown = words(client.get(address(page)))
    found = options(page, item).values()
    assert found
    for option in found:
        assert shown.count(option) == 3  # the label, and the id and name of its list


def test_words_of_ones_own_are_kept_for_their_writer(client, at):
    page, item = at(own_words())
    shown = words(answer_to(client, page, item, words="  I'm glad you asked 🧡 <b> "))
    assert "feedback-of-words" in shown
    assert "I&#x27;m glad you asked 🧡 &lt;b&gt;" in client.get(address(page)).content.decode()
    assert state_of(item).done_at
    assert state_of(item).best_score is None


@pytest.mark.parametrize(("typed", "said"), [("  ", "Choose an answer first."), ("é" * 1001, "1,000 characters")])
def test_words_that_do_not_fit_are_not_lost(client, at, typed, said):
    page, item = at(own_words())
    answer = answer_to(client, page, item, words=typed)
    assert answer.status_code == 422
    assert said in words(answer)
    assert typed.strip() in words(answer)


def test_what_was_chosen_before_is_nobody_s_own_words(client, at):
    page, item = at(scale())
    chosen = options(page, item)["Quite"]
    answer_to(client, page, item, choice=chosen)
    body = page.body.get_prep_value()
    body[0]["value"] = {**own_words()["value"], "item_id": item}
    page.body = body
    page.save_revision().publish()
    shown = words(client.get(address(page)))
    assert "In a few words" in shown
    assert chosen not in shown
    assert "feedback-of-words" not in shown


def test_a_step_of_a_scale_is_neither_right_nor_not(client, at):
    page, item = at(scale())
    shown = words(answer_to(client, page, item, choice=options(page, item)["Not at all"]))
    assert "feedback-of-none" in shown
    assert state_of(item).best_score is None
    assert state_of(item).done_at


def test_each_form_is_a_plain_one(client, at):
    page, item = at(match())
    action, _ = form_of(client.get(address(page)), "answer", item)
    assert action.endswith("/answer/")
