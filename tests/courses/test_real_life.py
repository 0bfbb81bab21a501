"""Whatever editors do while people learn, and in whatever order things happen: nobody's progress falls or sticks."""

from uuid import uuid4

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.courses import operations, rules, tasks
from lms.courses.models import ItemState, Round
from tests.factories.accounts import PersonFactory
from tests.factories.courses import BEFORE, course_of, lesson_of, module_of, outline_of, question_item

EDITS = ("add", "copy", "move", "reword", "unpublish", "delete", "restore", "optional", "rule")
RULES = (("all", 0), ("any", 2), ("mark", 50), ("any", 3), ("mark", 100))
LEARNT = ("read", "answer", "leave out")


class Life:
    """A course being edited and learnt from at the same time."""

    def __init__(self):
        self.first = [lesson_of(question_item(), number=n) for n in range(1, 4)]
        self.lessons = list(self.first)
        self.gone = []
        self.rule = RULES[0]
        self.outline_id = uuid4()
        self.course = course_of(self.outline)
        self.person = PersonFactory(password="!", proven=False)
        operations.enrol(person=self.person, course=self.course, now=BEFORE)
        self.done = set()

    @property
    def outline(self):
        kind, needed = self.rule
        return outline_of(module_of(*self.lessons), id=self.outline_id, finish=kind, finish_needed=needed)

    @property
    def round(self):
        return Round.objects.owned_by(self.person).get()

    def edit(self, what, at):
        if what == "rule":
            self.rule = RULES[at % len(RULES)]
        elif self.lessons:
            self._edit(what, at % len(self.lessons))
        elif self.gone:
            self.lessons.append(self.gone.pop())
        operations.compile_outline(self.outline, now=BEFORE)
        tasks.recount_rounds(course_id=self.course.pk)

    def _edit(self, what, at):
        one = self.lessons[at]
        if what in ("add", "copy"):
            self.lessons.insert(at, lesson_of(question_item(), number=9))
        elif what == "move":
            self.lessons.append(self.lessons.pop(at))
        elif what == "reword":
            self.lessons[at] = lesson_of(*one.items, id=one.id, title=f"{one.title}, put better")
        elif what == "optional":
            self.lessons[at] = lesson_of(question_item(required=False), id=one.id)
        elif what == "restore" and self.gone:
            self.lessons.insert(at, self.gone.pop())
        elif what in ("unpublish", "delete"):
            self.gone.append(self.lessons.pop(at))

    def learn(self, what, at, chosen="option-a"):
        if not self.lessons:
            return
        one = self.lessons[at % len(self.lessons)]
        who = {"learner": self.person, "course": self.course.identity, "client_id": uuid4(), "now": BEFORE}
        if what == "read":
            operations.read_lesson(lesson=one.id, **who)
        elif what == "answer":
            operations.answer_question(item=one.items[0].id, chosen=[chosen], **who)
        else:
            operations.leave_out(items=[item.id for item in one.items], **who)

    def finish(self):
        for at in range(len(self.lessons)):
            self.learn("read", at)
            self.learn("answer", at, "option-b")

    def states(self):
        done = ItemState.objects.owned_by(self.person).filter(done_at__isnull=False)
        return set(done.values_list("item", flat=True))


deeds = st.lists(st.tuples(st.sampled_from(EDITS + LEARNT), st.integers(0, 9)), max_size=8)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(deeds=deeds)
def test_nobody_loses_anything_whatever_happens(db, deeds):
    with transaction.atomic():
        _live_through(deeds)
        transaction.set_rollback(True)


def _live_through(deeds):
    life = Life()
    known, was_complete, before = set(), False, life.round
    for what, at in deeds:
        (life.edit if what in EDITS else life.learn)(what, at)
        now, round_ = life.states(), life.round
        assert known <= now
        assert 0 <= round_.required_done <= round_.required_total
        assert not was_complete or round_.completed_at
        assert rules.kinder(before.rule, round_.rule) == round_.rule
        if round_.finish == before.finish:
            assert round_.marks_missing <= before.marks_missing
            assert round_.finish != "any" or round_.required_done >= min(before.required_done, round_.required_total)
        before = round_
        known, was_complete = now, round_.completed_at is not None
    life.finish()
    asked_of_them = {lesson.id for lesson in life.first} & {lesson.id for lesson in life.lessons}
    if asked_of_them or was_complete:
        assert life.round.completed_at, "everything is done, and it is not finished"
