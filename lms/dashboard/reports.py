"""Everything that the two dashboards show, gathered from all rooms; a fixed number of queries, whatever there is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.db.models import Min
from django.utils import timezone

from cms import shelf
from lms.accounts.models import User
from lms.agencies.access import DESK_ROLES, Rights, rights_of
from lms.agencies.models import Membership, MembershipState, Role
from lms.certificates import progress as pathways
from lms.certificates import reports as certificates
from lms.certificates.access import APPROVING_ROLES, GIVING_ROLES
from lms.certificates.giving import staged_within
from lms.certificates.models import Award, AwardState, RecordState
from lms.common.jobs import WORKER
from lms.common.models import Heartbeat
from lms.consultations import reports as consultations
from lms.consultations.models import Slot
from lms.courses.models import Enrolment, EnrolmentState, Reflection
from lms.courses.operations import WHO_INVITES
from lms.courses.outlines import Line
from lms.courses.progress import Progress, on_courses
from lms.courses.recap import Recap, recap
from lms.dashboard import rules
from lms.outbox import bounces
from lms.outbox.models import Message
from lms.packages.access import PACKAGE_ROLES
from lms.portfolio.access import READING_ROLES, entries_for
from lms.sharing.access import SHARING_ROLES
from lms.together import reports as together
from lms.webinars import reports as webinars
from lms.webinars.access import DECIDING_ROLES, SESSION_ROLES, sessions_at_desk
from lms.webinars.after import questions_at_desk
from lms.webinars.models import Session, SessionState
from lms.webinars.rooms import Trouble, in_trouble

MOST_CERTIFICATES = 4
MOST_SESSIONS = 6
MOST_RECORDS = 100


# --- A learner's ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CourseRow:
    """A course under way, with the patch of its topic and what to say of it."""

    progress: Progress
    patch: shelf.Patch | None
    away: str
    recap: Recap | None


@dataclass(frozen=True)
class Mine:
    """What one person finds when they come in."""

    courses: list[CourseRow]
    coming: list[webinars.Row]
    talks: list[Slot]
    pathway: pathways.Progress | None
    awards: list[Award]
    notes: int
    together: together.AtHome
    is_verified: bool
    has_asked: bool
    keeps_house: bool
    is_unreachable: bool

    @property
    def resume(self) -> CourseRow | None:
        """The course to carry on with: the one last seen that has something left."""
        return next((row for row in self.courses if row.progress.next), None)

    @property
    def shorter(self) -> tuple[Progress, Line] | None:
        """The shortest next lesson of another course, if it is shorter than the one to carry on with."""
        resume = self.resume
        others = [row.progress for row in self.courses if row is not resume and row.progress.next]
        if resume is None or not others:
            return None
        shortest = min(others, key=lambda progress: progress.minutes_left)
        is_shorter = shortest.minutes_left < resume.progress.minutes_left
        return (shortest, shortest.next) if is_shorter and shortest.next else None

    @property
    def is_new(self) -> bool:
        """Whether there is nothing yet to come back to."""
        return not (self.courses or self.coming or self.pathway or self.awards or self.notes)


def mine(person: User, *, now: datetime) -> Mine:
    """Gather what ``person`` finds on their own page."""
    states = set(Membership.objects.owned_by(person).values_list("state", flat=True))
    return Mine(
        courses=_courses(person, now),
        coming=webinars.my_bookings(person, now=now).coming,
        talks=consultations.coming(person, now=now),
        pathway=_pathway(person, now),
        awards=_awards(person),
        notes=Reflection.objects.owned_by(person).count(),
        together=together.at_home(person, now=now),
        is_verified=MembershipState.VERIFIED in states,
        has_asked=MembershipState.REQUESTED in states,
        keeps_house=rights_of(person).holds(Role.ADMINISTRATOR),
        is_unreachable=bounces.warning_of(person.email) is not None,
    )


def _courses(person: User, now: datetime) -> list[CourseRow]:
    patches = {entry.id: entry.patch for entry in shelf.entries()}
    under_way = [one for one in on_courses(person) if one.is_learner and not one.finished_at and not one.is_down]
    return [
        CourseRow(
            progress=one,
            patch=patches.get(one.course.page_id or 0),
            away=rules.last_here(timezone.localtime(one.round.last_seen_at), now=now) if one.round else "",
            recap=recap(one, now=now),
        )
        for one in under_way
    ]


def _pathway(person: User, now: datetime) -> pathways.Progress | None:
    live = pathways.records_of(person).filter(state__in=[RecordState.ACTIVE, RecordState.PAUSED])
    found = pathways.progress_of(live[:1], now=now)
    return found[0] if found else None


def _awards(person: User) -> list[Award]:
    kept = [AwardState.WAITING, AwardState.ACTIVE, AwardState.EXPIRED]
    rows = Award.objects.owned_by(person).filter(state__in=kept).for_listing()
    return list(rows[:MOST_CERTIFICATES])


# --- The desk's ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Watch:
    """How the work in the background goes, in plain words; empty where all is well."""

    silent: str
    unsent: int
    unmade: int


@dataclass(frozen=True)
class Desk:
    """What a member of staff finds: only what their roles let them act on."""

    rights: Rights
    today: list[Session]
    later: list[Session]
    registers: list[Session]
    to_sign: list[tuple[pathways.Progress, list[pathways.Step]]]
    requests: int
    asked_first: datetime | None
    staged: int
    proposals: int
    questions: int
    joining: int
    entries: int
    rooms: list[Trouble]
    watch: Watch

    @cached_property
    def decides_on_people(self) -> bool:
        """Whether the reader verifies adopters."""
        return self.rights.holds(Role.COORDINATOR, Role.MANAGER)

    @cached_property
    def helps_letters(self) -> bool:
        """Whether the reader can send a letter again that was given up."""
        return self.rights.holds(Role.COORDINATOR, Role.MANAGER, Role.ADMINISTRATOR)

    @cached_property
    def runs_sessions(self) -> bool:
        """Whether the reader has sessions at all."""
        return self.rights.holds(Role.TRAINER, Role.COORDINATOR, Role.MANAGER)

    @cached_property
    def brings_packages(self) -> bool:
        """Whether the reader looks after packages made elsewhere."""
        return self.rights.holds(*PACKAGE_ROLES)

    @cached_property
    def shares_courses(self) -> bool:
        """Whether the reader hands courses on, and brings them in."""
        return self.rights.holds(*SHARING_ROLES)

    @cached_property
    def decides_on_awards(self) -> bool:
        """Whether the reader can put a certificate on hold."""
        return self.rights.holds(Role.SAFEGUARDING_LEAD)

    @cached_property
    def gives_awards(self) -> bool:
        """Whether the reader can give a certificate by hand."""
        return self.rights.holds(*GIVING_ROLES)

    @cached_property
    def reads_entries(self) -> bool:
        """Whether families may show the reader something they wrote."""
        return self.rights.holds(*READING_ROLES)

    @cached_property
    def settles_terms(self) -> bool:
        """Whether the reader settles how certificates are given."""
        return self.rights.holds(Role.MANAGER)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing waits for the reader."""
        waits = self.requests or self.staged or self.proposals or self.questions or self.joining or self.entries
        return not (self.today or self.registers or self.to_sign or waits)


