"""What this room holds of a person."""

from datetime import datetime

from lms.accounts.models import User
from lms.common.register import Holding
from lms.portfolio import operations


def _throw_away(person: User, _now: datetime) -> None:
    operations.throw_away_all_of(person=person)


HOLDINGS = [
    Holding(
        model="portfolio.Paper",
        what="Files you asked for: a workbook or a learning record",
        kept="One day.",
        on_erase="Deleted.",
        owner=("person",),
        shown=("kind", "form", "course__title", "asked_at"),
        erase=_throw_away,
    ),
    Holding(
        model="portfolio.SharedEntry",
        what="Entries that you showed to somebody of your agency, and to whom",
        kept="Until you take them back, delete the entry, or delete your account.",
        on_erase="Deleted, also from their desk.",
        owner=("person",),
        shown=("reader__display_name", "course_title", "lesson_title", "prompt", "body", "shared_at", "read_at"),
    ),
    Holding(
        model="portfolio.PlanDay",
        what="Days you set for your plans",
        kept="Until you take them away, or delete your account.",
        on_erase="Deleted.",
        owner=("person",),
        shown=("entry__prompt", "on", "by_letter", "reminded_at"),
    ),
]
