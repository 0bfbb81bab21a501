"""What courses hold of a person."""

from lms.common.register import Holding
from lms.courses import operations

UNTIL_DELETED = "Until you delete your account."
GONE = "Deleted."

HOLDINGS = [
    Holding(
        model="courses.Enrolment",
        what="The courses you are on, or were on",
        kept=UNTIL_DELETED,
        on_erase=GONE,
        owner=("person",),
        shown=("course__title", "state", "agency__name", "cohort__name", "created_at", "ends_on"),
    ),
    Holding(
        model="courses.EnrolmentChange",
        what="When you joined, left or finished a course",
        kept=UNTIL_DELETED,
        on_erase=GONE,
        owner=("enrolment__person",),
        shown=("enrolment__course__title", "before", "after", "at", "reason"),
    ),
    Holding(
        model="courses.CourseInvitation",
        what="An invitation to a course that an agency sent to your address",
        kept="30 days after it ran out.",
        on_erase=GONE,
        owner=("accepted_by",),
        shown=("agency__name", "course__title", "invited_at", "accepted_at"),
        erase=operations.forget_invitations,
    ),
    Holding(
        model="courses.Round",
        what="How far you are in each course, and where you stopped",
        kept=UNTIL_DELETED,
        on_erase=GONE,
        owner=("enrolment__person",),
        shown=(
            "enrolment__course__title",
            "number",
            "started_at",
            "last_seen_at",
            "required_done",
            "required_total",
            "completed_at",
        ),
    ),
    Holding(
        model="courses.LearningEvent",
        what="What you did in lessons, and when. Nobody else can read your answers",
        kept=UNTIL_DELETED,
        on_erase=GONE,
        owner=("round__enrolment__person",),
        shown=("round__enrolment__course__title", "kind", "item", "payload", "at"),
    ),
    Holding(
        model="courses.ItemState",
        what="What your answers come to. Nobody else can read them",
        kept=UNTIL_DELETED,
        on_erase=GONE,
        owner=("round__enrolment__person",),
        shown=(
            "round__enrolment__course__title",
            "item",
            "opened_at",
            "done_at",
            "skipped",
            "best_score",
            "latest",
        ),
    ),
    Holding(
        model="courses.MarkedByHand",
        what="What a member of staff marked as done for you, and why",
        kept=UNTIL_DELETED,
        on_erase=GONE,
        owner=("round__enrolment__person",),
        shown=("round__enrolment__course__title", "item", "by_name", "reason", "at"),
    ),
    Holding(
        model="courses.Try",
        what="Your tries at checks: the answers and what they came to. Nobody else can read the answers",
        kept=UNTIL_DELETED,
        on_erase=GONE,
        owner=("round__enrolment__person",),
        shown=(
            "round__enrolment__course__title",
            "number",
            "begun_at",
            "handed_in_at",
            "asked",
            "right",
            "passed",
            "answers",
        ),
    ),
    Holding(
        model="courses.Reflection",
        what="What you wrote in lessons and plans. Nobody else can read it",
        kept="Until you delete it, or your account.",
        on_erase=GONE,
        owner=("person",),
        shown=("course__title", "lesson_title", "prompt", "body", "beside", "created_at", "updated_at"),
    ),
    Holding(
        model="courses.Draft",
        what="Answers that you began and haven't given yet. Nobody else can read them",
        kept="90 days.",
        on_erase=GONE,
        owner=("person",),
        shown=("item", "fields", "at"),
    ),
    Holding(
        model="courses.Arrival",
        what="That something you did without a connection has come in, so that it counts once",
        kept=UNTIL_DELETED,
        on_erase=GONE,
        owner=("person",),
        shown=("fact", "at"),
    ),
]
