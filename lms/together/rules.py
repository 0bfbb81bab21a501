"""How long a word of one waits for the word of the other."""

from datetime import datetime, timedelta

WAITS = timedelta(days=90)
NOT_AGAIN_FOR = timedelta(days=30)  # who has answered is not asked about the same lesson again for so long


def may_ask_again(answered_at: datetime | None, *, now: datetime) -> bool:
    """Whether the partner may be asked about a lesson that they were asked about before."""
    return answered_at is None or answered_at <= now - NOT_AGAIN_FOR
