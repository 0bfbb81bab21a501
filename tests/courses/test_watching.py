"""Videos: what was watched adds up, at any speed and on any device; reading what is said is as good."""

from math import inf, nan
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from hypothesis import given, settings
from hypothesis import strategies as st
from wagtail.documents.models import Document

from lms.courses import operations, rules
from lms.courses.models import ItemState, LearningEvent, Round
from tests.courses.browsing import form_of, words
from tests.courses.test_costs import statements
from tests.courses.written import address, block, items, notice
from tests.factories.accounts import PersonFactory
from tests.factories.courses import BEFORE, course_of, lesson_of, module_of, outline_of, question_item

MINUTES = 4
LENGTH = 200.0


def piece(*ranges, last=0.0, length=LENGTH, name=""):
    return rules.Piece(id=name or uuid4().hex[:8], ranges=ranges, last=last, length=length)


def seen(*pieces):
    known = {}
    for one in pieces:
        known = rules.watch(known, one, minutes=MINUTES)
    return known


numbers = st.floats(-20, 240) | st.sampled_from([nan, inf, -inf, 1e300])
pieces = st.builds(
    rules.Piece,
    id=st.uuids().map(lambda one: one.hex[:8]),
    ranges=st.lists(st.tuples(numbers, numbers), max_size=4),
    last=numbers,
    length=st.just(LENGTH),
)


