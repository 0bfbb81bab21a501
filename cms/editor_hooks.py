"""The editor's own furniture: which menus are shown, and what is due for another look."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.userbar import AccessibilityItem
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.models import Page

from cms.reviews import OverdueReviews
from lms.common.sheets import not_a_formula

NOT_FOR_WRITERS = frozenset({"help"})
REPORTS_FOR_WRITERS = frozenset({"overdue-reviews", "workflows", "workflow-tasks", "locked-pages", "site-history"})


SpreadsheetExportMixin.custom_value_preprocess = {
    **SpreadsheetExportMixin.custom_value_preprocess,
    str: {"csv": not_a_formula, "xlsx": not_a_formula},
}


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


@hooks.register("construct_wagtail_userbar")
def look_only_at_what_is_written(_request: HttpRequest, items: list[object], _page: Page) -> None:
    """The checker beside the preview judges the page's own words, not the furniture that no editor can change."""
    for item in items:
        if isinstance(item, AccessibilityItem):
            item.axe_include = ["main"]


@hooks.register("insert_global_admin_css")
def our_colours() -> SafeString:
    """The editor in the colours of the site."""
    return format_html('<link rel="stylesheet" href="{}">', static("lms/css/editor.css"))
