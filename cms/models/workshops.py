"""A workshop as it is described. Its dates are ``webinars.Session`` rows that point here."""

from django.core.validators import MinValueValidator
from django.db import models
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms.blocks import LessonBody
from cms.models.review import Reviewed


class WorkshopIndexPage(Page):
    """All workshops with their next dates."""

    introduction = models.CharField(max_length=300, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.WorkshopPage"]
    max_count = 1


class WorkshopPage(Reviewed, Page):
    """What a live session is about."""

    neutral_title = models.CharField(max_length=100, default="Online appointment")
    summary = models.CharField(max_length=250, help_text="Shown in lists. Say who it helps.")
    minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(15)])
    audience = models.CharField(max_length=250, blank=True)
    leave_with = models.TextField(blank=True, help_text="What people will leave with, one a line.")
    before_you_come = models.TextField(blank=True, help_text="One a line.")
    access = models.CharField(max_length=300, blank=True)
    camera = models.CharField(max_length=200, blank=True)
    agenda = models.JSONField(default=list, blank=True, help_text='[{"minutes": 10, "title": "Welcome"}]')
    facilitator = models.CharField(max_length=250, blank=True, help_text="What a facilitator needs to have.")
    topics = ParentalManyToManyField("cms.Topic", blank=True)
    ages = models.JSONField(default=list, blank=True)
    trainers = ParentalManyToManyField("cms.TrainerProfile", blank=True)
    body = StreamField(LessonBody(), blank=True)

    content_panels = [
        *Page.content_panels,
        *(
            FieldPanel(name)
            for name in (
                "neutral_title",
                "summary",
                "minutes",
                "audience",
                "leave_with",
                "before_you_come",
                "access",
                "camera",
                "facilitator",
                "topics",
                "trainers",
                "body",
            )
        ),
        *Reviewed.review_panels,
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("leave_with"),
        index.SearchField("body"),
    ]
    parent_page_types = ["cms.WorkshopIndexPage"]
    subpage_types: list[str] = []
