"""What an editor should look at again: pages and facts whose review date has passed."""

from datetime import date
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page

from cms.models import CardPage, CoursePage, DatedFact, LessonPage, SelfCheckPage, WorkshopPage

TAUGHT = (CoursePage, LessonPage, WorkshopPage, CardPage, SelfCheckPage)
MOST_SHOWN = 200


def overdue_pages(today: date) -> QuerySet[Page]:
    """Published pages whose review date is before ``today``, longest overdue first, each with its ``review_by``."""
    dates = [f"{model._meta.model_name}__review_by" for model in TAUGHT]
    pages = Page.objects.live().annotate(review_by=Coalesce(*dates)).filter(review_by__lt=today)
    return pages.select_related("content_type").order_by("review_by", "path")


class OverdueReviews(WagtailAdminTemplateMixin, TemplateView):
    """The report. Whoever may enter the editor may read it."""

    template_name = "cms/editor/overdue_reviews.html"
    page_title = "Overdue reviews"
    header_icon = "time"
    breadcrumbs_items: ClassVar[list[dict[str, Any]]] = [
        *WagtailAdminTemplateMixin.breadcrumbs_items,
        {"url": "", "label": page_title},
    ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the pages and the facts that are due."""
        today = timezone.localdate()
        due = {
            "overdue_pages": overdue_pages(today)[:MOST_SHOWN],
            "overdue_facts": DatedFact.objects.overdue(today).order_by("review_by")[:MOST_SHOWN],
        }
        return super().get_context_data(**due, **kwargs)