@settings(max_examples=60)
@given(st.lists(pieces, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_what_was_watched_adds_up_in_any_order_and_never_to_more_than_there_is(told, chance):
    shuffled = [*told, *chance.choices(told, k=2)]
    chance.shuffle(shuffled)
    assert rules.watched_share(seen(*shuffled)) == pytest.approx(rules.watched_share(seen(*told)), abs=1)
    shares = [rules.watched_share(seen(*told[:n])) for n in range(1, len(told) + 1)]
    assert shares == sorted(shares)
    assert shares[-1] <= 100


WATCHED = {
    "from end to end": ([(0, 200)], True),
    "nine tenths of it": ([(0, 100), (120, 200)], True),
    "a little less than that": ([(0, 100), (121, 200)], False),
    "jumped over": ([(0, 10), (190, 200)], False),
    "the same part again and again": ([(0, 60), (10, 70), (0, 60)], False),
    "before it begins and after its end": ([(-300, -1), (200, 900)], False),
    "backwards, or no numbers": ([(190, 0), (nan, 200), (0, inf)], False),
    "pieces that players cut apart": ([(n, n + 9.5) for n in range(0, 200, 10)], True),
}


@pytest.mark.parametrize(("ranges", "enough"), WATCHED.values(), ids=WATCHED)
def test_enough_of_it_is_nine_tenths_whatever_the_player_tells(ranges, enough):
    assert rules.is_watched(seen(piece(*ranges))) is enough


@pytest.mark.parametrize("length", [nan, inf, 0, -5, 1e9])
def test_where_the_player_knows_no_length_its_writer_does(length):
    assert rules.watched_share(seen(piece((0, 120), length=length))) == 50
    assert rules.watched_share(seen(piece((0, 150)), piece((0, 1), length=length))) == 75


def test_it_carries_on_where_it_was_left_and_a_piece_that_comes_twice_moves_nothing():
    first, later = piece((0, 30), last=30, name="first"), piece((30, 192), last=192)
    assert rules.carry_on_at(seen(first, later)) == 192
    assert seen(first, later, first) == seen(first, later)
    assert rules.carry_on_at(seen(piece((0, 2), last=2))) == rules.carry_on_at(seen(piece((0, 199), last=199))) == 0


# --- Kept ------------------------------------------------------------------------------------------------------------


def document(name, content=b"0"):
    made = Document(title=name)
    made.file.save(name, ContentFile(content))
    return made.pk


def video():
    films = {"video": document("words.mp4"), "captions": document("words.vtt"), "poster": None}
    return block("video", {"title": "Finding words", "transcript": "<p>Short.</p>", "minutes": 4, "key": "", **films})


@pytest.fixture
def film(db, learner, written):
    """A lesson with a video, another one in a notice, and nothing else."""
    written.plain.body = [video(), notice(video())]
    written.plain.save()
    written.compile()
    return items(written.plain, "video")[0]


def tell(browser, written, film, ranges, **said):
    shown = browser.get(address(written.plain))
    action, fields = form_of(shown, "watch", film)
    sent = {**fields, "piece": str(uuid4()), "ranges": ranges, "last": "30.0", "duration": "200", **said}
    return browser.post(action, sent)


def state(film):
    return ItemState.objects.unscoped(because="a test").filter(item=film).first()


def test_it_is_done_at_any_speed_on_two_devices_and_says_where_to_carry_on(reading, written, film, learner):
    assert tell(reading, written, film, "0.0-100.5", last="192.4").status_code == 204
    shown = words(reading.get(address(written.plain)))
    assert "Carry on from 3:12" in shown
    assert "#t=192" in shown
    assert state(film).done_at is None
    phone = type(reading)()
    phone.force_login(learner)
    assert "Done." in words(tell(phone, written, film, "98.2-140.0,140.4-199.0"))
    assert state(film).done_at
    assert LearningEvent.objects.owned_by(learner).filter(item=film, kind="watched").count() == 1


NONSENSE = {
    "nothing": {},
    "not numbers": {"ranges": "abc-def,--,1-2-3,🌧-9", "last": "ż", "duration": "1e999"},
    "no number": {"ranges": "nan-200,0-inf,0-nan", "last": "nan", "duration": "nan"},
    "outside": {"ranges": "-200,900-2000,500-1", "last": "-3", "duration": "200"},
    "far too long": {"ranges": "0-1," * 3000, "last": "9" * 400, "duration": "200"},
}


@pytest.mark.parametrize("sent", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_no_second_of_it(reading, written, film, sent):
    action, fields = form_of(reading.get(address(written.plain)), "watch", film)
    assert reading.post(action, {**fields, **sent}).status_code == 204
    assert state(film) is None or rules.watched_share(state(film).watched) == 0


def test_who_reads_what_is_said_has_done_it_too_without_any_script(reading, written, film):
    action, fields = form_of(reading.get(address(written.plain)), "transcript", film)
    shown = reading.post(action, fields, follow=True)
    assert state(film).done_at
    assert "I’ve read the transcript" not in words(shown).split("</figure>")[0]  # noqa: RUF001 - as people write it


def test_a_lesson_of_another_kind_is_no_video_and_nobody_else_keeps_anything(reading, client, written, film):
    question = items(written.rich, "question")[0]
    assert reading.post(f"/learn/{written.course.identity}/{question}/watch/", {"ranges": "0-9"}).status_code == 404
    client.force_login(PersonFactory())
    client.post(f"/learn/{written.course.identity}/{film}/transcript/")
    assert state(film) is None


def test_a_piece_costs_what_an_answer_costs(reading, written, film):
    tell(reading, written, film, "0-10")
    action, fields = form_of(reading.get(address(written.plain)), "watch", film)
    sent = {**fields, "piece": str(uuid4()), "ranges": "0-30", "last": "30", "duration": "200"}
    assert len(statements(lambda: reading.post(action, sent))[1]) == 7
    assert len(statements(lambda: reading.post(action, sent))[1]) == 4  # the same again: looked at, not written


def test_watching_the_last_thing_finishes_the_course(db, now):
    film = question_item(kind="video", answer={"minutes": 4})
    course = course_of(outline_of(module_of(lesson := lesson_of(film))))
    person = PersonFactory()
    operations.enrol(person=person, course=course, now=BEFORE)
    who = {"learner": person, "course": course.identity, "client_id": uuid4(), "now": now}
    operations.read_lesson(lesson=lesson.id, **who)
    assert not Round.objects.owned_by(person).get().completed_at
    operations.watch(item=film.id, piece=piece((0, 200)), **who)
    assert Round.objects.owned_by(person).get().completed_at
    assert state(film.id).watched["ranges"] == [[0, 200]]
