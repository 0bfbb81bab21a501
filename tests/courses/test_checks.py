"""Checks with a pass mark: questions drawn from a bank, answers kept on the way, and passing as what counts."""

import re
from datetime import timedelta
from random import SystemRandom
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from lms.courses import operations, rules
from lms.courses.models import CourseVersion, Enrolment, ItemState, LearningEvent, Round, Try
from lms.courses.whose import whose
from tests.courses.browsing import forms_of, words
from tests.courses.test_costs import statements
from tests.courses.test_phones import bring, locked
from tests.courses.written import Written, address, bank, items, multiple, order, single
from tests.factories.accounts import PersonFactory
from tests.factories.courses import BEFORE

pytestmark = pytest.mark.django_db
KEYS = ("feedback-of", "kindly", "right-order")


class Check:
    """A course whose plain lesson holds a bank, and one learner at it."""

    def __init__(self, *questions, **said):
        self.written = Written()
        self.written.plain.body = [bank(*(questions or (single(), multiple(), order())), **said)]
        self.written.plain.save()
        self.written.compile()
        self.course = self.written.course
        self.item = UUID(items(self.written.plain, "bank")[0])
        self.person = PersonFactory()
        operations.enrol(person=self.person, course=self.course, now=BEFORE)

    @property
    def who(self):
        return {"learner": self.person, "course": self.course.identity, "item": self.item}

    @property
    def key(self):
        return CourseVersion.objects.get(latest_of=self.course).keys[str(self.item)]

    @property
    def tries(self):
        return Try.objects.owned_by(self.person).order_by("number")

    @property
    def is_done(self):
        return ItemState.objects.owned_by(self.person).filter(item=self.item, done_at__isnull=False).exists()

    def begin(self, now=BEFORE):
        return operations.begin_try(now=now, **self.who)

    def right(self, question):
        said = self.key["questions"][question]
        if said["kind"] == "order":
            return [f"{option}={place}" for place, option in enumerate(said["right"], start=1)]
        return said["right"]

    def other(self, question):
        said = self.key["questions"][question]
        if said["kind"] == "order":
            return [f"{option}={place}" for place, option in enumerate(reversed(said["right"]), start=1)]
        return [option for option in said["options"] if option not in said["right"]][:1]

    def all_right(self, number):
        return {question: self.right(question) for question in self.tries.get(number=number).drawn}

    def all_other(self, number):
        return {question: self.other(question) for question in self.tries.get(number=number).drawn}

    def save(self, number, answers, now=BEFORE):
        operations.save_try(number=number, answers=answers, now=now, **self.who)

    def hand_in(self, number, answers, now=BEFORE, *, as_it_is=False):
        operations.hand_in(number=number, answers=answers, as_it_is=as_it_is, client_id=uuid4(), now=now, **self.who)

    def go(self, *, right, now=BEFORE):
        number = self.begin(now)
        self.hand_in(number, self.all_right(number) if right else self.all_other(number), now)


@pytest.fixture
def check(db):
    return Check()


@pytest.fixture
def browser(client, check):
    client.force_login(check.person)
    return client


def test_a_try_draws_as_many_questions_as_it_is_to_show(check):
    number = check.begin()
    drawn = check.tries.get(number=number).drawn
    assert len(drawn) == len(set(drawn)) == 2
    assert set(drawn) <= set(check.key["questions"])


def test_another_try_is_drawn_anew(check):
    found = {tuple(rules.draw(list("abcdefghijklmnop"), show=10, luck=SystemRandom())) for _ in range(20)}
    assert len(found) == 20


def test_a_try_under_way_is_carried_on_not_drawn_again(check):
    first = check.begin()
    drawn = check.tries.get().drawn
    assert check.begin() == first
    assert check.tries.get().drawn == drawn


def test_passing_does_the_item_and_not_passing_does_not(check):
    check.go(right=False)
    assert not check.is_done
    assert Round.objects.owned_by(check.person).get().required_done == 0
    check.go(right=True)
    assert check.is_done
    assert Round.objects.owned_by(check.person).get().required_done == 1


def test_the_best_try_is_kept(check):
    check.go(right=True)
    check.go(right=False)
    state = ItemState.objects.owned_by(check.person).get(item=check.item)
    assert (state.best_score, check.is_done) == (100, True)
    assert list(check.tries.values_list("passed", flat=True)) == [True, False]


@pytest.mark.parametrize(("right", "passes"), [(7, False), (8, True), (10, True)])
def test_eighty_per_cent_of_ten_is_eight(right, passes):
    assert rules.Result(asked=10, right=right).passes(80) is passes
    assert rules.needed(10, pass_mark=80) == 8


def test_part_of_several_right_answers_is_not_the_answer():
    check = Check(multiple(), show=1)
    number = check.begin()
    question = check.tries.get().drawn[0]
    check.hand_in(number, {question: check.right(question)[:1]})
    assert check.tries.get().right == 0


def test_a_try_handed_in_twice_is_marked_once(check):
    number = check.begin()
    check.hand_in(number, check.all_right(number))
    check.hand_in(number, check.all_other(number))
    assert check.tries.get().passed
    assert LearningEvent.objects.owned_by(check.person).filter(item=check.item).count() == 1


