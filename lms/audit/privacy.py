"""What the record of deeds holds of a person: numbers."""

from lms.common.register import Holding

HOLDINGS = [
    Holding(
        model="audit.Entry",
        what="A record of what was done, in numbers only: no names and nothing you wrote",
        kept="Six years.",
        on_erase="Kept. Without your account the numbers lead to nobody.",
        owner=("actor_id",),
        shown=("at", "action", "target"),
    ),
]
