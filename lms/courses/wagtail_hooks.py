"""Wherever in the tree Wagtail finds a page of a course, it is answered like at its usual address."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail import hooks
from wagtail.models import Page

from cms.models import CoursePage, LessonPage, ModulePage
from lms.courses.views import pages


# After Wagtail's own hook, which asks whether the page is restricted.
@hooks.register("before_serve_page", order=10)
def serve_course_pages(page: Page, request: HttpRequest, *_: Any) -> HttpResponse | None:
    """Answer with what this reader has done of it; leave all other pages to Wagtail."""
    return pages.show(request, page) if isinstance(page, CoursePage | ModulePage | LessonPage) else None
