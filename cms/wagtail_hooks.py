"""What the editor shows: shared words, and facts that are due."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.snippets.models import register_snippet

from cms.models import DatedFact
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
