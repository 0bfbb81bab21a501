"""Whose packages somebody may look after, and who may be in one."""

from lms.agencies.access import rights_of
from lms.agencies.models import Role
from lms.packages.models import Package, PackageQuerySet

PACKAGE_ROLES = (Role.TRAINER, Role.COORDINATOR, Role.MANAGER)


def packages_at_desk(user: object) -> PackageQuerySet:
    """Those of the agencies in which ``user`` may look after packages."""
    rows: PackageQuerySet = Package.objects.within(rights_of(user).scope(*PACKAGE_ROLES))
    return rows
