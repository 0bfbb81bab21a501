"""When pages of a course go live, change, move or vanish, the course is compiled anew, once a transaction. And who
comes back finds in its place what they typed when their session was over.

Done right after the commit and not put off: whoever opens the course next finds pages and records in step.
"""

import itertools
import threading
from typing import Any

from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.db.models.signals import post_delete, pre_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Page, Revision, TaskState
from wagtail.signals import page_published, page_unpublished, post_page_move

from cms.models import CoursePage, LessonPage, ModulePage
from lms.accounts.models import User
from lms.courses import operations
from lms.courses.typed import put_back

# How many steps of the tree's path a page hangs below its course.
BELOW: dict[type[Page], int] = {CoursePage: 0, ModulePage: 1, LessonPage: 2}


class _Compiled(threading.local):
    """After which change each course was last compiled in this thread, by the course's path in the tree."""

    def __init__(self) -> None:
        self.after: dict[str, int] = {}


_changes = itertools.count(1)
_compiled = _Compiled()


def _touched(path: str) -> None:
    """Compile the course at ``path`` when the transaction is done: once, however many of its pages changed in it.

    Each change asks for it by number, and the first to run answers for all before it: so a change that is rolled
    back takes no other's compiling with it.
    """
    change = next(_changes)

    def compile_course() -> None:  # named, because Django says which one failed
        _compile(path, change)

    transaction.on_commit(compile_course, robust=True)


def _compile(path: str, change: int) -> None:
    if _compiled.after.get(path, 0) > change:
        return
    _compiled.after[path] = next(_changes)
    page = CoursePage.objects.filter(path=path).first()
    if page:
        operations.compile_page(page, now=timezone.now())
    else:
        operations.close_course(page_id=None)


def _course_path(page: Page, steps: int) -> str:
    path: str = page.path
    return path[: len(path) - steps * Page.steplen]


@receiver([page_published, page_unpublished, post_delete], dispatch_uid="lms.courses.changed")
def a_page_changed(sender: type[Any], instance: Any, revision: Revision | None = None, **_: Any) -> None:
    """A part of a course went live, changed, or is no longer to be read."""
    if sender in BELOW and revision is not None and instance.live:
        operations.carry_out_plan(revision)
    if sender in BELOW:
        _touched(_course_path(instance, BELOW[sender]))


@receiver(pre_save, sender=TaskState, dispatch_uid="lms.courses.approved")
def approving_keeps_people_where_they_are(instance: TaskState, **_: Any) -> None:
    """Whoever approves a page is not asked about people in the middle of its course: nobody is asked for more."""
    by = instance.finished_by
    if instance.status == TaskState.STATUS_APPROVED and by and instance.revision:
        operations.keep_for_now(revision=instance.revision, actor=by, now=timezone.now())


@receiver(post_page_move, dispatch_uid="lms.courses.moved")
def a_page_moved(sender: type[Any], instance: Page, parent_page_before: Page, **_: Any) -> None:
    """A part of a course has another place: in its own course, or from one course to another."""
    if sender in BELOW:
        _touched(_course_path(instance, BELOW[sender]))
    if sender in (ModulePage, LessonPage):
        _touched(_course_path(parent_page_before, BELOW[sender] - 1))


@receiver(user_logged_in, dispatch_uid="lms.courses.put_back")
def put_back_what_was_typed(request: HttpRequest, user: User, **_: Any) -> None:
    """Somebody is here again."""
    if put_back(request.session, person=user):
        words = "What you typed before you were signed out is back in its place."
        messages.success(request, words, fail_silently=True)
