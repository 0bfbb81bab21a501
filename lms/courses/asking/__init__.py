"""What a lesson asks, as its page shows it to this reader: nothing of an answer key before there is an answer."""

from lms.courses.asking.attending import WorkshopShown, workshop
from lms.courses.asking.checks import QUESTION, Answered, BankShown, CheckQuestion, answered, bank, check_questions
from lms.courses.asking.learning import Learning, Problem
from lms.courses.asking.notices import DOING, NoticeShown, notice
from lms.courses.asking.packages import PackageShown, package
from lms.courses.asking.questions import (
    FIELDS,
    MATCH,
    PLACE,
    PREFIXES,
    OptionShown,
    QuestionShown,
    chosen_in,
    chosen_or_nothing,
    question,
)
from lms.courses.asking.replies import HEADINGS, Reply, Said
from lms.courses.asking.scenarios import ScenarioShown, WayShown, scenario
from lms.courses.asking.watching import MediaShown, media
from lms.courses.asking.writing import BODY, KNOWS, BoxShown, PlanShown, box, plan

__all__ = [
    "BODY",
    "DOING",
    "FIELDS",
    "HEADINGS",
    "KNOWS",
    "MATCH",
    "PLACE",
    "PREFIXES",
    "QUESTION",
    "Answered",
    "BankShown",
    "BoxShown",
    "CheckQuestion",
    "Learning",
    "MediaShown",
    "NoticeShown",
    "OptionShown",
    "PackageShown",
    "PlanShown",
    "Problem",
    "QuestionShown",
    "Reply",
    "Said",
    "ScenarioShown",
    "WayShown",
    "WorkshopShown",
    "answered",
    "bank",
    "box",
    "check_questions",
    "chosen_in",
    "chosen_or_nothing",
    "media",
    "notice",
    "package",
    "plan",
    "question",
    "scenario",
    "workshop",
]
