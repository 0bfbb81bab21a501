"""What shows that a step is met: who may write it, who may read it, who may sign it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from lms.audit.models import Entry
from lms.certificates import progress
from lms.certificates.models import (
    Award,
    AwardKind,
    DocumentCheck,
    LogEntry,
    Observation,
    PathwayRecord,
    RecordChange,
    SignOff,
    Statement,
    Supervision,
    TieKind,
)
from lms.certificates.operations import pathways
from lms.certificates.operations.pathways import evidence, moving, signing
from lms.certificates.steps import POINTS
from lms.common.scope import Scope
from lms.outbox.models import Message
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory, StaffRoleFactory
from tests.factories.certificates import (
    GroupFactory,
    LogEntryFactory,
    PathwayFactory,
    PathwayRecordFactory,
    RequirementFactory,
)
from tests.factories.webinars import FacilitatorFactory, SessionFactory

pytestmark = pytest.mark.django_db
WELL = ["met"] * len(POINTS)
NINE_DAYS = timedelta(days=9)


class Evidence:
    """Somebody on a pathway of one step of a kind, with an assessor, a supervisor and a manager around them."""

    def __init__(self, kind, **asked):
        self.agency = AgencyFactory()
        self.assessor, self.second = (self.staff("coordinator") for _ in range(2))
        self.step = RequirementFactory(kind=kind, **asked)
        self.record = PathwayRecordFactory(
            pathway=self.step.group.pathway, agency=self.agency, assessor=self.assessor, supervisor=self.assessor
        )
        self.person = self.record.person

    def staff(self, role):
        return StaffRoleFactory(agency=self.agency, role=role).person

    def state(self, now):
        return progress.progress_of([self.record], now=now)[0].steps[0].state

    def write(self, now, **typed):
        typed = {"writer": self.person, "happened_on": now.date(), "body": "We began late.", **typed}
        return pathways.write_entry(record=self.record, requirement=self.step, now=now, **typed)

    def state_it(self, now, body="I talk when it goes quiet.", *, sends=True, writer=None):
        return pathways.save_statement(
            record=self.record, requirement=self.step, writer=writer or self.person, body=body, sends=sends, now=now
        )

    def sign(self, now, actor=None, *, is_met=True, comment="Thank you."):
        return pathways.sign_off(
            record=self.record,
            requirement=self.step,
            actor=actor or self.assessor,
            is_met=is_met,
            comment=comment,
            now=now,
        )

    def observe(self, now, actor=None, *, points=WELL, **seen):
        seen = {"observed_on": now.date(), "session": None, "comment": "", **seen}
        return pathways.observe(
            record=self.record, requirement=self.step, actor=actor or self.assessor, points=points, now=now, **seen
        )

    def check(self, now, actor=None, **seen):
        today = now.date()
        usual = {
            "level": "enhanced",
            "covers": "Group leader",
            "seen_on": today,
            "review_on": today + timedelta(days=9),
        }
        return pathways.see_document(
            record=self.record, requirement=self.step, actor=actor or self.assessor, now=now, **{**usual, **seen}
        )

    @property
    def has_award(self):
        return Award.objects.owned_by(self.person).filter(kind=AwardKind.LEADER).exists()


# --- Practice ------------------------------------------------------------------------------------------------------


def test_enough_notes_are_a_step_whatever_they_say(now):
    way = Evidence("log", needed=2)
    way.write(now)
    assert way.state(now) == "open"
    way.write(now)
    assert way.has_award


def test_a_note_is_its_writers_alone_until_they_give_it_to_their_assessor(now):
    way = Evidence("log", needed=3)
    entry = way.write(now)
    assert not LogEntry.objects.shared_with(way.assessor).exists()
    with pytest.raises(TypeError):
        LogEntry.objects.within(Scope(frozenset({way.agency.pk})))
    pathways.share_entry(writer=way.person, entry=entry.uuid, shares=True)
    assert LogEntry.objects.shared_with(way.assessor).get() == entry
    assert not LogEntry.objects.shared_with(way.second).exists()
    pathways.share_entry(writer=way.person, entry=entry.uuid, shares=False)
    assert not LogEntry.objects.shared_with(way.assessor).exists()


def test_nobody_writes_changes_shares_or_deletes_anothers_note(now):
    way = Evidence("log")
    with pytest.raises(evidence.NotYoursToWrite):
        way.write(now, writer=way.assessor)
    entry = LogEntryFactory(record=way.record, requirement=way.step)
    for deed in (
        lambda: pathways.change_entry(writer=way.assessor, entry=entry.uuid, happened_on=now.date(), body="x", now=now),
        lambda: pathways.share_entry(writer=way.assessor, entry=entry.uuid, shares=True),
        lambda: pathways.delete_entry(writer=way.assessor, entry=entry.uuid),
    ):
        with pytest.raises(LogEntry.DoesNotExist):
            deed()


@pytest.mark.parametrize(
    ("body", "refusal"),
    [("  \n ", evidence.NothingWritten), ("\u200b", evidence.NothingWritten), ("x" * 10_001, evidence.TooLong)],
)
def test_a_note_says_something_and_not_too_much(now, body, refusal):
    way = Evidence("log")
    with pytest.raises(refusal):
        way.write(now, body=body)
    with pytest.raises(evidence.DayToCome):
        way.write(now, happened_on=now.date() + timedelta(days=1))
    assert not LogEntry.objects.owned_by(way.person).exists()


def test_today_is_the_day_on_the_clock_of_the_house():
    midnight = datetime(2027, 7, 2, 23, 30, tzinfo=UTC)  # half past twelve at night in London
    assert Evidence("log").write(midnight, happened_on=date(2027, 7, 3)).happened_on == date(2027, 7, 3)
    with pytest.raises(evidence.ReviewTooEarly):
        Evidence("document").check(midnight, seen_on=date(2027, 7, 2), review_on=date(2027, 7, 3))


def test_what_is_written_is_sealed_in_the_database_and_in_no_record_of_deeds(now):
    log, statement = Evidence("log", needed=2), Evidence("statement")
    log.write(now, body="canary of practice 😀 مرحبا")
    statement.state_it(now, "canary of a statement")
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM certificates_logentry UNION ALL SELECT body FROM certificates_statement")
        assert not any("canary" in row[0] for row in cursor.fetchall())
    assert not any("canary" in str(entry.ids) for entry in Entry.objects.all())
    assert not any("canary" in f"{mail.subject}{mail.text}{mail.html}" for mail in Message.objects.all())


# --- The statement -------------------------------------------------------------------------------------------------


def test_a_draft_is_its_writers_alone_and_a_sent_one_its_assessors_too(now):
    way = Evidence("statement")
    way.state_it(now, sends=False)
    assert way.state(now) == "open"
    assert not Statement.objects.sent_to(way.assessor).exists()
    way.state_it(now)
    assert way.state(now) == "waiting"
    assert Statement.objects.sent_to(way.assessor).get().body == "I talk when it goes quiet."
    assert not Statement.objects.sent_to(way.second).exists()
    with pytest.raises(TypeError):
        Statement.objects.within(Scope(frozenset({way.agency.pk})))
    assert Message.objects.get().address == way.assessor.email


def test_not_yet_gives_it_back_and_another_try_meets_it(now):
    way = Evidence("statement")
    way.state_it(now)
    with pytest.raises(evidence.WithAssessor):
        way.state_it(now, "something else")
    way.sign(now + timedelta(hours=1), is_met=False, comment="What would you do again?")
    assert way.state(now) == "more"
    way.state_it(now + timedelta(hours=2), "half a thought", sends=False)
    assert way.state(now) == "more"
    assert not Statement.objects.sent_to(way.assessor).exists()
    way.state_it(now + timedelta(hours=2), "I'd breathe first.")
    way.sign(now + timedelta(hours=3))
    assert way.has_award
    assert Message.objects.filter(address=way.person.email).count() == 3  # twice an answer, and the certificate


def test_only_the_assessor_named_answers_a_statement_and_only_once_it_is_sent(now):
    way = Evidence("statement")
    with pytest.raises(pathways.NotYoursToSign):
        way.sign(now, way.second)
    with pytest.raises(signing.NotSentToYou):
        way.sign(now)
    way.state_it(now)
    PathwayRecord.objects.owned_by(way.person).update(assessor=way.second)
    way.record.refresh_from_db()
    with pytest.raises(signing.NotSentToYou):  # it was sent to somebody else
        way.sign(now, way.second)


def test_without_an_assessor_a_statement_is_kept_and_not_sent(now):
    way = Evidence("statement")
    PathwayRecord.objects.owned_by(way.person).update(assessor=None)
    with pytest.raises(evidence.NobodyToSendTo):
        way.state_it(now)
    way.state_it(now, sends=False)
    with pytest.raises(evidence.NotYoursToWrite):
        way.state_it(now, writer=way.assessor)


# --- What staff have seen ------------------------------------------------------------------------------------------


def test_a_check_counts_until_its_review(now):
    way = Evidence("document")
    RequirementFactory(group=way.step.group)  # so that the pathway goes on
    way.check(now)
    assert way.state(now) == "done"
    assert way.state(now + timedelta(days=9)) == "done"
    assert way.state(now + timedelta(days=11)) == "waiting"


@pytest.mark.parametrize("covers", ["001234567890", "leader 0012 3456 7890", "DBS 0012-34567890", "٠٠١٢٣٤٥٦٧٨٩٠"])
def test_the_number_of_a_certificate_is_refused(now, covers):
    way = Evidence("document")
    with pytest.raises(evidence.NumberWrittenDown):
        way.check(now, covers=covers)
    assert not DocumentCheck.objects.owned_by(way.person).exists()


@pytest.mark.parametrize("role", ["trainer", "elsewhere", "candidate"])
def test_who_may_not_see_a_check_notes_none(now, role):
    way = Evidence("document")
    actor = {
        "trainer": lambda: way.staff("trainer"),
        "elsewhere": lambda: StaffRoleFactory(role="coordinator").person,
        "candidate": lambda: StaffRoleFactory(role="coordinator", agency=way.agency, person=way.person).person,
    }[role]()
    with pytest.raises(pathways.NotYoursToSign):
        way.check(now, actor)


def test_a_review_lies_ahead_and_a_check_does_not(now):
    way = Evidence("document")
    with pytest.raises(evidence.ReviewTooEarly):
        way.check(now, review_on=now.date())
    with pytest.raises(evidence.DayToCome):
        way.check(now, seen_on=now.date() + timedelta(days=1))


def test_observations_count_when_no_point_is_to_come(now):
    way = Evidence("observed", needed=2)
    way.observe(now)
    way.observe(now, points=[*WELL[1:], "not_yet"])
    assert way.state(now) == "open"
    way.observe(now, points=[*WELL[1:], "nearly"])
    assert way.has_award
    assert [seen.counts for seen in Observation.objects.owned_by(way.person).order_by("pk")] == [True, False, True]


@pytest.mark.parametrize("points", [[], WELL[1:], [*WELL, "met"], ["splendid", *WELL[1:]]])
def test_an_observer_says_something_of_each_of_the_ten(now, points):
    with pytest.raises(evidence.PointsMissing):
        Evidence("observed").observe(now, points=points)


def test_an_observation_is_of_a_session_that_they_led(now):
    way, session = Evidence("observed"), SessionFactory()
    with pytest.raises(evidence.NotLedThere):
        way.observe(now, session=session)
    FacilitatorFactory(session=session, person=way.person)
    assert way.observe(now, session=session).session == session


def test_a_supervisor_alone_puts_a_date_down_and_once_a_day(now):
    way = Evidence("supervised", needed=2)
    for _ in range(2):
        pathways.note_supervision(record=way.record, actor=way.assessor, held_on=now.date(), now=now)
    assert Supervision.objects.owned_by(way.person).count() == 1
    with pytest.raises(pathways.NotYoursToSign):
        pathways.note_supervision(record=way.record, actor=way.second, held_on=now.date(), now=now)


# --- Two different people ------------------------------------------------------------------------------------------


def test_two_different_people_sign_and_the_award_comes_with_the_second(now):
    way = Evidence("sign_off", needed=2)
    way.sign(now)
    assert not way.has_award
    with pytest.raises(pathways.SignedAlready):
        way.sign(now)
    way.sign(now, way.second)
    assert way.has_award
    award = Award.objects.owned_by(way.person).get()
    assert {one["role"] for one in award.says["signatories"]} == {"Coordinator"}


def test_the_database_itself_refuses_one_person_twice(now):
    way = Evidence("sign_off", needed=2)
    way.sign(now)
    again = {"record": way.record, "requirement": way.step, "candidate": way.person, "is_met": True, "signed_at": now}
    with pytest.raises(IntegrityError), transaction.atomic():
        SignOff.objects.create(**again, signed_by=way.assessor, place=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignOff.objects.create(**again, signed_by=way.second, place=1)


@pytest.mark.parametrize("kind", [TieKind.PARTNER, TieKind.HOUSEHOLD])
@pytest.mark.parametrize("who_says_it", ["candidate", "signer"])
def test_who_lives_with_somebody_never_signs_for_them(now, kind, who_says_it):
    way = Evidence("sign_off")
    pair = (way.person, way.assessor) if who_says_it == "candidate" else (way.assessor, way.person)
    pathways.declare_tie(person=pair[0], other=pair[1], kind=kind, now=now)
    with pytest.raises(pathways.PartnerSigns):
        way.sign(now)
    assert not SignOff.objects.exists()


@pytest.mark.parametrize("role", ["lead", "co"])
def test_who_leads_with_somebody_never_signs_for_them_nor_observes_them(now, role):
    way, watched = Evidence("sign_off"), Evidence("observed")
    for one in (way, watched):
        session = SessionFactory()
        FacilitatorFactory(session=session, person=one.person)
        FacilitatorFactory(session=session, person=one.assessor, role=role)
    with pytest.raises(pathways.CoLeaderSigns):
        way.sign(now)
    with pytest.raises(pathways.CoLeaderSigns):
        watched.observe(now)


def test_who_only_hosted_or_observed_may_sign(now):
    way, session = Evidence("sign_off"), SessionFactory()
    FacilitatorFactory(session=session, person=way.person)
    FacilitatorFactory(session=session, person=way.assessor, role="observer")
    way.sign(now)
    assert way.has_award


# --- Order, choice and time ----------------------------------------------------------------------------------------


def test_what_follows_opens_when_what_comes_before_is_done(now):
    way = Evidence("endorse")
    last = GroupFactory(pathway=way.record.pathway, key="last", order=2, follows=True)
    final = RequirementFactory(group=last)
    with pytest.raises(pathways.StepNotOpen):
        pathways.sign_off(record=way.record, requirement=final, actor=way.assessor, is_met=True, comment="", now=now)
    way.sign(now)
    pathways.sign_off(record=way.record, requirement=final, actor=way.assessor, is_met=True, comment="", now=now)
    assert way.has_award


def test_any_one_of_a_group_is_enough(now):
    way = Evidence("endorse")
    way.step.group.how = "any"
    way.step.group.save()
    RequirementFactory(group=way.step.group, kind="statement")
    way.sign(now)
    assert way.has_award


def test_ready_for_another_look_gives_a_step_back_to_staff_once(now):
    way = Evidence("endorse")
    way.sign(now, is_met=False, comment="Not this year.")
    for hour in (1, 2):
        later = now + timedelta(hours=hour)
        pathways.hand_in(record=way.record, requirement=way.step, actor=way.person, now=later)
    assert way.state(now) == "waiting"
    assert way.record.hand_ins.owned_by(way.person).count() == 1
    with pytest.raises(pathways.NotYoursToSign):
        pathways.hand_in(record=way.record, requirement=way.step, actor=way.second, now=now)


# --- Beginning, resting, leaving, moving ---------------------------------------------------------------------------


def test_interest_is_expressed_to_an_agency_that_knows_one(now):
    person, agency = PersonFactory(), AgencyFactory()
    keeper = StaffRoleFactory(agency=agency, role="coordinator").person
    asked = {"pathway": PathwayFactory(), "person": person, "agency": agency, "now": now}
    with pytest.raises(pathways.NotVerifiedThere):
        pathways.express_interest(**asked)
    MembershipFactory(person=person, agency=agency)
    record = pathways.express_interest(**asked)
    assert pathways.express_interest(**asked) == record
    assert Message.objects.get().address == keeper.email


@pytest.mark.parametrize("who", ["candidate", "coordinator"])
def test_a_rest_keeps_everything_and_is_written_down(now, who):
    way = Evidence("endorse", needed=2)
    way.sign(now)
    actor = way.person if who == "candidate" else way.assessor
    pathways.pause(record=way.record, actor=actor, now=now)
    with pytest.raises(pathways.NotOnPathway):
        way.sign(now, way.second)
    with pytest.raises(pathways.NotOnPathway):
        pathways.pause(record=way.record, actor=actor, now=now)
    pathways.resume(record=way.record, actor=actor, now=now)
    way.sign(now, way.second)
    assert way.has_award
    states = RecordChange.objects.owned_by(way.person).order_by("pk").values_list("after", flat=True)
    assert list(states) == ["paused", "active", "fulfilled"]
    assert Entry.objects.filter(action="pathway.paused", actor_id=actor.pk).count() == 1


@pytest.mark.parametrize("deed", [pathways.pause, pathways.withdraw])
def test_nobody_else_stops_somebody(now, deed):
    way = Evidence("endorse")
    for stranger in (PersonFactory(), way.staff("trainer"), StaffRoleFactory(role="manager").person):
        with pytest.raises(pathways.NotYoursToKeep):
            deed(record=way.record, actor=stranger, now=now)


def test_nobody_is_moved_to_another_agency_unasked(now):
    way, other = Evidence("endorse", needed=2), AgencyFactory()
    way.sign(now)
    pathways.ask_transfer(record=way.record, to_agency=other, actor=way.assessor, now=now)
    way.record.refresh_from_db()
    assert way.record.agency == way.agency
    with pytest.raises(moving.AskedAlready):
        pathways.ask_transfer(record=way.record, to_agency=other, actor=way.assessor, now=now)
    with pytest.raises(pathways.NotYoursToKeep):
        pathways.answer_transfer(record=way.record, person=way.assessor, agrees=True, now=now)
    pathways.answer_transfer(record=way.record, person=way.person, agrees=True, now=now)
    way.record.refresh_from_db()
    assert (way.record.agency, way.record.assessor, way.record.supervisor) == (other, None, None)
    assert progress.progress_of([way.record], now=now)[0].steps[0].outcome.counted == 1
    with pytest.raises(moving.AnsweredAlready):
        pathways.answer_transfer(record=way.record, person=way.person, agrees=True, now=now)


def test_a_no_keeps_somebody_where_they_are(now):
    way, other = Evidence("endorse"), AgencyFactory()
    pathways.ask_transfer(record=way.record, to_agency=other, actor=way.assessor, now=now)
    pathways.answer_transfer(record=way.record, person=way.person, agrees=False, now=now)
    way.record.refresh_from_db()
    assert way.record.agency == way.agency


def test_who_stands_beside_somebody_works_there_and_is_not_close_to_them(now):
    way = Evidence("endorse")
    named = {"link_worker": None, "supervisor": None, "actor": way.second, "now": now, "record": way.record}
    pathways.declare_tie(person=way.person, other=way.assessor, kind=TieKind.PARTNER, now=now)
    for wrong in (way.assessor, PersonFactory(), way.person):
        with pytest.raises(pathways.TooClose):
            pathways.appoint(assessor=wrong, **named)
    pathways.appoint(assessor=way.second, **named)
    way.record.refresh_from_db()
    assert way.record.assessor == way.second


@pytest.mark.parametrize(("signed_in", "wrote", "kept"), [(731, 731, 0), (729, 731, 2), (731, 729, 2), (None, 731, 0)])
def test_notes_of_somebody_who_was_away_for_two_years_are_deleted(now, signed_in, wrote, kept):
    way = Evidence("log", needed=9)
    way.person.date_joined = now - timedelta(days=800)
    way.person.last_login = now - timedelta(days=signed_in) if signed_in else None
    way.person.save()
    for days in (731, wrote):
        way.write(now - timedelta(days=days))
    other = Evidence("log").write(now)
    assert pathways.forget_entries(now=now) == 2 - kept
    assert LogEntry.objects.owned_by(way.person).count() == kept
    assert LogEntry.objects.owned_by(other.record.person).exists()
