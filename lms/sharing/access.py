"""Who may hand a course on, or bring one in."""

from django.db.models import QuerySet

from lms.agencies.access import WRITING_ROLES, rights_of
from lms.agencies.models import Agency, Role
from lms.sharing.models import Arrival, ArrivalQuerySet

SHARING_ROLES = WRITING_ROLES
KEEPS_SMALL_THINGS = (Role.EDITOR, Role.ADMINISTRATOR)  # topics, trainers and facts, which every course may name


def arrivals() -> ArrivalQuerySet:
    """All courses that were brought in: they belong to the whole site, and no row names a family."""
    rows: ArrivalQuerySet = Arrival.objects.unscoped(because="courses are the site's, and whoever writes may see them")
    return rows


def homes(user: object) -> QuerySet[Agency]:
    """The agencies for which ``user`` may bring packages along: their own, or any for whoever edits the whole site."""
    rows = Agency.objects.order_by("name", "pk")
    if may_keep_small_things(user):
        return rows
    return rows.filter(pk__in=rights_of(user).agencies(Role.TRAINER))


def may_keep_small_things(user: object) -> bool:
    """Whether ``user`` may make topics, trainers and facts."""
    return rights_of(user).holds(*KEEPS_SMALL_THINGS)
