"""The editor's own furniture: which menus are shown, how files are handed out, and what is due for another look."""

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.documents.models import AbstractDocument

from cms.reviews import OverdueReviews
from lms.common.http import file_with_range

NOT_FOR_WRITERS = frozenset({"help"})
REPORTS_FOR_WRITERS = frozenset({"overdue-reviews", "workflows", "workflow-tasks", "locked-pages", "site-history"})
SHOWN_IN_PLACE = frozenset({"application/pdf", "audio/mpeg", "text/vtt", "video/mp4"})


@hooks.register("construct_main_menu")
def hide_what_is_not_for_writers(_request: HttpRequest, items: list[MenuItem]) -> None:
    """Wagtail's own help leads to other people's sites, and speaks of things that are not here."""
    items[:] = [item for item in items if item.name not in NOT_FOR_WRITERS]


@hooks.register("construct_reports_menu")
def keep_the_reports_that_help(_request: HttpRequest, items: list[MenuItem]) -> None:
    """What waits, what is due, who changed what."""
    items[:] = [item for item in items if item.name in REPORTS_FOR_WRITERS]


@hooks.register("register_reports_menu_item")
def overdue_reviews_in_the_menu() -> MenuItem:
    """A way to what is due for another look."""
    return MenuItem("Overdue reviews", reverse("overdue_reviews"), name="overdue-reviews", icon_name="time", order=1)


@hooks.register("register_admin_urls")
def overdue_reviews_address() -> list[URLPattern]:
    """Where it is."""
    return [path("reports/overdue-reviews/", OverdueReviews.as_view(), name="overdue_reviews")]


@hooks.register("before_serve_document", order=100)
def hand_out_a_file(document: AbstractDocument, request: HttpRequest) -> HttpResponseBase:
    """Answer with the file or the part asked for, once Wagtail has looked whether this person may have it."""
    answer = file_with_range(request, document.file.path)
    answer["Content-Type"] = document.content_type
    if document.content_type not in SHOWN_IN_PLACE:
        answer["Content-Disposition"] = document.content_disposition
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; media-src 'self'"
    return answer
