"""News of live sessions for the rooms above."""

from django.dispatch import Signal

# Sent inside the transaction when marks settle or re-settle what a booking came to (attended, partial or absent).
# Arguments: booking_id, state, now.
attendance_settled = Signal()
