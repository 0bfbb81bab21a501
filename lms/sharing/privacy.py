"""What sharing holds of a person: who of the staff did it."""

from lms.common.register import Holding

HOLDINGS = [
    Holding(
        model="sharing.Arrival",
        what="Your name beside courses you brought in from elsewhere",
        kept="As long as the record of it.",
        on_erase="The record stays. Your name is taken off it.",
    ),
]
