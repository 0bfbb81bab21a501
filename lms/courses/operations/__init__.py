"""What people and publishing do to courses. Each decides in one transaction, or refuses and changes nothing."""

from lms.courses.operations.compiling import close_course, compile_outline, compile_page
from lms.courses.operations.enrolling import (
    CourseClosed,
    InvitationOnly,
    NotOnCourse,
    VerifiedAdoptersOnly,
    enrol,
    leave,
)
from lms.courses.operations.recording import (
    AnswerTooLong,
    NotAChoice,
    NothingChosen,
    answer_question,
    end_scenario,
    keep_place,
    leave_out,
    read_lesson,
)
from lms.courses.operations.sitting import NotLearning, UnknownItem, place_of
from lms.courses.operations.trying import (
    NoTryLeft,
    QuestionsGone,
    TimeIsUp,
    Unanswered,
    answers_of,
    begin_try,
    hand_in,
    save_try,
)
from lms.courses.operations.writing import TooLong, change_note, delete_note, save_plan, save_reflection

__all__ = [
    "AnswerTooLong",
    "CourseClosed",
    "InvitationOnly",
    "NoTryLeft",
    "NotAChoice",
    "NotLearning",
    "NotOnCourse",
    "NothingChosen",
    "QuestionsGone",
    "TimeIsUp",
    "TooLong",
    "Unanswered",
    "UnknownItem",
    "VerifiedAdoptersOnly",
    "answer_question",
    "answers_of",
    "begin_try",
    "change_note",
    "close_course",
    "compile_outline",
    "compile_page",
    "delete_note",
    "end_scenario",
    "enrol",
    "hand_in",
    "keep_place",
    "leave",
    "leave_out",
    "place_of",
    "read_lesson",
    "save_plan",
    "save_reflection",
    "save_try",
]
