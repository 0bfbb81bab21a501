"""Addresses of courses. Pages of courses stand in front of Wagtail's own routing."""

from django.urls import path

from lms.courses.desk import overview, people, versions
from lms.courses.views import checks, mine, pages, saving

app_name = "courses"
urlpatterns = [
    path("courses/<str:course>/", pages.course, name="course"),
    path("courses/<str:course>/<str:module>/", pages.module, name="module"),
    path("courses/<str:course>/<str:module>/<str:lesson>/", pages.lesson, name="lesson"),
    path("learn/<uuid:course>/enrol/", saving.enrol, name="enrol"),
    path("learn/<uuid:course>/leave/", saving.leave, name="leave"),
    path("learn/<uuid:course>/leave-out/", saving.leave_out, name="leave_out"),
    path("learn/<uuid:course>/<uuid:item>/read/", saving.read, name="read"),
    path("learn/<uuid:course>/<uuid:item>/place/", saving.place, name="place"),
    path("learn/<uuid:course>/<uuid:item>/answer/", saving.answer, name="answer"),
    path("learn/<uuid:course>/<uuid:item>/ending/", saving.ending, name="ending"),
    path("learn/<uuid:course>/<uuid:item>/note/", saving.note, name="note"),
    path("learn/<uuid:course>/<uuid:item>/plan/", saving.plan, name="plan"),
    path("learn/<uuid:course>/<uuid:item>/check/", checks.check, name="check"),
    path("learn/<uuid:course>/<uuid:item>/check/begin/", checks.begin, name="begin_check"),
    path("learn/<uuid:course>/<uuid:item>/check/<int:number>/", checks.result, name="check_result"),
    path("learn/<uuid:course>/<uuid:item>/check/<int:number>/save/", checks.save, name="save_check"),
    path("learn/<uuid:course>/<uuid:item>/check/<int:number>/hand-in/", checks.hand_in, name="hand_in_check"),
    path("my/learning/", mine.learning, name="mine"),
    path("my/notes/", mine.notes, name="notes"),
    path("my/notes/<uuid:note>/", mine.note, name="one_note"),
    path("my/notes/<uuid:note>/change/", mine.change_note, name="change_note"),
    path("my/notes/<uuid:note>/delete/", mine.delete_note, name="delete_note"),
    path("desk/courses/", overview.courses, name="desk_courses"),
    path("desk/courses/<int:course>/", overview.enrolments, name="desk_enrolments"),
    path("desk/courses/<int:course>/versions/", versions.versions, name="desk_versions"),
    path("desk/courses/<int:course>/versions/<int:number>/", versions.compared, name="desk_compared"),
    path("desk/courses/<int:course>/questions/", versions.questions, name="desk_questions"),
    path("desk/learners/<uuid:enrolment>/", people.person, name="desk_person"),
    path("desk/learners/<uuid:enrolment>/mark/", people.mark_done, name="desk_mark"),
    path("desk/learners/<uuid:enrolment>/adjust/", people.adjust, name="desk_adjust"),
]
