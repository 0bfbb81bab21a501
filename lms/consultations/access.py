"""Who may see which consultations."""

from django.db.models import Q

from lms.accounts.models import User
from lms.agencies.access import DESK_ROLES, rights_of
from lms.agencies.models import Role
from lms.consultations.models import Surgery, SurgeryQuerySet

RUNS_THE_ROTA = (Role.COORDINATOR, Role.MANAGER)


def surgeries_at_desk(user: User) -> SurgeryQuerySet:
    """Coordinators and managers: all of their agency. Everybody else who works there: their own."""
    rights = rights_of(user)
    rows: SurgeryQuerySet = Surgery.objects.within(rights.scope(*DESK_ROLES))
    return rows.filter(Q(agency__in=rights.agencies(*RUNS_THE_ROTA)) | Q(worker=user))


def agencies_of(user: User) -> frozenset[int]:
    """The agencies for which ``user`` may offer times."""
    return rights_of(user).agencies(*DESK_ROLES)


def workers_for(user: User, agency_id: int) -> list[User]:
    """Whose times ``user`` may offer: their own, and as a coordinator or manager those of all staff of the agency."""
    if agency_id not in rights_of(user).agencies(*RUNS_THE_ROTA):
        return [user]
    works_here = Q(staff_roles__agency=agency_id, staff_roles__revoked_at=None, staff_roles__role__in=DESK_ROLES)
    return list(User.objects.filter(works_here, is_active=True).distinct().order_by("display_name", "pk"))
