"""What the rooms at providers hold of a person."""

from datetime import datetime

from lms.accounts.models import User
from lms.common.register import Holding
from lms.meetings import operations


def forget_sightings(person: User, _: datetime) -> None:
    """Take ``person`` out of what was seen of rooms."""
    operations.forget_sightings(person_id=person.pk)


HOLDINGS = [
    Holding(
        model="meetings.Seat",
        what="Which video rooms you may go into. The provider sees a made-up reference and the name you chose",
        kept="Until you delete your account.",
        on_erase="Deleted.",
        owner=("person",),
        shown=("room__starts_at", "state"),
        erase=forget_sightings,
    ),
    Holding(
        model="meetings.Presence",
        what="When you came into a room and when you left it, or at which moments you were seen inside",
        kept="90 days. After that only how many minutes.",
        on_erase="Deleted.",
        owner=("person",),
        shown=("room__starts_at", "joined_at", "left_at"),
    ),
    Holding(
        model="meetings.Connection",
        what="Your name beside how your agency makes its rooms",
        kept="As long as the agency uses them.",
        on_erase="The settings stay. Your name is taken off them.",
    ),
]
