"""Who may say where an agency's rooms are made."""

from django.db.models import QuerySet

from lms.accounts.models import User
from lms.agencies.access import rights_of
from lms.agencies.models import Agency, Role

ROOM_ROLES = (Role.MANAGER, Role.ADMINISTRATOR)


def agencies_to_connect(user: User) -> QuerySet[Agency]:
    """A manager's own agencies; all of them for an administrator."""
    rights = rights_of(user)
    if rights.holds(Role.ADMINISTRATOR):
        return Agency.objects.all()
    return Agency.objects.filter(pk__in=rights.agencies(Role.MANAGER))