def desk(person: User, *, now: datetime) -> Desk:
    """Gather what waits for ``person`` at the desk."""
    rights = rights_of(person)
    planned = sessions_at_desk(person).exclude(state=SessionState.PROPOSED)
    sessions = list(webinars.at_desk(planned, past=False, now=now)[:MOST_SESSIONS])
    tomorrow = _tomorrow(now)
    requests, asked_first = _requests(rights)
    return Desk(
        rights=rights,
        today=[session for session in sessions if session.starts_at < tomorrow],
        later=[session for session in sessions if session.starts_at >= tomorrow],
        registers=list(webinars.registers_to_mark(sessions_at_desk(person), now=now)[:MOST_SESSIONS]),
        to_sign=_to_sign(person, rights, now),
        requests=requests,
        asked_first=asked_first,
        proposals=webinars.proposed(rights.scope(*DECIDING_ROLES)).count(),
        staged=staged_within(rights.scope(*APPROVING_ROLES)).count(),
        questions=questions_at_desk(sessions_at_desk(person)).waiting().count(),
        joining=Enrolment.objects.within(rights.scope(*WHO_INVITES)).filter(state=EnrolmentState.REQUESTED).count(),
        entries=entries_for(person).filter(read_at=None).count(),
        rooms=in_trouble(sessions_at_desk(person), rights.scope(*SESSION_ROLES), now=now),
        watch=watch(now=now),
    )


def _tomorrow(now: datetime) -> datetime:
    """The coming midnight by the clock of this installation."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1)


def _requests(rights: Rights) -> tuple[int, datetime | None]:
    """How many people wait to be verified, and since when the first does."""
    scope = rights.scope(Role.COORDINATOR, Role.MANAGER)
    waiting = Membership.objects.within(scope).filter(state=MembershipState.REQUESTED)
    first = waiting.aggregate(first=Min("requested_at"))["first"]
    return (waiting.count() if first else 0), first


def _to_sign(person: User, rights: Rights, now: datetime) -> list[tuple[pathways.Progress, list[pathways.Step]]]:
    records = pathways.records_within(rights.scope(*DESK_ROLES)).filter(state=RecordState.ACTIVE)
    found = (
        (one, pathways.steps_to_sign(one, person)) for one in pathways.progress_of(records[:MOST_RECORDS], now=now)
    )
    return [(progress, steps) for progress, steps in found if steps]


def watch(*, now: datetime) -> Watch:
    """Look after the worker and the letters that could not be sent."""
    away = Heartbeat.silence(name=WORKER, now=now)
    is_silent = away is None or away > settings.LMS_HEARTBEAT_STALE
    unsent = Message.objects.stuck().order_by().count()
    return Watch(silent=rules.silence(away) if is_silent else "", unsent=unsent, unmade=certificates.given_up())
