"""A learner in a package: what is kept, in which order, and what it comes to."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import F

from lms.courses import operations as courses
from lms.courses.models import Course, ItemState, Round
from lms.courses.operations.renewing import begin_again
from lms.packages import operations, tasks
from lms.packages.models import Attempt, PartState, Version
from lms.packages.operations import Told
from tests.factories.accounts import PersonFactory
from tests.factories.packages import BEGAN, LIMITS, learner_of, package_of, upload_of
from tests.packages.made import Item, sound

pytestmark = pytest.mark.django_db
NOW = BEGAN + timedelta(days=1)
attempts = Attempt.objects.unscoped(because="a test")


class Sitting:
    """One window on a package."""

    def __init__(self, package, learner, course, item, *, part="", now=NOW):
        self.opened = operations.open_part(
            learner=learner, package=package, course=course, item=item, part=part, now=now
        )
        self.state = operations.preload(self.opened)
        self.sequence = 0

    def tell(self, cmi, *, finished=False, sequence=None, now=NOW):
        self.sequence = self.sequence + 1 if sequence is None else sequence
        told = Told(self.opened.attempt.launch, self.opened.part["id"], self.sequence, cmi, finished)
        return operations.keep(attempt_id=self.opened.attempt.pk, told=told, now=now).done


def core(**said):
    return {"core": said}


@pytest.fixture
def package():
    return package_of()


@pytest.fixture
def place(package):
    return (package, *learner_of(package))


def is_done(learner, item):
    rows = ItemState.objects.unscoped(because="a test").filter(item=item, done_at__isnull=False)
    return rows.filter(round__enrolment__person=learner).exists()


def test_the_first_time_begins_at_the_beginning(place):
    state = Sitting(*place).state
    assert (state["core"]["entry"], state["core"]["total_time"]) == ("ab-initio", "00:00:00")
    assert state["core"]["student_name"] == "Learner"
    assert place[1].display_name not in str(state)
    assert place[1].email not in str(state)


@pytest.mark.parametrize("bookmark", ["page 3", 'é 😀 % " \n\t\u2028 </script>', "\ud83d\x00 packed", "x" * 64_000])
def test_the_bookmark_comes_back_letter_for_letter(place, bookmark):
    first = Sitting(*place)
    first.tell(
        {**core(exit="suspend", lesson_location="p3", session_time="00:05:30"), "suspend_data": bookmark}, finished=True
    )
    state = Sitting(*place).state
    assert state["suspend_data"] == bookmark
    assert (state["core"]["entry"], state["core"]["lesson_location"]) == ("resume", "p3")
    assert state["core"]["total_time"] == "00:05:30"
    assert "session_time" not in state["core"]


def test_a_tab_that_was_closed_without_a_word_is_resumed(place):
    Sitting(*place).tell({**core(), "suspend_data": "here"})
    state = Sitting(*place).state
    assert (state["core"]["entry"], state["suspend_data"]) == ("resume", "here")


def test_after_a_plain_end_it_is_neither_new_nor_resumed(place):
    Sitting(*place).tell(core(exit="", lesson_status="incomplete"), finished=True)
    assert Sitting(*place).state["core"]["entry"] == ""


def test_time_is_added_once_however_often_it_is_told(place):
    first = Sitting(*place)
    for length in ("00:01:00", "00:03:00", "00:03:00"):
        first.tell(core(session_time=length))
    second = Sitting(*place)
    second.tell(core(session_time="00:02:00"))
    assert Sitting(*place).state["core"]["total_time"] == "00:05:00"


def test_a_late_or_repeated_message_changes_nothing(place):
    sitting = Sitting(*place)
    sitting.tell({**core(), "suspend_data": "second"}, sequence=2)
    sitting.tell({**core(), "suspend_data": "first"}, sequence=1)
    sitting.tell({**core(), "suspend_data": "again"}, sequence=2)
    assert Sitting(*place).state["suspend_data"] == "second"


def test_completing_it_is_done_in_the_course_once(place):
    _, learner, _, item = place
    sitting = Sitting(*place)
    assert sitting.tell(core(lesson_status="incomplete")) is False
    assert not is_done(learner, item)
    assert sitting.tell(core(lesson_status="completed")) is True
    assert is_done(learner, item)
    assert sitting.tell(core(lesson_status="completed"), finished=True) is True


def test_failing_it_is_not(place):
    assert Sitting(*place).tell(core(lesson_status="failed"), finished=True) is False
    assert not is_done(place[1], place[3])


def test_a_later_incomplete_takes_nothing_back(place):
    sitting = Sitting(*place)
    sitting.tell(core(lesson_status="passed", score={"raw": "90"}))
    sitting.tell(core(lesson_status="incomplete", score={"raw": "10"}))
    known = PartState.objects.get()
    assert (known.is_complete, known.is_passed, known.score) == (True, True, 90)
    assert is_done(place[1], place[3])


def test_after_completion_it_is_only_looked_at(place):
    Sitting(*place).tell(core(lesson_status="completed"), finished=True)
    later = Sitting(*place, now=NOW + timedelta(hours=1))
    assert later.opened.attempt.is_review
    assert (later.state["core"]["lesson_mode"], later.state["core"]["credit"]) == ("review", "no-credit")
    before = PartState.objects.values().get()
    with pytest.raises(operations.IsOver):
        later.tell(core(lesson_status="incomplete"), now=NOW + timedelta(hours=2))
    assert PartState.objects.values().get() == before


def test_writing_after_the_end_is_refused(place):
    sitting = Sitting(*place)
    sitting.tell({**core(lesson_status="incomplete"), "suspend_data": "end"}, finished=True)
    with pytest.raises(operations.IsOver):
        sitting.tell({**core(lesson_status="completed"), "suspend_data": "after"})
    assert not is_done(place[1], place[3])


def test_a_second_window_takes_over_from_the_first(place):
    first = Sitting(*place)
    first.tell({**core(), "suspend_data": "first"})
    second = Sitting(*place)
    with pytest.raises(operations.OpenElsewhere):
        first.tell({**core(lesson_status="completed"), "suspend_data": "lost"})
    assert second.tell({**core(), "suspend_data": "second"}) is False
    assert attempts.count() == 1


@pytest.mark.parametrize(
    "cmi",
    [
        core(lesson_status="banana"),
        core(score={"raw": "nan"}),
        core(score={"raw": "150"}),
        core(session_time="five"),
        {"suspend_data": "x" * 64_001},
        {"core": []},
        {"core": {}, "interactions": {"0": {"student_response": "x" * 1_000_001}}},
    ],
)
def test_what_no_package_may_say_is_refused_and_changes_nothing(place, cmi):
    sitting = Sitting(*place)
    sitting.tell({**core(), "suspend_data": "safe"})
    before = PartState.objects.values().get()
    with pytest.raises(operations.NotKept):
        sitting.tell(cmi)
    assert PartState.objects.values().get() == before


def test_what_it_keeps_is_encrypted(place):
    Sitting(*place).tell({**core(), "suspend_data": "typed by somebody"})
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM packages_partstate")
        assert "typed by somebody" not in cursor.fetchone()[0]


# --- Several parts, several versions -----------------------------------------------------------------


def test_each_part_keeps_its_own_and_all_are_needed():
    package = package_of(sound(Item("one", "one.html"), Item("two", "two.html"), standard="2004"))
    place = (package, *learner_of(package))
    assert Sitting(*place, part="one").tell({"completion_status": "completed"}) is False
    assert Sitting(*place).opened.part["id"] == "one"  # where they were last
    assert Sitting(*place, part="two").tell({"completion_status": "completed", "suspend_data": "2"}) is True
    assert is_done(place[1], place[3])
    assert operations.preload(Sitting(*place, part="one").opened).get("suspend_data", "") == ""


def test_an_unknown_part_opens_where_they_were(place):
    assert Sitting(*place, part="made up").opened.part["id"] == "intro"


@pytest.mark.parametrize(
    ("on_replace", "number", "bookmark", "rows"),
    [("keep", 1, "here", 1), ("resume", 2, "here", 1), ("again", 2, "", 2)],
)
def test_what_a_new_version_means_for_who_is_in_the_old(place, on_replace, number, bookmark, rows):
    package = place[0]
    Sitting(*place).tell({**core(), "suspend_data": "here"})
    operations.upload_version(
        package=package, file=upload_of(sound()), on_replace=on_replace, actor=PersonFactory(), now=NOW, **LIMITS
    )
    tasks.unpack(version_id=Version.objects.get(number=2).pk)
    package = type(package).objects.unscoped(because="a test").select_related("latest").get(pk=package.pk)
    sitting = Sitting(package, *place[1:])
    assert sitting.opened.attempt.version.number == number
    assert sitting.state.get("suspend_data", "") == bookmark
    assert attempts.count() == rows


def test_who_has_finished_stays_finished_in_the_version_they_did(place):
    Sitting(*place).tell(core(lesson_status="completed"), finished=True)
    operations.upload_version(
        package=place[0], file=upload_of(sound()), on_replace="again", actor=PersonFactory(), now=NOW, **LIMITS
    )
    tasks.unpack(version_id=Version.objects.get(number=2).pk)
    package = type(place[0]).objects.unscoped(because="a test").select_related("latest").get()
    assert Sitting(package, *place[1:], now=NOW + timedelta(hours=1)).opened.attempt.is_review


@pytest.mark.parametrize(
    ("settled", "cmi", "done"),
    [
        ({"policy": "passed"}, core(lesson_status="completed"), False),
        ({"policy": "complete"}, core(lesson_status="failed"), False),
        ({"policy": "ended"}, core(lesson_status="failed"), True),
        ({"policy": "passed"}, core(lesson_status="passed"), True),
        ({"policy": "score", "pass_mark": 80}, core(score={"raw": "79"}), False),
        ({"policy": "score", "pass_mark": 80}, core(score={"raw": "80"}), True),
    ],
)
def test_the_author_says_when_it_is_done(settled, cmi, done):
    package = package_of(**settled)
    place = (package, *learner_of(package))
    Sitting(*place).tell(cmi)
    assert is_done(place[1], place[3]) is done


def test_opening_is_enough_where_the_author_says_so():
    package = package_of(policy="opened")
    place = (package, *learner_of(package))
    Sitting(*place)
    assert is_done(place[1], place[3])


# --- Who may -----------------------------------------------------------------------------------------


def test_only_who_is_on_the_course_may_open_it(place):
    package, _, course, item = place
    with pytest.raises(courses.NotLearning):
        Sitting(package, PersonFactory(), course, item)
    with pytest.raises(courses.UnknownItem):
        Sitting(package, place[1], course, uuid4())
    with pytest.raises(courses.UnknownItem):
        Sitting(package_of(), place[1], course, item)  # another package than the lesson holds
    assert not attempts.exists()


def test_leaving_the_course_in_the_middle_loses_nothing(place):
    _, learner, course, item = place
    sitting = Sitting(*place)
    courses.leave(person=learner, course=Course.objects.get(identity=course), now=NOW)
    assert sitting.tell({**core(lesson_status="completed"), "suspend_data": "kept"}) is True
    assert not is_done(learner, item)
    courses.enrol(person=learner, course=Course.objects.get(identity=course), now=NOW)
    Sitting(*place)  # back again: what it said meanwhile counts
    assert is_done(learner, item)


def test_going_through_the_course_again_begins_it_anew(place):
    _, learner, course, item = place
    Sitting(*place).tell({**core(lesson_status="completed"), "suspend_data": "the first time"})
    Round.objects.owned_by(learner).update(completed_at=NOW, completed_version=F("version"))
    begin_again(person=learner, course=Course.objects.get(identity=course), now=NOW + timedelta(days=700))
    later = Sitting(*place, now=NOW + timedelta(days=701))
    assert (later.opened.attempt.is_review, later.state["core"]["entry"]) == (False, "ab-initio")
    later.tell(core(lesson_status="completed"), now=NOW + timedelta(days=701))
    assert ItemState.objects.owned_by(learner).filter(item=item, done_at__isnull=False).count() == 2
    assert attempts.count() == 2
