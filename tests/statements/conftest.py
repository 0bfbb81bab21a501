"""A learner of an agency who has done a little of everything, and a record store on this machine."""

import base64
import json
import uuid
from datetime import UTC, datetime

import pytest

from lms.courses import operations as courses
from lms.courses.models import Enrolment
from lms.statements import operations, tasks
from lms.statements.models import Batch
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, StaffRoleFactory
from tests.factories.courses import course_of, lesson_of, module_of, outline_of, question_item, reflection_item
from tests.servers import Server, running

NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
batches = Batch.objects.unscoped(because="a test")


class RecordStore(Server):
    """Strict about its key and the version; knows a statement again by its id, and refuses ``spoilt`` ones."""

    def __init__(self):
        super().__init__()
        self.kept, self.spoilt = {}, set()

    def well(self, method, path, headers, body):
        right = "Basic " + base64.b64encode(b"the-key:the-secret").decode()
        if headers.get("Authorization") != right:
            return 401, b"", {}
        if (method, path, headers.get("X-Experience-API-Version")) != ("POST", "/xapi/statements", "1.0.3"):
            return 404, b"", {}
        said = json.loads(body)
        if self.spoilt & {one["id"] for one in said}:
            return 400, b"", {}
        if any(self.kept.get(one["id"], one) != one for one in said):
            return 409, b"", {}
        self.kept |= {one["id"]: one for one in said}
        return 200, json.dumps([one["id"] for one in said]).encode(), {}


@pytest.fixture
def record_store():
    with running(RecordStore) as server:
        yield server


class Learner:
    """Somebody on a course through an agency; ``goes_on`` answers its question once more."""

    def __init__(self, agency):
        self.person, self.agency = PersonFactory(display_name="canary name"), agency
        self.question, self.reflection = question_item(), reflection_item()
        self.lesson = lesson_of(self.question, self.reflection)
        self.course = course_of(outline_of(module_of(self.lesson), slug=f"of-{self.question.id}"))
        courses.enrol(person=self.person, course=self.course, now=NOW)
        self.enrolment = Enrolment.objects.owned_by(self.person).get()
        Enrolment.objects.owned_by(self.person).update(agency=agency)
        self.who = {"learner": self.person, "course": self.course.identity, "now": NOW}

    def goes_on(self, times=1):
        for _ in range(times):
            said = {"item": self.question.id, "chosen": ["option-a"], "client_id": uuid.uuid4()}
            courses.answer_question(**said, **self.who)

    def finishes(self):
        courses.save_reflection(item=self.reflection.id, body="canary words", **self.who)
        said = {"item": self.question.id, "chosen": ["option-b"], "client_id": uuid.uuid4()}
        courses.answer_question(**said, **self.who)
        courses.read_lesson(lesson=self.lesson.id, client_id=uuid.uuid4(), **self.who)


@pytest.fixture
def learner(db):
    return Learner(AgencyFactory())


@pytest.fixture
def store(learner, record_store):
    return operations.save_store(
        agency=learner.agency,
        endpoint=f"{record_store.url}/xapi",
        key="the-key",
        secret="the-secret",
        is_on=True,
        actor=StaffRoleFactory(role="manager", agency=learner.agency).person,
        now=NOW,
    )


@pytest.fixture
def gathered(store):
    """Look twice, as the clock does: the second look tells what the first saw. Return the batches that wait."""

    def look():
        tasks.gather(store_id=store.pk)
        tasks.gather(store_id=store.pk)
        return list(batches.filter(state="waiting").order_by("pk"))

    return look
