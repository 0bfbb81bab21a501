"""Giving an award for what was done: a course, a session, a pathway. Once for each, whoever asks how often."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.context import current as current_brand
from cms.models import CoursePage
from lms.accounts.models import User
from lms.agencies.models import Agency, Membership, MembershipState
from lms.audit.operations import record as audit
from lms.certificates import rules
from lms.certificates.models import (
    Award,
    AwardChange,
    AwardKind,
    AwardState,
    IssuingTerms,
    PathwayRecord,
    SignOff,
)
from lms.certificates.operations.awards import arrive
from lms.courses.models import CourseVersion, Round
from lms.webinars.models import LEADING_ROLES, Booking, BookingState, Facilitator, Session
from lms.webinars.rules import minutes_there

LONG = ("outline", "items", "keys")  # of a course version, and of no use here
RENEWABLE = (AwardState.ACTIVE, AwardState.EXPIRED)
PLAIN_APPOINTMENT = Session._meta.get_field("neutral_title").default


@dataclass(frozen=True)
class Earned:
    """What somebody has earned: everything an award says but the name."""

    earned_by: str
    kind: AwardKind
    person: User
    agency: Agency | None
    title: str
    neutral_title: str
    earned_on: date
    says: dict[str, Any] = field(default_factory=dict)
    valid_until: date | None = None
    renews: Award | None = None
    actor_id: int | None = None  # who gave it by hand, and why
    reason: str = ""

    @property
    def issuer(self) -> str:
        """Who gives it: the agency, or this installation where there is none."""
        return self.agency.name if self.agency else current_brand.get().name


def issue(*, earned: Earned, now: datetime) -> Award:
    """Give the award for ``earned``; asked again, return the one already given.

    Where its agency looks at each one first, it is staged for that. Else it is made at once if its holder has had one
    before, or waits until they say how the name is written. Until it is made out nobody can check it.
    """
    with transaction.atomic():
        everybody = Award.objects.unscoped(because="one award for one thing earned, whoever asks")
        award, is_new = everybody.get_or_create(earned_by=earned.earned_by, defaults=_as_row(earned, now))
        if is_new:
            _begin(award, earned, now=now)
    return award


def _as_row(earned: Earned, now: datetime) -> dict[str, Any]:
    return {
        "code": rules.new_code(),
        "kind": earned.kind,
        "person": earned.person,
        "agency": earned.agency,
        "issuer": earned.issuer[:100],
        "title": earned.title,
        "neutral_title": earned.neutral_title,
        "earned_on": earned.earned_on,
        "valid_until": earned.valid_until,
        "renews": earned.renews,
        "state": _first_state(earned),
        "issued_at": now,
        "says": earned.says,
    }


def _first_state(earned: Earned) -> AwardState:
    """A group leader award was seen by two people already."""
    looks_first = earned.kind != AwardKind.LEADER and terms_of(earned.agency).approves
    return AwardState.STAGED if looks_first else AwardState.WAITING


def _begin(award: Award, earned: Earned, *, now: datetime) -> None:
    given = {"at": now, "actor_id": earned.actor_id, "reason": earned.reason}
    AwardChange.objects.create(award=award, after=award.state, **given)
    audit(
        action="award.issued",
        target=f"award:{award.pk}",
        actor_id=earned.actor_id,
        agency_id=award.agency_id,
        now=now,
        kind=award.kind,
    )
    if award.state == AwardState.WAITING:  # who finishes a course is here, and is told on the page
        tells = award.kind != AwardKind.COMPLETION or earned.actor_id is not None
        arrive(award=award, holder=earned.person, tells=tells, now=now)


def terms_of(agency: Agency | None) -> IssuingTerms:
    """What an agency has settled about certificates; the usual where it has settled nothing."""
    found = IssuingTerms.objects.filter(agency=agency).first() if agency else None
    return found or IssuingTerms(agency=agency)


def _to_renew(keys: Iterable[str]) -> Award | None:
    """The last award that was given for one of ``keys`` and can be renewed; with another name on it, if corrected."""
    rows = Award.objects.unscoped(because="looks for the same person's award before this one")
    last = rows.filter(earned_by__in=list(keys)).order_by("-issued_at", "-pk").first()
    while last and last.state == AwardState.REPLACED:
        last = rows.filter(replaces=last).first()
    if last is None or last.state not in RENEWABLE or rows.filter(renews=last).exists():
        return None
    return last


def _term(earned_on: date, months: int | None, agency: Agency | None, old: Award | None) -> date | None:
    before = old.valid_until if old else None
    return rules.valid_until(earned_on, months, before=before, grace_days=terms_of(agency).grace_days)


def agency_of(person: User, enrolled_through: Agency | None) -> Agency | None:
    """Return the agency they came through, else one that vouches for them."""
    if enrolled_through:
        return enrolled_through
    verified = Membership.objects.owned_by(person).filter(state=MembershipState.VERIFIED)
    membership = verified.select_related("agency").order_by("pk").first()
    return membership.agency if membership else None


# --- A course ------------------------------------------------------------------------------------------------------


def issue_for_round(*, round_id: int, now: datetime) -> Award | None:
    """Give the award for a completed round of a course; None if it is not completed."""
    rows = Round.objects.unscoped(because="news of a completion, acted on by the system")
    done = rows.filter(pk=round_id, completed_at__isnull=False).select_related(
        "enrolment__person", "enrolment__agency", "enrolment__course__page__author", "completed_version"
    )
    found = done.defer("enrolment__course__page__body", *(f"completed_version__{name}" for name in LONG)).first()
    if found is None or found.completed_version is None:
        return None
    return issue(earned=_from_round(found, found.completed_version), now=now)


def _from_round(done: Round, version: CourseVersion) -> Earned:
    enrolment = done.enrolment
    course, page = enrolment.course, enrolment.course.page
    agency, earned_on = agency_of(enrolment.person, enrolment.agency), timezone.localdate(done.completed_at)
    old = _to_renew(_earlier_rounds(done))
    return Earned(
        earned_by=f"round:{done.pk}",
        kind=AwardKind.COMPLETION,
        person=enrolment.person,
        agency=agency,
        title=course.title,
        neutral_title=course.neutral_title,
        earned_on=earned_on,
        valid_until=_term(earned_on, page.certificate_months if page else None, agency, old),
        renews=old,
        says=course_says(version, page),
    )


def course_says(version: CourseVersion, page: CoursePage | None) -> dict[str, Any]:
    """What the certificate of a course says of it."""
    return {
        "minutes": version.minutes,
        "lessons": version.lessons_total,
        "version": version.number,
        "learned": _lines(page.outcomes) if page else [],
        "signatories": [{"name": page.author.name, "role": page.author.role}] if page and page.author else [],
        "statement": rules.STATEMENTS[AwardKind.COMPLETION].format(hours=rules.hours(version.minutes)),
    }


def _earlier_rounds(done: Round) -> list[str]:
    rows = Round.objects.unscoped(because="earlier times of the same person through the same course")
    earlier = rows.filter(enrolment=done.enrolment_id, number__lt=done.number)
    return [f"round:{pk}" for pk in earlier.values_list("pk", flat=True)]


def _lines(text: str) -> list[str]:
    return rules.fitting(text.splitlines(), most=rules.MOST_LEARNED, longest=rules.LONGEST_LEARNED)


# --- A session -----------------------------------------------------------------------------------------------------


def issue_for_booking(*, booking_id: int, now: datetime) -> Award | None:
    """Give the award for a session that somebody attended; None if the register does not say so."""
    rows = Booking.objects.unscoped(because="news of a register, acted on by the system")
    there = rows.filter(pk=booking_id, state=BookingState.ATTENDED).select_related(
        "person", "session__agency", "session__workshop"
    )
    found = there.defer("session__workshop__body", "session__venue", "session__room_address", "access_needs").first()
    return issue(earned=from_booking(found, minutes=_minutes_there(found)), now=now) if found else None


def from_booking(booking: Booking, *, minutes: int, actor_id: int | None = None, reason: str = "") -> Earned:
    """What a place in a session earns. actor_id and reason: of who gives it by hand."""
    session = booking.session
    neutral = session.neutral_title if session.neutral_title != PLAIN_APPOINTMENT else "Live learning session"
    says = {
        "minutes": minutes,
        "learned": _lines(session.workshop.leave_with) if session.workshop else [],
        "signatories": _facilitators(session.pk),
        "statement": rules.STATEMENTS[AwardKind.ATTENDANCE].format(hours=rules.hours(minutes)),
    }
    return Earned(
        earned_by=f"booking:{booking.pk}",
        kind=AwardKind.ATTENDANCE,
        person=booking.person,
        agency=session.agency,
        title=session.title,
        neutral_title=neutral,
        earned_on=timezone.localdate(session.ends_at),
        says=says,
        actor_id=actor_id,
        reason=reason,
    )


def _minutes_there(booking: Booking) -> int:
    return minutes_there(
        booking.attendance.unscoped(because="their own booking").values_list("part__minutes", "verdict")
    )


def _facilitators(session_id: int) -> list[dict[str, str]]:
    leading = Facilitator.objects.filter(session_id=session_id, role__in=LEADING_ROLES)
    rows = leading.select_related("person").leads_first()
    return [{"name": row.person.display_name, "role": "Ran the session"} for row in rows[: rules.MOST_SIGNATORIES]]


# --- A pathway -----------------------------------------------------------------------------------------------------


def issue_for_record(*, record: PathwayRecord, now: datetime) -> Award:
    """Give the award at the end of a pathway. The caller has seen that every step is met."""
    today = timezone.localdate(now)
    old = _to_renew(_earlier_records(record))
    says = {
        "minutes": 0,
        "learned": [],
        "signatories": _signatories(record),
        "statement": rules.STATEMENTS[AwardKind.LEADER].format(issuer=record.agency.name),
    }
    earned = Earned(
        earned_by=f"pathway:{record.pk}",
        kind=AwardKind.LEADER,
        person=record.person,
        agency=record.agency,
        title=record.pathway.title,
        neutral_title=record.pathway.neutral_title,
        earned_on=today,
        valid_until=_term(today, record.pathway.valid_months, record.agency, old),
        renews=old,
        says=says,
    )
    return issue(earned=earned, now=now)


def _earlier_records(record: PathwayRecord) -> list[str]:
    rows = PathwayRecord.objects.owned_by(record.person).filter(pathway=record.pathway_id, pk__lt=record.pk)
    return [f"pathway:{pk}" for pk in rows.values_list("pk", flat=True)]


def _signatories(record: PathwayRecord) -> list[dict[str, str]]:
    rows = SignOff.objects.filter(record=record, is_met=True, signed_by__isnull=False)
    signed = rows.select_related("signed_by", "requirement").order_by("-signed_at")
    people = {row.signed_by: row.signed_as or row.requirement.role_label for row in signed if row.signed_by}
    return [{"name": person.display_name, "role": role} for person, role in people.items()][: rules.MOST_SIGNATORIES]
