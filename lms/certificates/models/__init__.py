"""Awards that others can check, and the pathway that leads to one of them."""

from lms.certificates.models.awards import (
    MOST_ATTEMPTS,
    Award,
    AwardChange,
    AwardKind,
    AwardQuerySet,
    AwardState,
    Lookup,
)
from lms.certificates.models.pathways import Pathway, PathwayRecord, RecordState, Requirement, RequirementKind, SignOff

__all__ = [
    "MOST_ATTEMPTS",
    "Award",
    "AwardChange",
    "AwardKind",
    "AwardQuerySet",
    "AwardState",
    "Lookup",
    "Pathway",
    "PathwayRecord",
    "RecordState",
    "Requirement",
    "RequirementKind",
    "SignOff",
]
