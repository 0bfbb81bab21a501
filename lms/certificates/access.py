"""Who may decide about a certificate: a role in the agency concerned, and never for oneself."""

from django.db.models import Q

from lms.accounts.models import User
from lms.agencies.access import rights_of, verified_agency_ids
from lms.agencies.models import Agency, Role
from lms.certificates.models import Award, AwardKind, AwardQuerySet

GIVING_ROLES = (Role.COORDINATOR, Role.MANAGER)
DECIDING_ROLES = (Role.SAFEGUARDING_LEAD, Role.ADMINISTRATOR)
APPROVING_ROLES = (Role.COORDINATOR, Role.MANAGER, Role.SAFEGUARDING_LEAD)


def may_decide(user: User, award: Award) -> bool:
    """Whether ``user`` may put this award on hold, withdraw it or correct the name on it.

    A safeguarding lead of its agency; an administrator where it was given by no agency.
    """
    rights = rights_of(user)
    if award.person_id == user.pk:
        return False
    if award.agency_id is None:
        return rights.holds(Role.ADMINISTRATOR)
    return award.agency_id in rights.agencies(Role.SAFEGUARDING_LEAD)


def awards_to_decide(user: User) -> AwardQuerySet:
    """The awards that ``user`` may look into: of their agencies, and of none for an administrator."""
    rights = rights_of(user)
    everybody = Award.objects.unscoped(because="narrowed right here to those of the roles that the reader holds")
    mine = Q(agency__in=rights.agencies(Role.SAFEGUARDING_LEAD))
    found: AwardQuerySet = everybody.filter(mine | Q(agency=None) if rights.holds(Role.ADMINISTRATOR) else mine)
    return found


def may_give(user: User, agency: Agency) -> bool:
    """Whether ``user`` may give certificates of ``agency`` by hand."""
    return agency.pk in rights_of(user).agencies(*GIVING_ROLES)


def may_approve(user: User, award: Award) -> bool:
    """Whether ``user`` may let a staged award go, or decline it: never their own."""
    return award.person_id != user.pk and award.agency_id in rights_of(user).agencies(*APPROVING_ROLES)


def is_of_agency(person: User, agency: Agency) -> bool:
    """Whether ``agency`` vouches for ``person`` now."""
    return agency.pk in verified_agency_ids(person)


def may_correct(user: User, award: Award) -> bool:
    """Whether ``user`` may have a new award made with another name: its holder, or who may decide about it.

    Not the holder of a group leader award: their agency has seen who they are, and enters another name itself.
    """
    is_own = award.person_id == user.pk and award.kind != AwardKind.LEADER
    return is_own or may_decide(user, award)
