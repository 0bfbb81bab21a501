"""Wherever in the tree Wagtail finds a page of a course, it is answered like at its usual address."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.models import Page

from cms.models import CoursePage, LessonPage, ModulePage
from lms.courses.views import pages, publishing

Serve = Callable[[Page, HttpRequest, Any, Any], HttpResponse]


# Last in the row is innermost: Wagtail's own link, which asks whether the page is restricted, is passed before it.
@hooks.register("on_serve_page", order=10)
def serve_course_pages(serve: Serve) -> Serve:
    """Answer with what this reader has done of it; leave all other pages to Wagtail."""

    def answer(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponse:
        if isinstance(page, CoursePage | ModulePage | LessonPage):
            return pages.show(request, page)
        return serve(page, request, args, kwargs)

    return answer


@hooks.register("before_publish_page")
def look_before_publishing(_request: HttpRequest, page: Page) -> HttpResponse | None:
    """Stop where a change concerns people in the middle of a course, and let the editor decide about them."""
    return publishing.look_before_publishing(page)


@hooks.register("before_edit_page")
def say_what_approving_decides(request: HttpRequest, page: Page) -> None:
    """Tell whoever is about to approve a page what that means for people in the middle of its course."""
    if request.method == "GET" and page.workflow_in_progress:
        publishing.say_what_approving_decides(request, page)


@hooks.register("before_edit_page")
def say_what_is_planned(request: HttpRequest, page: Page) -> None:
    """Tell whoever opens a page what was decided for the day on which a change of it goes out."""
    if request.method == "GET":
        publishing.say_what_is_planned(request, page)


@hooks.register("register_admin_urls")
def publishing_address() -> list[URLPattern]:
    """Where that is decided."""
    return [path("courses/<int:pk>/publishing/", publishing.publishing, name="course_publishing")]