def test_answers_are_kept_on_the_way_and_found_again(check):
    number = check.begin()
    half = dict(list(check.all_right(number).items())[:1])
    check.save(number, half)
    assert operations.answers_of(check.tries.get()) == half


def test_a_half_given_order_is_kept_too():
    check = Check(order(), show=1)
    number = check.begin()
    question = check.tries.get().drawn[0]
    half = {question: check.right(question)[:1]}
    check.save(number, half)
    assert operations.answers_of(check.tries.get()) == half


def test_an_answer_that_is_missing_is_asked_for_and_nothing_is_lost(check):
    number = check.begin()
    half = dict(list(check.all_right(number).items())[:1])
    with pytest.raises(operations.Unanswered):
        check.hand_in(number, half)
    assert check.tries.get().handed_in_at is None
    assert operations.answers_of(check.tries.get()) == half
    check.hand_in(number, half, as_it_is=True)
    assert (check.tries.get().right, check.tries.get().asked) == (1, 2)


@pytest.mark.parametrize("sent", [["no-such-option"], ["NaN"], ["1e309"], [""], ["\x00"], ["😀" * 100], ["true"]])
def test_what_is_no_option_is_refused_and_changes_nothing(check, sent):
    number = check.begin()
    question = next(one for one in check.tries.get().drawn)
    with pytest.raises(operations.NotAChoice):
        check.save(number, {question: sent})
    assert check.tries.get().answers == ""


def test_a_question_that_was_not_drawn_is_refused(check):
    number = check.begin()
    left = (set(check.key["questions"]) - set(check.tries.get().drawn)).pop()
    with pytest.raises(operations.NotAChoice):
        check.save(number, {left: check.right(left)})


def test_a_question_of_another_try_or_number_is_not_there(check):
    with pytest.raises(operations.UnknownItem):
        check.save(9, {})


def test_tries_may_be_limited_and_more_of_them_given():
    check = Check(attempts=1)
    check.go(right=False)
    with pytest.raises(operations.NoTryLeft):
        check.begin()
    Enrolment.objects.owned_by(check.person).update(extra_tries=1)
    assert check.begin() == 2


def test_when_the_time_is_up_what_was_saved_in_time_counts():
    check = Check(minutes=30)
    number = check.begin()
    check.save(number, check.all_right(number), BEFORE + timedelta(minutes=30))
    late = BEFORE + timedelta(minutes=32)
    with pytest.raises(operations.TimeIsUp):
        check.save(number, check.all_other(number), late)
    check.hand_in(number, check.all_other(number), late)
    assert check.tries.get().passed


def test_a_phone_adds_what_was_missing_by_our_clock_and_takes_nothing_back(client):
    check, browser = Check(single(), single(), multiple(), show=3, minutes=30), client
    browser.force_login(check.person)
    started = timezone.now() - timedelta(minutes=20)
    number = check.begin(started)
    one, two, many = sorted(check.all_right(number).items(), key=lambda said: len(said[1]))
    check.save(number, dict([one, many]), timezone.now())
    check.save(number, dict([two]), timezone.now())
    assert operations.answers_of(check.tries.get()) == dict([one, two])

    def waited(answers, minutes):
        path = f"/learn/{check.course.identity}/{check.item}/check/{number}/save/"
        fields = [(f"q.{question}", option) for question, chosen in answers.items() for option in chosen]
        said = {"whose": whose(check.person), "path": path, "fields": fields}
        at = timezone.now() - timedelta(minutes=minutes)
        return bring(browser, {"id": str(uuid4()), "at": at.isoformat(), "locked": locked(said)}).json()

    assert waited({one[0]: check.other(one[0]), many[0]: many[1]}, 10)["taken"]
    assert operations.answers_of(check.tries.get()) == dict([one, two, many])
    Try.objects.owned_by(check.person).update(ends_at=timezone.now() - timedelta(minutes=5))
    assert "The time for this try is up" in waited({one[0]: check.other(one[0])}, 10)["refused"][0]["why"]


def test_more_time_is_more_time():
    check = Check(minutes=30)
    Enrolment.objects.owned_by(check.person).update(extra_time=50)
    number = check.begin()
    check.hand_in(number, check.all_right(number), BEFORE + timedelta(minutes=45))
    assert check.tries.get().passed


def test_a_question_taken_out_since_counts_for_nothing(check):
    number = check.begin()
    answers = check.all_right(number)
    gone = check.tries.get().drawn[0]
    page = check.written.plain
    page.refresh_from_db()
    raw = page.body.get_prep_value()
    raw[0]["value"]["questions"] = [one for one in raw[0]["value"]["questions"] if one["id"] != gone]
    page.body = raw
    page.save()
    check.written.compile()
    check.hand_in(number, answers)
    assert (check.tries.get().asked, check.tries.get().passed) == (1, True)


