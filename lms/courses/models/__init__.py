"""Learning records. They outlive any edit, move, copy or deletion of a page: they point at compiled versions."""

from lms.courses.models.arranging import Cohort, CourseInvitation, CourseInvitationQuerySet
from lms.courses.models.courses import Course, CourseVersion, Finish, OpenTo
from lms.courses.models.drafts import Arrival, Draft
from lms.courses.models.enrolments import (
    HOLDING,
    LEARNING,
    Enrolment,
    EnrolmentChange,
    EnrolmentQuerySet,
    EnrolmentRowQuerySet,
    EnrolmentState,
    Round,
    RoundQuerySet,
    RoundRowQuerySet,
)
from lms.courses.models.facts import EventKind, ItemState, LearningEvent, MarkedByHand
from lms.courses.models.lists import (
    TO_DO,
    ListLine,
    ListLineQuerySet,
    ListState,
    Outcome,
    PeopleList,
    PeopleListQuerySet,
)
from lms.courses.models.publishing import Added, Corrected, PublishingChoice
from lms.courses.models.selfchecks import SelfCheck, SelfCheckQuerySet
from lms.courses.models.tries import Try, TryQuerySet
from lms.courses.models.writing import Reflection, ReflectionQuerySet

__all__ = [
    "HOLDING",
    "LEARNING",
    "TO_DO",
    "Added",
    "Arrival",
    "Cohort",
    "Corrected",
    "Course",
    "CourseInvitation",
    "CourseInvitationQuerySet",
    "CourseVersion",
    "Draft",
    "Enrolment",
    "EnrolmentChange",
    "EnrolmentQuerySet",
    "EnrolmentRowQuerySet",
    "EnrolmentState",
    "EventKind",
    "Finish",
    "ItemState",
    "LearningEvent",
    "ListLine",
    "ListLineQuerySet",
    "ListState",
    "MarkedByHand",
    "OpenTo",
    "Outcome",
    "PeopleList",
    "PeopleListQuerySet",
    "PublishingChoice",
    "Reflection",
    "ReflectionQuerySet",
    "Round",
    "RoundQuerySet",
    "RoundRowQuerySet",
    "SelfCheck",
    "SelfCheckQuerySet",
    "Try",
    "TryQuerySet",
]
