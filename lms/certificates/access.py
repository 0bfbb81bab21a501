"""Who may sign what: the role a step names, in the agency that endorsed the person, and never for oneself."""

from lms.accounts.models import User
from lms.agencies.access import rights_of
from lms.certificates.models import PathwayRecord, RecordState, Requirement, RequirementKind


def may_sign(user: User, requirement: Requirement, record: PathwayRecord) -> bool:
    """Whether ``user`` is one of those who sign this step of this record."""
    if requirement.kind != RequirementKind.SIGN_OFF or record.state != RecordState.ACTIVE:
        return False
    return record.person_id != user.pk and record.agency_id in rights_of(user).agencies(requirement.role)