def test_a_try_of_which_no_question_is_left_is_dropped(check):
    number = check.begin()
    check.written.plain.body = [bank(single(), item_id=str(check.item))]
    check.written.plain.save()
    check.written.compile()
    with pytest.raises(operations.QuestionsGone):
        check.hand_in(number, {})
    assert not check.tries.exists()


def test_a_check_cannot_be_left_out(check):
    with pytest.raises(operations.UnknownItem):
        operations.leave_out(
            learner=check.person, course=check.course.identity, items=[check.item], client_id=uuid4(), now=BEFORE
        )


def test_the_database_holds_one_try_under_way(check):
    check.begin()
    with pytest.raises(IntegrityError), transaction.atomic():
        Try.objects.create(round=check.tries.get().round, item=check.item, number=2, drawn=[], begun_at=BEFORE)


# --- on the page ----------------------------------------------------------------------------------------


def test_what_it_takes_is_said_before_it_begins(browser, check):
    page = words(browser.get(address(check.written.plain)))
    assert "You pass with 2 of 2 right. Each try draws 2 questions from 3." in page
    assert "The check in this lesson is still to pass." in page


def test_no_key_is_in_a_page_before_the_try_is_handed_in(browser, check):
    check.begin()
    for page in (address(check.written.plain), _check_url(check)):
        found = words(browser.get(page))
        assert not any(word in found for word in KEYS), page


def _check_url(check, rest=""):
    return f"/learn/{check.course.identity}/{check.item}/check/{rest}"


def _fields(check, answers):
    sent = {}
    for question, chosen in answers.items():
        for value in chosen:
            option, _, place = value.partition("=")
            name = f"q.{question}.{option}" if place else f"q.{question}"
            sent.setdefault(name, []).append(place or option)
    return sent


def test_begin_answer_and_pass_without_scripts(browser, check):
    began = browser.post(_check_url(check, "begin/"), follow=True)
    assert "Question 1 of 2" in words(began)
    answered = browser.post(_check_url(check, "1/hand-in/"), _fields(check, check.all_right(1)), follow=True)
    page = words(answered)
    assert "passed" in page
    assert re.search(r'id="outcome" role="status"', page)
    assert "feedback-of" in page
    assert "Your best try: 2 of 2 right." in words(browser.get(address(check.written.plain)))


def test_who_is_not_there_yet_reads_why_and_may_try_again(browser, check):
    browser.post(_check_url(check, "begin/"))
    page = browser.post(_check_url(check, "1/hand-in/"), _fields(check, check.all_other(1)), follow=True)
    assert "Not there yet" in words(page)
    assert any(action.endswith("/check/begin/") for action, _, _ in forms_of(page))


def test_what_was_saved_is_still_chosen(browser, check):
    browser.post(_check_url(check, "begin/"))
    saved = browser.post(_check_url(check, "1/save/"), _fields(check, check.all_right(1)), follow=True)
    chosen = len(re.findall(r" (?:checked|selected)>", words(saved)))
    assert chosen == sum(len(answer) for answer in check.all_right(1).values())


def test_a_missing_answer_is_pointed_at(browser, check):
    browser.post(_check_url(check, "begin/"))
    answer = browser.post(_check_url(check, "1/hand-in/"), {})
    assert answer.status_code == 422
    assert words(answer).count("This one has no answer yet.") == 2
    assert "Hand in as it is" in words(answer)


def test_an_unknown_option_is_no_form_of_ours(browser, check):
    browser.post(_check_url(check, "begin/"))
    question = check.tries.get().drawn[0]
    assert browser.post(_check_url(check, "1/save/"), {f"q.{question}": "x"}).status_code == 400


def test_somebody_elses_check_and_result_are_not_there(client, check):
    check.go(right=True)
    client.force_login(PersonFactory())
    assert client.get(_check_url(check)).status_code == 404
    assert client.get(_check_url(check, "1/")).status_code == 404


def test_a_result_keeps_the_words_it_was_marked_with(browser, check):
    check.go(right=True)
    check.written.plain.body = [bank(single(), item_id=str(check.item))]
    check.written.plain.save()
    check.written.compile()
    assert "feedback-of" in words(browser.get(_check_url(check, "1/")))


def test_only_looking_shows_the_terms_and_no_way_in(client, check):
    check.written.rich.body = check.written.plain.body
    check.written.rich.save()
    check.written.compile()
    page = client.get(address(check.written.rich))
    assert "You can take it when" in words(page)


def test_saving_on_the_way_costs_five(browser, check):
    number = check.begin(now=timezone.now())
    sent = _fields(check, check.all_right(number))
    answer, asked = statements(lambda: browser.post(_check_url(check, "1/save/"), sent, headers={"HX-Request": "true"}))
    assert answer.status_code == 200
    assert len(asked) == 5  # session, person, round, try, try


def test_handing_in_costs_ten(browser, check):
    number = check.begin(now=timezone.now())
    sent = _fields(check, check.all_right(number))
    answer, asked = statements(lambda: browser.post(_check_url(check, "1/hand-in/"), sent))
    assert answer.status_code == 302
    assert len(asked) == 10  # session, person, round, try, answers, marks, fact, state, state, round
