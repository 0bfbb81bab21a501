"""Awards that others can check, and the pathway that leads to one of them."""

from lms.certificates.models.awards import (
    MOST_ATTEMPTS,
    UNCLAIMED,
    Award,
    AwardChange,
    AwardKind,
    AwardQuerySet,
    AwardState,
    Lookup,
)
from lms.certificates.models.badges import Badge, StatusList
from lms.certificates.models.issuing import IssuingTerms
from lms.certificates.models.pathways import Pathway, PathwayRecord, RecordState, Requirement, RequirementKind, SignOff

__all__ = [
    "MOST_ATTEMPTS",
    "UNCLAIMED",
    "Award",
    "AwardChange",
    "AwardKind",
    "AwardQuerySet",
    "AwardState",
    "Badge",
    "IssuingTerms",
    "Lookup",
    "Pathway",
    "PathwayRecord",
    "RecordState",
    "Requirement",
    "RequirementKind",
    "SignOff",
    "StatusList",
]
