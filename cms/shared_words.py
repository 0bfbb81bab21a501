"""How editors keep what many pages share: topics, dated facts, numbers to ring, trainers."""

from typing import Any

import django_filters  # type: ignore[import-untyped]  # comes with Wagtail, without types
from django.utils import timezone
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from cms.models import ContactLine, DatedFact, Topic, TrainerProfile
from cms.models.snippets import DatedFactQuerySet


class DatedFactFilters(WagtailFilterSet):
    """Find facts by nation, and those that are overdue."""

    overdue = django_filters.BooleanFilter(method="keep_overdue", label="Due to be looked at again")

    class Meta:
        model = DatedFact
        fields = ["nation"]

    def keep_overdue(self, facts: DatedFactQuerySet, name: str, value: bool) -> DatedFactQuerySet:
        """Keep what is overdue today, or what is not."""
        overdue = facts.overdue(timezone.localdate())
        return overdue if value else facts.exclude(pk__in=overdue.values("pk"))


class TopicViewSet(SnippetViewSet):
    model = Topic
    icon = "tag"
    menu_label = "Topics"
    list_display = ["title", "summary", "dye", "weave", "order"]
    search_fields = ["title", "summary"]
    search_backend_name = None
    panels = [FieldPanel(name) for name in ("title", "slug", "summary", "dye", "weave", "order")]


class DatedFactViewSet(SnippetViewSet):
    model = DatedFact
    icon = "date"
    menu_label = "Dated facts"
    list_display = [
        "title",
        "nation",
        Column("checked_on", label="Checked on", sort_key="checked_on"),
        Column("review_by", label="Look again by", sort_key="review_by"),
        BooleanColumn("is_overdue", label="Due"),
    ]
    filterset_class = DatedFactFilters
    search_fields = ["title", "value", "source"]
    search_backend_name = None
    panels = [
        FieldPanel("title"),
        FieldPanel("slug"),
        FieldPanel("value"),
        FieldPanel("nation"),
        MultiFieldPanel([FieldPanel("source"), FieldPanel("checked_on"), FieldPanel("review_by")], heading="Checked"),
    ]


class ContactLineViewSet(SnippetViewSet):
    model = ContactLine
    icon = "mobile-alt"
    menu_label = "Numbers to ring"
    list_display = ["name", "number", "link", "hours", "checked_on", "order"]
    search_fields = ["name", "number", "purpose"]
    search_backend_name = None
    panels = [FieldPanel(n) for n in ("name", "slug", "number", "link", "hours", "purpose", "order", "checked_on")]


class TrainerProfileViewSet(SnippetViewSet):
    model = TrainerProfile
    icon = "user"
    menu_label = "Trainers"
    list_display = ["name", "role", "credential"]
    search_fields = ["name", "role", "biography"]
    search_backend_name = None
    panels = [FieldPanel(name) for name in ("name", "slug", "role", "credential", "biography")]


class SharedWords(SnippetViewSetGroup):
    """One entry in the editor's menu for all of them."""

    items: tuple[Any, ...] = (DatedFactViewSet, ContactLineViewSet, TopicViewSet, TrainerProfileViewSet)
    menu_label = "Shared words"
    menu_icon = "snippet"
    menu_order = 300
