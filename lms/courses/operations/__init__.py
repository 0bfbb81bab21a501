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
    NotAChoice,
    NothingChosen,
    NotLearning,
    UnknownItem,
    answer_question,
    end_scenario,
    keep_place,
    leave_out,
    place_of,
    read_lesson,
)
from lms.courses.operations.writing import TooLong, change_note, delete_note, save_plan, save_reflection

__all__ = [
    "CourseClosed",
    "InvitationOnly",
    "NotAChoice",
    "NotLearning",
    "NotOnCourse",
    "NothingChosen",
    "TooLong",
    "UnknownItem",
    "VerifiedAdoptersOnly",
    "answer_question",
    "change_note",
    "close_course",
    "compile_outline",
    "compile_page",
    "delete_note",
    "end_scenario",
    "enrol",
    "keep_place",
    "leave",
    "leave_out",
    "place_of",
    "read_lesson",
    "save_plan",
    "save_reflection",
]
