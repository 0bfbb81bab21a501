"""What people and publishing do to courses. Each decides in one transaction, or refuses and changes nothing."""

from lms.courses.operations.by_hand import NoRound, ReasonNeeded, adjust, mark_done
from lms.courses.operations.compiling import close_course, compile_outline, compile_page
from lms.courses.operations.enrolling import (
    CourseClosed,
    FinishFirst,
    InvitationOnly,
    NotOnCourse,
    VerifiedAdoptersOnly,
    enrol,
    leave,
)
from lms.courses.operations.packaging import finish_package, page_of_item, require_package
from lms.courses.operations.publishing import (
    Ahead,
    course_page_of,
    is_of_a_course,
    look_ahead,
    publish_change,
    versions_of,
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
    "Ahead",
    "AnswerTooLong",
    "CourseClosed",
    "FinishFirst",
    "InvitationOnly",
    "NoRound",
    "NoTryLeft",
    "NotAChoice",
    "NotLearning",
    "NotOnCourse",
    "NothingChosen",
    "QuestionsGone",
    "ReasonNeeded",
    "TimeIsUp",
    "TooLong",
    "Unanswered",
    "UnknownItem",
    "VerifiedAdoptersOnly",
    "adjust",
    "answer_question",
    "answers_of",
    "begin_try",
    "change_note",
    "close_course",
    "compile_outline",
    "compile_page",
    "course_page_of",
    "delete_note",
    "end_scenario",
    "enrol",
    "finish_package",
    "hand_in",
    "is_of_a_course",
    "keep_place",
    "leave",
    "leave_out",
    "look_ahead",
    "mark_done",
    "page_of_item",
    "place_of",
    "publish_change",
    "read_lesson",
    "require_package",
    "save_plan",
    "save_reflection",
    "save_try",
    "versions_of",
]
