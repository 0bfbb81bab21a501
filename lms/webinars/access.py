"""Which sessions, registers and requests a member of staff may open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from lms.accounts.models import User
from lms.agencies.access import is_verified_adopter, rights_of
from lms.agencies.models import Agency, Role
from lms.partners.access import link_of
from lms.webinars import rules, signals
from lms.webinars.models import Booking, Facilitator, Party, Session, SessionQuerySet

SESSION_ROLES = (Role.TRAINER, Role.COORDINATOR, Role.MANAGER)
DECIDING_ROLES = (Role.COORDINATOR, Role.MANAGER)  # on what leaders propose


def sessions_at_desk(user: User) -> SessionQuerySet:
    """Coordinators and managers: all of their agency. Trainers: those of it that they run or made."""
    rights = rights_of(user)
    rows: SessionQuerySet = Session.objects.within(rights.scope(*SESSION_ROLES))
    everything = Q(agency__in=rights.agencies(Role.COORDINATOR, Role.MANAGER))
    return rows.filter(everything | own(user))


def household_of(person: User) -> set[int]:
    """Ids of the people who live with ``person``, as far as we know: their accounts are linked, or they came as two."""
    link = link_of(person)
    return {*Party.objects.partners_of(person), *([link.partner_id] if link else [])}


def circles() -> dict[str, str]:
    """Whom a session can be kept for, by the word that it carries, and what they are called."""
    answers: Sequence[tuple[object, Any]] = signals.asking_circles.send(sender=Session)
    return {word: name for _, circle in answers for word, name in circle}


def is_for(session: Session, person: User) -> bool:
    """Whether ``session`` is for every verified adopter, or for a circle that ``person`` is in today."""
    if not session.only_for:
        return True
    answers: Sequence[tuple[object, Any]] = signals.asking_circles_of.send(sender=Session, person=person)
    return any(session.only_for in words for _, words in answers)


@dataclass(frozen=True)
class Leave:
    """Whether somebody may ask for a place. ``only``: whom it is kept for, where an agency's word is not enough."""

    may_book: bool
    only: str = ""


def leave(session: Session, viewer: User | AnonymousUser) -> Leave:
    """Say whether ``viewer`` may ask for a place in ``session``, for its pages; the operations ask again."""
    if isinstance(viewer, AnonymousUser) or not is_verified_adopter(viewer):
        return Leave(may_book=False)
    if is_for(session, viewer):
        return Leave(may_book=True)
    return Leave(may_book=False, only=circles().get(session.only_for, "people whom an agency has chosen"))


def own(user: User) -> Q:
    """Sessions that ``user`` runs or made."""
    return Q(created_by=user) | Q(pk__in=Facilitator.objects.filter(person=user).values("session"))


def agencies_to_schedule_for(user: User) -> QuerySet[Agency]:
    """Where ``user`` may put a session into the calendar."""
    return Agency.objects.filter(pk__in=rights_of(user).agencies(*SESSION_ROLES))


def people_who_facilitate(agencies: Iterable[Agency]) -> QuerySet[User]:
    """Staff of ``agencies`` who can run a session."""
    live = Q(staff_roles__agency__in=agencies, staff_roles__revoked_at=None, staff_roles__role__in=SESSION_ROLES)
    return User.objects.filter(live, is_active=True).distinct().order_by("display_name", "pk")


def who_decides(agency: Agency) -> QuerySet[User]:
    """Staff of ``agency`` who decide on what leaders propose."""
    live = Q(staff_roles__agency=agency, staff_roles__revoked_at=None, staff_roles__role__in=DECIDING_ROLES)
    return User.objects.filter(live, is_active=True).distinct().order_by("pk")


def _part_of(user: User, session: Session) -> Facilitator | None:
    """What ``user`` does in this session, if they work for its agency still or may lead groups for it."""
    row = Facilitator.objects.filter(session=session, person=user).first()
    if row is None:
        return None
    works_there = session.agency_id in rights_of(user).agencies(*SESSION_ROLES) or _leads_there(user, session)
    return row if works_there else None


def _leads_there(user: User, session: Session) -> bool:
    answers: Sequence[tuple[object, Any]] = signals.asking_who_leads.send(sender=Session, person=user)
    return any(session.agency_id in agencies for _, agencies in answers)


@dataclass(frozen=True)
class Pass:
    """That somebody may go into a room: how long before the start, and whether they moderate it."""

    opens_before: timedelta
    moderates: bool


def room_pass(user: User, session: Session) -> Pass | None:
    """How ``user`` may go into the room; None for somebody who may not go in at all.

    Asked at every click: a place given up or an agency's word withdrawn closes the door at once.
    """
    part = _part_of(user, session)
    if part is not None:
        return Pass(rules.FACILITATOR_EARLY, moderates=part.moderates)
    has_place = Booking.objects.owned_by(user).filter(session=session).seated().exists()
    if has_place and is_verified_adopter(user):
        return Pass(settings.LMS_JOIN_OPENS_BEFORE, moderates=False)
    return None
