"""Who may see which consultations."""

from django.db.models import Exists, OuterRef, Q

from lms.accounts.models import User
from lms.agencies.access import DESK_ROLES, rights_of
from lms.agencies.models import Role, StaffRole
from lms.consultations.models import Surgery, SurgeryQuerySet

RUNS_THE_ROTA = (Role.COORDINATOR, Role.MANAGER)


def surgeries_at_desk(user: User) -> SurgeryQuerySet:
    """Coordinators and managers: all of their agency. Everybody else who works there: their own."""
    rights = rights_of(user)
    rows: SurgeryQuerySet = Surgery.objects.within(rights.scope(*DESK_ROLES))
    return rows.filter(Q(agency__in=rights.agencies(*RUNS_THE_ROTA)) | Q(worker=user))


def staffed(*, surgery: str = "") -> Exists:
    """Whether the worker of the row asked about works for its agency still. surgery: the way to the surgery from it."""
    roles = StaffRole.objects.unscoped(because="only whether there is one").live()
    here = roles.filter(agency=OuterRef(f"{surgery}agency"), person=OuterRef(f"{surgery}worker"), role__in=DESK_ROLES)
    return Exists(here.filter(person__is_active=True))


def is_staffed(surgery: Surgery) -> bool:
    """The same of one surgery."""
    rows = Surgery.objects.unscoped(because="only whether its worker is there still")
    return rows.filter(staffed(), pk=surgery.pk).exists()


def agencies_of(user: User) -> frozenset[int]:
    """The agencies for which ``user`` may offer times."""
    return rights_of(user).agencies(*DESK_ROLES)


def workers_for(user: User, agency_id: int) -> list[User]:
    """Whose times ``user`` may offer: their own, and as a coordinator or manager those of all staff of the agency."""
    if agency_id not in rights_of(user).agencies(*RUNS_THE_ROTA):
        return [user]
    works_here = Q(staff_roles__agency=agency_id, staff_roles__revoked_at=None, staff_roles__role__in=DESK_ROLES)
    return list(User.objects.filter(works_here, is_active=True).distinct().order_by("display_name", "pk"))
