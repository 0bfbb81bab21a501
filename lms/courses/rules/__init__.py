"""Sums about learning: what an answer is worth, what facts come to, what is left to do. No Django here."""

from lms.common.identifiers import identifiers, listed
from lms.courses.rules.answers import (
    FULL_MARKS,
    LONGEST_ANSWER,
    NotAnOption,
    Unfinished,
    by_option,
    half,
    halves,
    in_places,
    score,
)
from lms.courses.rules.asked import Items, LessonCount, asked_in, count_lesson, counts, minutes_left, required
from lms.courses.rules.changes import Altered, Changes, compare, what_is_right
from lms.courses.rules.facts import Fact, Standing, merge
from lms.courses.rules.lists import (
    LARGEST,
    ListLine,
    UnreadableList,
    decoded,
    fault_of,
    lines_of,
)
from lms.courses.rules.signs import LONGEST_ENTRY
from lms.courses.rules.states import CHANGES, may_change
from lms.courses.rules.tries import (
    IN_PAIRS,
    Questions,
    Result,
    check_answer,
    draw,
    ends_at,
    is_over,
    is_right,
    mark,
    needed,
    option_order,
)
from lms.courses.rules.words import lesson_rule, rule

__all__ = [
    "CHANGES",
    "FULL_MARKS",
    "IN_PAIRS",
    "LARGEST",
    "LONGEST_ANSWER",
    "LONGEST_ENTRY",
    "Altered",
    "Changes",
    "Fact",
    "Items",
    "LessonCount",
    "ListLine",
    "NotAnOption",
    "Questions",
    "Result",
    "Standing",
    "Unfinished",
    "UnreadableList",
    "asked_in",
    "by_option",
    "check_answer",
    "compare",
    "count_lesson",
    "counts",
    "decoded",
    "draw",
    "ends_at",
    "fault_of",
    "half",
    "halves",
    "identifiers",
    "in_places",
    "is_over",
    "is_right",
    "lesson_rule",
    "lines_of",
    "listed",
    "mark",
    "may_change",
    "merge",
    "minutes_left",
    "needed",
    "option_order",
    "required",
    "rule",
    "score",
    "what_is_right",
]
