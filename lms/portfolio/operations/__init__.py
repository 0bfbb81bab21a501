"""What people decide about papers, shared entries and days of a plan."""

from lms.portfolio.operations.papers import (
    KEPT_FOR,
    MOST_A_DAY,
    NoSuchCourse,
    NothingChosen,
    TooMany,
    ask_for_record,
    ask_for_workbook,
    course_of,
    forget_old,
    throw_away_all_of,
)
from lms.portfolio.operations.planning import NotThatDay, forget_day, remind, set_day
from lms.portfolio.operations.sharing import (
    NoSuchEntry,
    NotAReader,
    say_read,
    share,
    withdraw,
    withdraw_all_from,
)

__all__ = [
    "KEPT_FOR",
    "MOST_A_DAY",
    "NoSuchCourse",
    "NoSuchEntry",
    "NotAReader",
    "NotThatDay",
    "NothingChosen",
    "TooMany",
    "ask_for_record",
    "ask_for_workbook",
    "course_of",
    "forget_day",
    "forget_old",
    "remind",
    "say_read",
    "set_day",
    "share",
    "throw_away_all_of",
    "withdraw",
    "withdraw_all_from",
]
