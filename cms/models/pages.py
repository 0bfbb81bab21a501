"""Home, topics, the catalogue, and plain pages."""

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms.blocks import PageBody


class HomePage(Page):
    """The front door."""

    heading = models.CharField(
        max_length=100, default="You don\N{RIGHT SINGLE QUOTATION MARK}t have to work it out alone"
    )
    introduction = models.CharField(max_length=300, blank=True, help_text="One or two sentences under the heading.")

    content_panels = [*Page.content_panels, FieldPanel("heading"), FieldPanel("introduction")]
    max_count = 1


class CataloguePage(Page):
    """All courses and workshops, to search and to filter. Courses live under it."""

    introduction = models.CharField(max_length=300, blank=True, help_text="One or two sentences above the search.")

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.CoursePage"]
    max_count = 1


class TopicIndexPage(Page):
    """All topics."""

    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.TopicPage"]
    max_count = 1


class TopicPage(Page):
    """What there is on one topic."""

    topic = models.OneToOneField("cms.Topic", on_delete=models.PROTECT, related_name="page")
    introduction = models.TextField(blank=True, help_text="Plain text; an empty line begins a paragraph.")

    content_panels = [*Page.content_panels, FieldPanel("topic"), FieldPanel("introduction")]
    parent_page_types = ["cms.TopicIndexPage"]
    subpage_types: list[str] = []


class PlainPage(Page):
    """Privacy, accessibility and the like."""

    summary = models.CharField(max_length=200, blank=True, help_text="One line under the title.")
    body = StreamField(PageBody(), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []


class ResourcePage(Page):
    """A book, guide, service or download worth keeping."""

    summary = models.CharField(max_length=200, help_text="Why it may help. Shown in lists.")
    topics = ParentalManyToManyField("cms.Topic", blank=True)
    body = StreamField(PageBody(), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("topics"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []


class LeadersPage(Page):
    """What helps people who lead groups. Closed by itself: who may read it is known to a room above, which opens it."""

    summary = models.CharField(max_length=200, blank=True, help_text="One line under the title.")
    body = StreamField(PageBody(), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("body")]
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Raise Http404: nobody is let in here who was not let in before, but editors, who look at it as a draft."""
        if getattr(request, "is_preview", False):
            return self.draw(request)
        raise Http404

    def draw(self, request: HttpRequest) -> HttpResponse:
        """The page itself, for a reader who was let in."""
        answer: HttpResponse = super().serve(request)
        return answer
