"""Who may see whom. Rights are read at each request, so a right that is taken away ends with the next one."""

from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol

from django.contrib.auth.decorators import login_required
from django.db.models import BigIntegerField, QuerySet
from django.http import Http404, HttpResponseBase

from lms.accounts.access import SignedInRequest
from lms.accounts.models import User
from lms.agencies import rules
from lms.agencies.models import PLATFORM_ROLES, Agency, Membership, MembershipState, Role, StaffRole
from lms.common.prepared import Blank, Prepared
from lms.common.scope import Scope, ScopedQuerySet

DESK_ROLES = (Role.TRAINER, Role.COORDINATOR, Role.MANAGER, Role.SAFEGUARDING_LEAD)
WRITING_ROLES = (Role.TRAINER, Role.EDITOR, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Rights:
    """The live staff roles of one person: pairs of role and agency id (None for platform roles)."""

    roles: frozenset[tuple[str, int | None]]

    def agencies(self, *roles: str) -> frozenset[int]:
        """The agencies where the person holds one of ``roles``."""
        return frozenset(agency for role, agency in self.roles if agency is not None and role in roles)

    def holds(self, *roles: str) -> bool:
        """Whether the person holds one of ``roles`` anywhere."""
        return any(role in roles for role, _ in self.roles)

    def scope(self, *roles: str) -> Scope:
        """Whose people the person may see in one of ``roles``; empty when in none."""
        return Scope(agency_ids=self.agencies(*roles))

    @property
    def is_staff(self) -> bool:
        """Whether the person holds any role at all."""
        return bool(self.roles)


def rights_of(user: Any) -> Rights:
    """Read a person's roles, once a request: they are kept on the user object, which lives as long."""
    if not getattr(user, "is_authenticated", False):
        return Rights(frozenset())
    kept: Rights | None = getattr(user, "_rights", None)
    if kept is None:
        live = _ROLES.all(person=user.pk)
        kept = user._rights = Rights(frozenset((row.role, row.agency_id) for row in live))
    return kept


def _live_roles() -> QuerySet[StaffRole]:
    mine: QuerySet[StaffRole] = StaffRole.objects.owned_by(Blank("person", BigIntegerField())).live()
    return mine.only("role", "agency")


_ROLES = Prepared(_live_roles)  # asked at nearly each page of somebody signed in


def roles_to_give(user: User, *, agency: Agency | None) -> frozenset[str]:
    """The roles that ``user`` may give and take away: in ``agency``, or on the platform where it is None."""
    rights = rights_of(user)
    platform = {"administrator"} if user.is_superuser or rights.holds(Role.ADMINISTRATOR) else set()
    here = {role for role, where in rights.roles if agency is not None and where == agency.pk}
    given = rules.roles_to_give(platform | here)
    return given & set(PLATFORM_ROLES) if agency is None else given - set(PLATFORM_ROLES)


def verified_agency_ids(person: User) -> frozenset[int]:
    """The agencies that vouch for this person as an adopter now."""
    return frozenset(vouching(person).values_list("agency_id", flat=True))


def vouching(person: User) -> ScopedQuerySet:
    """The memberships by which agencies vouch for this person now."""
    rows: ScopedQuerySet = Membership.objects.owned_by(person).filter(state=MembershipState.VERIFIED)
    return rows


def is_verified_adopter(person: User) -> bool:
    """Whether any agency vouches for this person now: the key to live rooms."""
    return vouching(person).exists()


def staff_of(agency_id: int | None, *roles: str) -> list[User]:
    """The people who hold one of ``roles`` in an agency now: for letters to them."""
    rows = StaffRole.objects.unscoped(because="whom to tell of a request").live()
    here = rows.filter(agency=agency_id, role__in=roles, person__is_active=True)
    return list(User.objects.filter(pk__in=here.values("person")).order_by("pk"))


class StaffRequest(SignedInRequest):
    """A request whose user was seen to hold one of the roles asked for."""

    scope: Scope


class DeskView(Protocol):
    """A view that is only reached by staff."""

    def __call__(self, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer a member of staff."""


def staff_required(*roles: str) -> Any:
    """Let through who holds one of ``roles`` and give the request its ``scope``; to others the page does not exist."""

    def decorate(view: DeskView) -> Any:
        @wraps(view)
        def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            rights = rights_of(request.user)
            if not rights.holds(*roles):
                raise Http404
            request.scope = rights.scope(*roles)
            return view(request, *args, **kwargs)

        let_in = login_required(guarded)
        vars(let_in)["staff_roles"] = frozenset(map(str, roles))  # the second factor is asked where this is found
        return let_in

    return decorate
