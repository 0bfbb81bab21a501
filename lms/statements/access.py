"""Who may see what is told of learning, and where it may be sent."""

from django.conf import settings
from django.db.models import QuerySet

from lms.accounts.models import User
from lms.agencies.access import rights_of
from lms.agencies.models import Agency, Role

STORE_ROLES = (Role.MANAGER,)
COPY_ROLES = (Role.COORDINATOR, Role.MANAGER)


def agencies_with_store(user: User) -> QuerySet[Agency]:
    """The agencies whose record store ``user`` looks after."""
    return Agency.objects.filter(pk__in=rights_of(user).agencies(*STORE_ROLES))


def store_hosts() -> list[str]:
    """The hosts that statements may be sent to, from this installation."""
    return list(settings.LMS_RECORD_STORE_HOSTS)
