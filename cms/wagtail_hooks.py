"""What the editor shows: shared words, facts that are due, and a last look at a lesson when it is published."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from cms.models import DatedFact, LessonPage
from cms.shared_words import SharedWords

MOST_FACTS = 10

register_snippet(SharedWords)


class FactsToLookAtAgain(Component):
    """On the editor's first page: laws, sums and dates whose review date has passed."""

    order = 50
    template_name = "cms/editor/facts_to_look_at_again.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Add the facts, longest overdue first."""
        facts = DatedFact.objects.overdue(timezone.localdate()).order_by("review_by", "title")
        return {"facts": facts[:MOST_FACTS]}


@hooks.register("construct_homepage_panels")
def show_overdue_facts(request: HttpRequest, panels: list[Component]) -> None:
    """Show the panel to whoever may put them right; it is empty when nothing is due."""
    if request.user.has_perm("cms.change_datedfact"):
        panels.append(FactsToLookAtAgain())


@hooks.register("after_publish_page")
def look_for_the_notice(request: HttpRequest, page: Page) -> None:
    """A lesson that says something heavy is in it should let people leave that part out."""
    if isinstance(page, LessonPage) and page.content_note and not any(b.block_type == "notice" for b in page.body):
        messages.warning(
            request,
            f'"{page.title}" has a content note, and no part of it is inside a content notice. '
            "Put the heavy part inside one, so that people can leave it out.",
        )
