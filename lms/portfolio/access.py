"""Who may be shown an entry, and who may read one that was shown."""

from lms.accounts.models import User
from lms.agencies.access import rights_of, verified_agency_ids
from lms.agencies.models import Role, StaffRole
from lms.common.scope import ScopedQuerySet
from lms.portfolio.models import SharedEntry

READING_ROLES = (Role.TRAINER, Role.COORDINATOR)


def readers_for(person: User) -> dict[tuple[int, int], StaffRole]:
    """The trainers and coordinators of the agencies that know ``person``, by their own id and the agency's."""
    rows = StaffRole.objects.unscoped(because="the names of those who work for the person's own agency")
    here = rows.live().filter(agency__in=verified_agency_ids(person), role__in=READING_ROLES, person__is_active=True)
    named = here.exclude(person=person).select_related("person", "agency").order_by("person__display_name", "pk")
    found: dict[tuple[int, int], StaffRole] = {}
    for row in named:
        found.setdefault((row.person_id, row.agency_id or 0), row)
    return found


def entries_for(reader: User) -> ScopedQuerySet:
    """What was shown to ``reader`` by name, as long as they work there as a trainer or coordinator."""
    rows: ScopedQuerySet = SharedEntry.objects.within(rights_of(reader).scope(*READING_ROLES))
    return rows.filter(reader=reader)
