"""What comes after a session: answers that lead to nobody, questions, recordings."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from lms.agencies.models import Role
from lms.audit.models import Entry
from lms.outbox.models import Message
from lms.webinars import after, operations
from lms.webinars.models import Audience, Booking, BookingState, Consent, Feedback, Question, Recording, Session
from lms.webinars.operations import Answers, Showing
from tests.factories.agencies import StaffRoleFactory
from tests.factories.cms import CoursePageFactory, SiteTree
from tests.factories.courses import EnrolmentFactory, course_of, plain_outline
from tests.factories.webinars import (
    LONG_BEFORE,
    RECORDING,
    START,
    BookingFactory,
    FacilitatorFactory,
    QuestionFactory,
    RecordingFactory,
    adopter,
)
from tests.trust.written import write_out

pytestmark = pytest.mark.django_db
END = START + timedelta(minutes=90)
NEXT_DAY = END + timedelta(hours=14)
CLOSED = END + timedelta(days=14)
FINE = Answers(worth_it=5, took_part=4, can_use=None, one_change="")


def say(session, person, now=NEXT_DAY, **changes):
    operations.give_feedback(session=session, person=person, answers=Answers(**{**vars(FINE), **changes}), now=now)


# --- How it was -----------------------------------------------------------------------------------
def test_one_person_says_it_once(session, person):
    BookingFactory(session=session, person=person)
    say(session, person)
    with pytest.raises(operations.FeedbackGiven):
        say(session, person, worth_it=1)
    assert Feedback.objects.get().worth_it == 5


@pytest.mark.parametrize("state", [None, BookingState.WAITING, BookingState.CANCELLED, BookingState.ABSENT])
def test_who_was_not_there_says_nothing(session, person, state):
    if state:
        BookingFactory(session=session, person=person, state=state, queue_number=1)
    with pytest.raises(operations.NotThere):
        say(session, person)
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("moment", [END - timedelta(seconds=1), CLOSED])
def test_it_is_said_between_the_end_and_two_weeks_after(session, person, moment):
    BookingFactory(session=session, person=person)
    with pytest.raises(operations.FeedbackNotNow):
        say(session, person, moment)


def test_nothing_leads_from_an_answer_to_a_person(session):
    people = [BookingFactory(session=session).person for _ in range(6)]
    before = Entry.objects.count()
    seen = []
    for mark, person in enumerate(people):
        say(session, person, NEXT_DAY + timedelta(hours=mark), one_change=f"words {mark}")
        seen.append([row.one_change for row in Feedback.objects.all()])  # as they lie in the table
    rows = Feedback.objects.all()
    assert {row.given_on for row in rows} == {NEXT_DAY.date()}
    assert not {field.name for field in Feedback._meta.get_fields()} & {"booking", "person", "given_at", "created_at"}
    assert any(order != [f"words {n}" for n in range(len(order))] for order in seen)
    assert Entry.objects.count() == before
    marked = Booking.objects.unscoped(because="a test").filter(session=session)
    assert set(marked.values_list("said_how_it_was", flat=True)) == {True}


def test_all_answers_get_new_keys_with_each_that_comes_in(session):
    first, second = (BookingFactory(session=session).person for _ in range(2))
    say(session, first)
    key = Feedback.objects.get().pk
    say(session, second)
    assert key not in set(Feedback.objects.values_list("pk", flat=True))


def test_fewer_than_five_are_shown_to_nobody(session):
    for _ in range(4):
        say(session, BookingFactory(session=session).person, one_change="canary words")
    report = after.feedback_on(session, with_words=True, now=CLOSED)
    assert (report.is_shown, report.lines, report.changes) == (False, [], [])


def test_nothing_is_shown_while_one_more_answer_could_be_told_from_the_rest(session):
    for _ in range(6):
        say(session, BookingFactory(session=session).person)
    still_open = after.feedback_on(session, with_words=True, now=CLOSED - timedelta(seconds=1))
    assert (still_open.is_shown, still_open.count) == (False, 0)


def test_five_are_shown_as_means_and_words_to_who_ran_it(session):
    for mark in (5, 5, 4, 4, 3):
        say(session, BookingFactory(session=session).person, worth_it=mark, one_change="Longer breaks")
    report = after.feedback_on(session, with_words=True, now=CLOSED)
    assert dict(report.lines)["It was worth my time"] == "4.2 of 5, from 5 answers"
    assert dict(report.lines)["I can use something from it"] == "Fewer than 5 answers"
    assert report.changes == ["Longer breaks"] * 5
    assert after.feedback_on(session, with_words=False, now=CLOSED).changes == []


def test_marks_off_the_scale_are_refused_by_the_database(session):
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.create(session=session, given_on=END.date(), worth_it=6)


@pytest.mark.parametrize("typed", [{"worth_it": "6"}, {"worth_it": "é"}, {"one_change": "x" * 1001}, {"can_use": "-1"}])
def test_a_form_that_cannot_be_read_keeps_what_was_typed(client, session, person, at, typed):
    BookingFactory(session=session, person=person)
    client.force_login(person)
    at(NEXT_DAY)
    answer = client.post(reverse("webinars:feedback", args=[session.uuid]), {"one_change": "Tea", **typed})
    assert answer.status_code == 422
    assert typed.get("one_change", "Tea") in answer.content.decode()
    assert not Feedback.objects.exists()


def test_everything_may_be_left_out(client, session, person, at):
    BookingFactory(session=session, person=person)
    client.force_login(person)
    at(NEXT_DAY)
    assert client.post(reverse("webinars:feedback", args=[session.uuid]), {}).status_code == 302
    assert Feedback.objects.get().worth_it is None
    assert client.get(reverse("webinars:feedback", args=[session.uuid])).context["refusal"]


def test_people_are_asked_the_next_morning_once(session, person, at):
    BookingFactory(session=session, person=person)
    BookingFactory(session=session, state=BookingState.ABSENT)
    assert operations.follow_up(now=END + timedelta(hours=11)) == 0
    assert operations.follow_up(now=NEXT_DAY) == 1
    assert operations.follow_up(now=NEXT_DAY + timedelta(minutes=15)) == 0
    RecordingFactory(session=session)
    at(NEXT_DAY)
    write_out()
    letter = Message.objects.get(kind="session_followup")
    assert f"/sessions/{session.uuid}/feedback/" in letter.text
    assert "There's a recording" in letter.text
    assert "canary" not in letter.text + letter.html


# --- Questions ------------------------------------------------------------------------------------
def ask(session, person, words="How do I begin?", now=LONG_BEFORE):
    return operations.ask(session=session, person=person, words=words, now=now)


def test_a_question_reaches_who_runs_it_without_its_words(session, person, trainer):
    BookingFactory(session=session, person=person)
    ask(session, person, "canary words")
    ask(session, person, "more canary words")
    letter = Message.objects.get()
    assert (letter.person_id, letter.subject) == (trainer.pk, "A question is waiting for you")
    assert "canary" not in letter.text + letter.html


@pytest.mark.parametrize("state", [None, BookingState.WAITING, BookingState.CANCELLED])
def test_who_has_no_place_cannot_ask(client, session, person, state, at):
    if state:
        BookingFactory(session=session, person=person, state=state, queue_number=1)
    with pytest.raises(operations.CannotAsk):
        ask(session, person)
    client.force_login(person)
    at(LONG_BEFORE)
    assert client.get(reverse("webinars:ask", args=[session.uuid])).status_code == 404


def test_it_can_be_asked_until_two_weeks_after_and_there_is_time_to_answer(session, person):
    BookingFactory(session=session, person=person)
    ask(session, person, now=CLOSED - timedelta(seconds=1))
    with pytest.raises(operations.CannotAsk):
        ask(session, person, now=CLOSED)
    assert operations.forget_questions(now=CLOSED + timedelta(days=14)) == 0


def test_pressed_twice_it_is_asked_once(session, person):
    BookingFactory(session=session, person=person)
    first = ask(session, person)
    assert ask(session, person) == first
    assert ask(session, person, "And then?") != first


def test_others_read_only_what_was_published_in_other_words(client, session, coordinator, at):
    person = BookingFactory(session=session, person=adopter(display_name="Wilhelmina")).person
    other = BookingFactory(session=session).person
    question = ask(session, person, "My Mia canaryname screams at night")
    hidden = ask(session, person, "canary private")
    put = {"question": question, "actor": coordinator, "now": LONG_BEFORE}
    operations.answer(**put, said="What helps at bedtime?", words="Go slowly.", publish=True)
    operations.answer(**{**put, "question": hidden}, said="", words="canary answer", publish=False)
    at(LONG_BEFORE)
    client.force_login(other)
    page = client.get(reverse("webinars:ask", args=[session.uuid])).content.decode()
    assert "What helps at bedtime?" in page
    assert "canary" not in page
    assert person.display_name not in page
    client.force_login(person)
    own = client.get(reverse("webinars:ask", args=[session.uuid])).content.decode()
    assert "canary answer" in own


def test_an_answer_is_told_to_its_asker_once_and_says_nothing(session, person, coordinator):
    BookingFactory(session=session, person=person)
    question = ask(session, person, "canary words")
    for words in ("canary answer", "a better canary answer"):
        operations.answer(question=question, said="", words=words, publish=False, actor=coordinator, now=LONG_BEFORE)
    write_out()
    letter = Message.objects.get(kind="question_answered")
    assert (letter.person_id, letter.subject) == (person.pk, "Your question has an answer")
    assert "canary" not in letter.text + letter.html


def test_nothing_is_published_without_other_words_and_an_answer(session, coordinator):
    question = QuestionFactory(session=session)
    for said, words in (("", "Yes."), ("Is it?", " ")):
        with pytest.raises(operations.NothingToPublish):
            operations.answer(
                question=question, said=said, words=words, publish=True, actor=coordinator, now=LONG_BEFORE
            )
    assert Question.objects.unscoped(because="a test").waiting().count() == 1


def test_publishing_can_be_taken_back(session, coordinator):
    question = QuestionFactory(session=session)
    for publish in (True, False):
        operations.answer(
            question=question, said="Is it?", words="Yes.", publish=publish, actor=coordinator, now=LONG_BEFORE
        )
    assert after.published_of(session) == []


def test_words_that_point_to_somebody_are_asked_about_once(client, session, person, at):
    BookingFactory(session=session, person=person)
    client.force_login(person)
    at(LONG_BEFORE)
    page, typed = reverse("webinars:ask", args=[session.uuid]), {"words": "Ring me on 01632 960123"}
    kept_back = client.post(page, typed)
    assert kept_back.status_code == 422
    assert "a phone number" in kept_back.content.decode()
    assert "01632 960123" in kept_back.content.decode()
    assert client.post(page, {**typed, "as_it_is": "1"}).status_code == 302
    assert Question.objects.owned_by(person).count() == 1


def test_somebody_who_asks_and_asks_is_asked_to_wait(client, session, person, at):
    BookingFactory(session=session, person=person)
    client.force_login(person)
    at(LONG_BEFORE)
    page = reverse("webinars:ask", args=[session.uuid])
    codes = [client.post(page, {"words": "Again"}).status_code for _ in range(11)]
    assert codes == [302] * 10 + [429]


def test_the_queue_holds_one_s_own_sessions_only(client, trainer, session, at):
    mine, theirs = QuestionFactory(session=session), QuestionFactory(words="not yours")
    at(LONG_BEFORE)
    client.force_login(trainer)
    page = client.get(reverse("webinars:desk_questions"))
    assert list(page.context["waiting"]) == [mine]
    assert theirs.words not in page.content.decode()
    address = reverse("webinars:desk_answer", args=[session.uuid, theirs.uuid])
    assert client.post(address, {"answer": "x"}).status_code == 404


@pytest.mark.parametrize("count", [1, 20])
def test_the_queue_costs_the_same_however_long(client, trainer, session, at, django_assert_max_num_queries, count):
    QuestionFactory.create_batch(count, session=session)
    at(LONG_BEFORE)
    client.force_login(trainer)
    client.get(reverse("webinars:desk_questions"))
    with django_assert_max_num_queries(9):
        client.get(reverse("webinars:desk_questions"))


def test_what_was_asked_is_forgotten_a_month_after(session):
    question = QuestionFactory(session=session, said="Is it?", answer="Yes.")
    month = END + timedelta(days=30)
    assert operations.forget_questions(now=month - timedelta(seconds=1)) == 0
    assert operations.forget_questions(now=month) == 1
    kept = Question.objects.unscoped(because="a test").get(pk=question.pk)
    assert (kept.words, kept.asked_by, kept.answer) == ("", None, "Yes.")
    assert kept.settled_at == month  # nobody can answer what is gone, so it waits no more


# --- Recordings -----------------------------------------------------------------------------------
def may_watch(recording, person, now=NEXT_DAY):
    return after.may_watch(recording, person, now=now)


def test_a_recording_is_for_nobody_at_first(session, coordinator, person):
    BookingFactory(session=session, person=person)
    kept = operations.add_recording(session=session, title="Talk", address=RECORDING, actor=coordinator, now=NEXT_DAY)
    assert (kept.consent, kept.audience) == (Consent.WAITING, Audience.NOBODY)
    assert not may_watch(kept, person)


@pytest.mark.parametrize("address", ["http://zoom.us/x", "https://zoom.us.evil.example/", "javascript:x", "x"])
def test_a_recording_lies_where_the_agency_says(session, coordinator, address):
    with pytest.raises(operations.RecordingRefused):
        operations.add_recording(session=session, title="Talk", address=address, actor=coordinator, now=NEXT_DAY)


@pytest.mark.parametrize("consent", [Consent.WAITING, Consent.REFUSED])
def test_without_consent_nobody_sees_it(session, coordinator, consent):
    recording = RecordingFactory(session=session, audience=Audience.NOBODY, consent=Consent.WAITING)
    showing = Showing(consent, Audience.BOOKED, None, recording.expires_at)
    with pytest.raises(operations.ConsentMissing):
        operations.show_recording(recording=recording, showing=showing, actor=coordinator, now=NEXT_DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recording.objects.unscoped(because="a test").update(consent=consent, audience=Audience.BOOKED)


def test_who_had_a_place_sees_it_until_it_runs_out(session, person):
    BookingFactory(session=session, person=person)
    recording = RecordingFactory(session=session)
    assert may_watch(recording, person)
    assert not may_watch(recording, adopter())
    assert not may_watch(recording, person, recording.expires_at)
    assert operations.forget_recordings(now=recording.expires_at) == 1


def test_people_of_a_course_see_what_is_shown_to_it(session, person):
    course = course_of(plain_outline())
    course.page = CoursePageFactory(parent=SiteTree().catalogue)
    course.save(update_fields=["page"])
    recording = RecordingFactory(session=session, audience=Audience.COURSE, course_id=course.page_id)
    assert not may_watch(recording, person)
    EnrolmentFactory(person=person, course=course)
    assert may_watch(recording, person)
    assert after.recordings_for(person, now=NEXT_DAY) == [recording]


def test_its_address_is_on_no_page_and_the_click_leads_there(client, session, person, at):
    BookingFactory(session=session, person=person)
    recording = RecordingFactory(session=session)
    at(NEXT_DAY)
    client.force_login(person)
    for page in ("recordings", "my_bookings"):
        assert "rec-canary" not in client.get(reverse(f"webinars:{page}")).content.decode()
    address = reverse("webinars:watch", args=[session.uuid, recording.uuid])
    answer = client.get(address)
    assert (answer.status_code, answer["Location"], answer["Referrer-Policy"]) == (303, RECORDING, "no-referrer")
    client.force_login(adopter())
    assert client.get(address).status_code == 404
    at(recording.expires_at)
    client.force_login(person)
    assert client.get(address).status_code == 404


# --- At the desk ----------------------------------------------------------------------------------
@pytest.fixture
def desk(client, session, at):
    role = StaffRoleFactory(agency=session.agency, role=Role.TRAINER)
    FacilitatorFactory(session=session, person=role.person)
    client.force_login(role.person)
    at(NEXT_DAY)
    return client


def test_a_recording_is_added_shown_and_taken_away_at_the_desk(desk, session):
    page = reverse("webinars:desk_after", args=[session.uuid])
    added = desk.post(
        reverse("webinars:desk_add_recording", args=[session.uuid]), {"title": "Talk", "address": RECORDING}
    )
    assert added.url == page
    recording = Recording.objects.unscoped(because="a test").get()
    assert "rec-canary" not in desk.get(page).content.decode()
    change = reverse("webinars:desk_change_recording", args=[session.uuid, recording.uuid])
    typed = {f"r{recording.pk}-{name}": value for name, value in (("consent", "given"), ("audience", "booked"))}
    until = f"{NEXT_DAY + timedelta(days=30):%Y-%m-%d}"
    assert desk.post(change, typed).status_code == 422
    assert desk.post(change, {**typed, f"r{recording.pk}-until": until}).status_code == 302
    recording.refresh_from_db()
    assert recording.audience == Audience.BOOKED
    desk.post(change, {"remove": "1"})
    assert not Recording.objects.unscoped(because="a test").exists()
    deeds = set(Entry.objects.filter(action__startswith="recording.").values_list("action", flat=True))
    assert deeds == {"recording.added", "recording.shown_to_booked", "recording.removed"}


def test_the_page_never_says_who_asked_or_who_answered(desk, session):
    people = [BookingFactory(session=session, person=adopter(display_name=f"Asker {n}")).person for n in range(5)]
    for person in people:
        ask(session, person, "Is it hard?")
        say(session, person, one_change="Longer breaks")
    page = desk.get(reverse("webinars:desk_after", args=[session.uuid])).content.decode()
    assert "Is it hard?" in page
    assert "Asker" not in page
    assert "Longer breaks" not in page


def test_a_question_is_answered_and_published_at_the_desk(desk, session):
    question = QuestionFactory(session=session)
    address = reverse("webinars:desk_answer", args=[session.uuid, question.uuid])
    assert desk.post(address, {"answer": "Slowly.", "publish": "on"}).status_code == 422
    assert desk.post(address, {"answer": "Slowly.", "publish": "on", "said": "How to begin?"}).status_code == 302
    assert [one.said for one in after.published_of(session)] == ["How to begin?"]
    assert Session.objects.unscoped(because="a test").count() == 1
