"""Sums about learning: what an answer is worth, what facts come to, what is left to do. No Django here."""

from lms.courses.rules.answers import FULL_MARKS, NotAnOption, in_places, score
from lms.courses.rules.asked import Items, LessonCount, asked_in, count_lesson, counts, minutes_left, required
from lms.courses.rules.facts import Fact, Standing, merge
from lms.courses.rules.signs import LONGEST_ENTRY, identifiers, listed
from lms.courses.rules.states import CHANGES, may_change

__all__ = [
    "CHANGES",
    "FULL_MARKS",
    "LONGEST_ENTRY",
    "Fact",
    "Items",
    "LessonCount",
    "NotAnOption",
    "Standing",
    "asked_in",
    "count_lesson",
    "counts",
    "identifiers",
    "in_places",
    "listed",
    "may_change",
    "merge",
    "minutes_left",
    "required",
    "score",
]
