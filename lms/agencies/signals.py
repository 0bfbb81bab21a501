"""What others may want to know of agencies."""

from django.dispatch import Signal

membership_ended = Signal()
"""An agency no longer vouches for somebody. Sent inside the transaction; ``membership``, ``now``."""
