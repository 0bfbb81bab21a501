"""Help for right now: cards for a bad evening, and the page with the numbers. Public, light, without JavaScript."""

from django.db import models
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.search import index

from cms.models.identity import Identified
from cms.models.review import Reviewed


class CardIndexPage(Page):
    """All right-time cards."""

    introduction = models.CharField(max_length=300, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.CardPage"]
    max_count = 1


class CardPage(Reviewed, Identified, Page):
    """What to do in the next ten minutes."""

    introduction = models.TextField(blank=True)
    do_now = models.TextField(help_text="One step a line.")
    say = models.CharField(max_length=200, help_text="One sentence in a parent's voice.")
    avoid = models.TextField(blank=True, help_text="One a line.")
    also_called = models.TextField(blank=True, help_text="Other words parents type, one a line.")
    order = models.PositiveSmallIntegerField(default=0)
    topics = ParentalManyToManyField("cms.Topic", blank=True)
    who_to_ring = ParentalManyToManyField("cms.ContactLine", blank=True)
    deeper = ParentalManyToManyField("wagtailcore.Page", blank=True, related_name="+")

    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("do_now"),
        FieldPanel("say"),
        FieldPanel("avoid"),
        FieldPanel("also_called"),
        FieldPanel("order"),
        FieldPanel("topics"),
        FieldPanel("who_to_ring"),
        FieldPanel("deeper"),
        *Reviewed.review_panels,
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("introduction"),
        index.SearchField("do_now"),
        index.SearchField("also_called", boost=2),
    ]
    parent_page_types = ["cms.CardIndexPage"]
    subpage_types: list[str] = []


class HelpNowPage(Page):
    """Who to ring now."""

    introduction = models.TextField(blank=True)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []
    max_count = 1
