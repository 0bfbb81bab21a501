"""What telling holds of a person: nothing here, and what an agency's own store may have of them."""

from lms.common.register import Holding

HOLDINGS = [
    Holding(
        model="statements.Store",
        what="Your name beside your agency's record store, if you set it up",
        kept="As long as the agency uses it.",
        on_erase="The store stays. Your name is taken off it.",
    ),
]
