"""Self-paced learning as it is written: a course holds modules, a module holds lessons."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms.blocks import LessonBody
from cms.models.review import Reviewed


class CoursePage(Reviewed, Page):
    """A course as it is described."""

    neutral_title = models.CharField(max_length=100, help_text="For e-mails and certificates. Says nothing of adoption.")
    summary = models.CharField(max_length=250, help_text="Shown in lists. Say who it helps.")
    audience = models.CharField(max_length=250, blank=True)
    outcomes = models.TextField(blank=True, help_text="What people will be able to do, one a line.")
    topics = ParentalManyToManyField("cms.Topic", blank=True)
    ages = models.JSONField(default=list, blank=True)
    open_to = models.CharField(max_length=10, default="everyone")
    linked_workshops = ParentalManyToManyField("cms.WorkshopPage", blank=True, related_name="linked_courses")
    body = StreamField(LessonBody(), blank=True)

    content_panels = [
        *Page.content_panels,
        *(FieldPanel(name) for name in ("neutral_title", "summary", "audience", "outcomes", "topics", "linked_workshops", "body")),
        *Reviewed.review_panels,
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("outcomes"),
        index.SearchField("body"),
    ]
    parent_page_types = ["cms.CataloguePage"]
    subpage_types = ["cms.ModulePage"]


class ModulePage(Page):
    """A part of a course."""

    identity = models.UUIDField(null=True, blank=True, editable=False)
    summary = models.CharField(max_length=250, blank=True)
    skippable = models.BooleanField(default=False, help_text="The whole part may be left out and the course still counts.")
    content_note = models.CharField(max_length=200, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("skippable"), FieldPanel("content_note")]
    parent_page_types = ["cms.CoursePage"]
    subpage_types = ["cms.LessonPage"]


class LessonPage(Reviewed, Page):
    """What people read, a few minutes at a time."""

    summary = models.CharField(max_length=250, help_text="One line: what this is for.")
    minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(60)])
    body = StreamField(LessonBody(), blank=True)

    content_panels = [
        *Page.content_panels,
        *(FieldPanel(name) for name in ("summary", "minutes", "body")),
        *Reviewed.review_panels,
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]
    parent_page_types = ["cms.ModulePage"]
    subpage_types: list[str] = []
