"""The group leaders' pathway in the demo: one who leads, one whose award has run out, one who is nearly there."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from wagtail.rich_text import RichText

from cms.models import HomePage, LeadersPage
from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.certificates import definitions, progress
from lms.certificates.models import CheckLevel, PathwayRecord, Requirement
from lms.certificates.operations import pathways
from lms.certificates.operations.pathways.planning import fit
from lms.certificates.steps import POINTS, Seen
from lms.courses.models import Course
from lms.demo import learning

FILE = Path(__file__).resolve().parents[2] / "fixtures" / "pathways" / "group-leader.toml"
WELL = [Seen.MET.value] * (len(POINTS) - 1) + [Seen.NEARLY.value]
STATEMENT = """I talk when it goes quiet. In the second group I counted to ten instead, and somebody who hadn't spoken
all evening began to.

I'm still learning to end on time when someone is upset."""
FIRST_NOTE = "We read the agreement aloud. A. asked what happens to what she says, and I was glad we had an answer."
SECOND_NOTE = "Two people wanted to give advice at once. I said: that helped you, what has helped others?"

Who = Callable[[str], User]
Attend = Callable[[str, datetime], None]


def make(*, person: Who, attend: Attend, now: datetime) -> None:
    """Put three people on the way: Gwen came to its end long ago, Nia leads, Carys waits for her assessor."""
    fit(plan=definitions.read(FILE), actor_id=None, now=now - timedelta(days=900))
    for address, days in (("leader.past", 800), ("leader.ready", 140)):
        ended = now - timedelta(days=days - 20)
        record = _begin(person(address), person, now - timedelta(days=days))
        attend(address, ended)
        _practise(record, person, now=ended)
        _finish(record, person, now=ended)
    _pages()
    carys = _begin(person("leader"), person, now - timedelta(days=30))
    attend("leader", now - timedelta(days=9))
    _practise(carys, person, now=now - timedelta(days=9))


def _pages() -> None:
    """What only leaders see."""
    home = HomePage.objects.get()
    words = "<p>Open the room ten minutes early. Read the agreement. End on time, with something steadying.</p>"
    page = LeadersPage(title="An evening, from start to finish", summary="The order that works for most groups.")
    page.body = [("text", RichText(words))]
    home.add_child(instance=page)


def _begin(who: User, person: Who, now: datetime) -> PathwayRecord:
    """Interested, supported by the agency, with people beside them, and through the course."""
    grace, pathway = person("coordinator"), fit(plan=definitions.read(FILE), actor_id=None, now=now).pathway
    agency = Agency.objects.get(slug="fellside")
    record = pathways.start(pathway=pathway, person=who, agency=agency, link_worker=grace, actor=grace, now=now)
    pathways.appoint(record=record, link_worker=grace, assessor=grace, supervisor=person("amina"), actor=grace, now=now)
    record = PathwayRecord.objects.owned_by(who).get(pk=record.pk)
    _sign(record, "endorsement", grace, "We're glad you asked.", now)
    course = Course.objects.get(slug="group-leader-pathway")
    learning.invite(who, course, now=now)
    learning.walk(who, course, lessons=None, now=now)
    return record


def _step(record: PathwayRecord, key: str) -> Requirement:
    found = progress.progress_of([record], now=record.started_at)[0].steps
    return next(step.requirement for step in found if step.requirement.key == key)


def _sign(record: PathwayRecord, key: str, by: User, words: str, now: datetime) -> None:
    pathways.sign_off(record=record, requirement=_step(record, key), actor=by, is_met=True, comment=words, now=now)


def _practise(record: PathwayRecord, person: Who, *, now: datetime) -> None:
    """All but the second note; the statement is with the assessor."""
    who, grace, day = record.person, person("coordinator"), now.date()
    pathways.see_document(
        record=record,
        requirement=_step(record, "check"),
        actor=grace,
        level=CheckLevel.ENHANCED,
        covers="Group leader, adults only",
        seen_on=day,
        review_on=day + timedelta(days=1095),
        now=now,
    )
    pathways.write_entry(
        record=record, requirement=_step(record, "log"), writer=who, happened_on=day, body=FIRST_NOTE, now=now
    )
    for days, words in ((14, "You listened more than you talked."), (7, "A calm ending, on time.")):
        pathways.observe(
            record=record,
            requirement=_step(record, "observed"),
            actor=person("jo"),
            observed_on=day - timedelta(days=days),
            session=None,
            points=WELL,
            comment=words,
            now=now - timedelta(days=days),
        )
    pathways.note_supervision(record=record, actor=person("amina"), held_on=day, now=now)
    pathways.save_statement(
        record=record, requirement=_step(record, "statement"), writer=who, body=STATEMENT, sends=True, now=now
    )


def _finish(record: PathwayRecord, person: Who, *, now: datetime) -> None:
    """The second note, the assessor's word, and two signatures: the award comes with the last."""
    grace, later = person("coordinator"), now + timedelta(hours=1)
    pathways.write_entry(
        record=record,
        requirement=_step(record, "log"),
        writer=record.person,
        happened_on=now.date(),
        body=SECOND_NOTE,
        now=now,
    )
    _sign(record, "statement", grace, "Honest, and kind to yourself.", later)
    _sign(record, "two-people", grace, "A pleasure.", later)
    _sign(record, "two-people", person("manager"), "Thank you for giving something back.", later)
