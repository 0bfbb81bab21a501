"""Who may sign a step and decide about a certificate: a role in the agency concerned, and never for oneself."""

from lms.accounts.models import User
from lms.agencies.access import rights_of
from lms.agencies.models import Role
from lms.certificates.models import Award, AwardKind, PathwayRecord, Requirement, RequirementKind


def may_sign(user: User, requirement: Requirement, record: PathwayRecord) -> bool:
    """Whether ``user`` is one of those who sign this step of this record."""
    if requirement.kind != RequirementKind.SIGN_OFF or requirement.pathway_id != record.pathway_id:
        return False
    return record.person_id != user.pk and record.agency_id in rights_of(user).agencies(requirement.role)


def may_decide(user: User, award: Award) -> bool:
    """Whether ``user`` may put this award on hold, withdraw it or correct the name on it."""
    return award.person_id != user.pk and award.agency_id in rights_of(user).agencies(Role.SAFEGUARDING_LEAD)


def may_correct(user: User, award: Award) -> bool:
    """Whether ``user`` may have a new award made with another name: its holder, or who may decide about it.

    Not the holder of a group leader award: their agency has seen who they are, and enters another name itself.
    """
    is_own = award.person_id == user.pk and award.kind != AwardKind.LEADER
    return is_own or may_decide(user, award)
