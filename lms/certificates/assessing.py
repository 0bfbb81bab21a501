"""Who may do what on a pathway: a role at the candidate's agency, or the one person named; never for oneself."""

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from lms.accounts.models import User
from lms.agencies.access import DESK_ROLES, rights_of
from lms.agencies.models import Agency, Role
from lms.certificates.models import (
    ROLE_KINDS,
    Award,
    AwardKind,
    AwardState,
    Pathway,
    PathwayRecord,
    RecordState,
    Requirement,
    RequirementKind,
    Tie,
    TieKind,
)
from lms.webinars import access as sessions
from lms.webinars.models import LEADING_ROLES, Facilitator

KEEPERS = (Role.COORDINATOR, Role.MANAGER)  # start, pause, end and hand on
OBSERVERS = (Role.TRAINER, Role.COORDINATOR, Role.MANAGER)
CHECKERS = (Role.COORDINATOR, Role.MANAGER, Role.SAFEGUARDING_LEAD)
LISTERS = (Role.MANAGER, Role.SAFEGUARDING_LEAD)  # may have the list of leaders


def may_act(user: User, requirement: Requirement, record: PathwayRecord) -> bool:
    """Whether ``user`` is one of those who sign this step of this record, or note what shows that it is met."""
    if record.person_id == user.pk or requirement.group.pathway_id != record.pathway_id:
        return False
    roles = {
        RequirementKind.DOCUMENT: CHECKERS,
        RequirementKind.OBSERVATION: OBSERVERS,
        **dict.fromkeys(ROLE_KINDS, requirement.roles),
    }
    named = {RequirementKind.STATEMENT: record.assessor_id, RequirementKind.SUPERVISION: record.supervisor_id}
    if requirement.kind in named:
        return named[RequirementKind(requirement.kind)] == user.pk and works_at(user, record)
    return record.agency_id in rights_of(user).agencies(*roles.get(RequirementKind(requirement.kind), ()))


def role_at(user: User, requirement: Requirement, record: PathwayRecord) -> str:
    """In which role ``user`` signs this step, in words: the first of those asked that they hold there."""
    if requirement.kind == RequirementKind.STATEMENT:
        return "Assessor"
    rights = rights_of(user)
    held = (Role(role).label for role in requirement.roles if record.agency_id in rights.agencies(role))
    return next(held, "")


def works_at(user: User, record: PathwayRecord) -> bool:
    """Whether ``user`` works at the desk of the record's agency."""
    return record.agency_id in rights_of(user).agencies(*DESK_ROLES)


def may_keep(user: User, record: PathwayRecord) -> bool:
    """Whether ``user`` looks after this record: pauses it, ends it, says who assesses. Never their own."""
    return record.person_id != user.pk and record.agency_id in rights_of(user).agencies(*KEEPERS)


def people_at(agency: Agency) -> QuerySet[User]:
    """Who works at the desk of an agency, by name."""
    here = User.objects.filter(
        staff_roles__agency=agency, staff_roles__revoked_at=None, staff_roles__role__in=DESK_ROLES, is_active=True
    )
    return here.distinct().order_by("display_name", "pk")


def keepers_at(agency: Agency) -> QuerySet[User]:
    """Who looks after candidates at an agency."""
    return people_at(agency).filter(
        staff_roles__agency=agency, staff_roles__revoked_at=None, staff_roles__role=Role.COORDINATOR
    )


def household_of(person: User) -> set[int]:
    """People who live with ``person``: as one of them has said, as they are linked, or because they came as two."""
    declared = Tie.objects.of(person.pk).exclude(kind=TieKind.CO_LEADER)
    return _others(declared.values_list("person_id", "other_id"), person) | sessions.household_of(person)


def co_leaders_of(person: User) -> set[int]:
    """People who lead, or have led, a session together with ``person``, or said that they do."""
    declared = Tie.objects.of(person.pk).filter(kind=TieKind.CO_LEADER)
    led = Facilitator.objects.filter(person=person, role__in=LEADING_ROLES).values("session")
    beside = Facilitator.objects.filter(session__in=led, role__in=LEADING_ROLES).exclude(person=person)
    return _others(declared.values_list("person_id", "other_id"), person) | set(beside.values_list("person", flat=True))


def _others(pairs: Iterable[tuple[int, int]], person: User) -> set[int]:
    return {one for pair in pairs for one in pair} - {person.pk}


# --- What the award opens ------------------------------------------------------------------------------------------


def leads_for(person: User | AnonymousUser, *, today: date) -> frozenset[int]:
    """The agencies for which ``person`` is a leader today. Asked at each request: an award on hold opens nothing."""
    if isinstance(person, AnonymousUser):
        return frozenset()
    live = Award.objects.owned_by(person).filter(
        kind=AwardKind.LEADER, state=AwardState.ACTIVE, valid_until__gte=today, agency__isnull=False
    )
    return frozenset(live.values_list("agency_id", flat=True))


# --- Whom a session can be kept for ---------------------------------------------------------------------------------


def circles() -> dict[str, str]:
    """The people of each pathway, by the word that a session carries for them."""
    return {
        _circle(slug): f"people on the pathway “{title}”"
        for slug, title in Pathway.objects.values_list("slug", "title")
    }


def circles_of(person: User) -> frozenset[str]:
    """The words for the pathways that ``person`` is on today. One that rests, or has ended, is none."""
    rows = PathwayRecord.objects.owned_by(person).filter(state=RecordState.ACTIVE)
    return frozenset(map(_circle, rows.values_list("pathway__slug", flat=True)))


def _circle(slug: str) -> str:
    return f"pathway:{slug}"
