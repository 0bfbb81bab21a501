"""What this room holds of a person."""

from lms.common.register import Holding

HOLDINGS = [
    Holding(
        model="together.BothHere",
        what="Lessons that one of you says you and your partner read together",
        kept="90 days. Until the link ends, if that is sooner.",
        on_erase="Deleted, on both sides.",
        owner=("link__person", "link__partner"),
        shown=("course__title", "lesson_title", "said_at"),
    )
]
