"""A workshop as it is described. Its dates are ``webinars.Session`` rows that point here."""

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms.blocks import PageBody
from cms.models.fields import AgendaField, AgesField
from cms.models.identity import Identified
from cms.models.review import Reviewed, TaughtPageForm
from cms.soundness import agenda_fault


class WorkshopIndexPage(Page):
    """All workshops with their next dates."""

    introduction = models.CharField(max_length=300, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.WorkshopPage"]
    max_count = 1


class WorkshopForm(TaughtPageForm):
    """How a workshop is edited."""

    def clean(self) -> dict[str, Any]:
        """Refuse to publish an agenda that does not add up to the length of the workshop; a draft may."""
        cleaned: dict[str, Any] = super().clean()
        fault = agenda_fault(cleaned.get("agenda") or [], minutes=cleaned.get("minutes") or 0)
        if fault and not self.is_deferred_validation:
            self.add_error("agenda", f"{fault[0].upper()}{fault[1:]}.")
        return cleaned


class WorkshopPage(Reviewed, Identified, Page):
    """What a live session is about."""

    neutral_title = models.CharField(max_length=100, default="Online appointment")
    summary = models.CharField(max_length=250, help_text="Shown in lists. Say who it helps.")
    minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(15)])
    audience = models.CharField(max_length=250, blank=True)
    leave_with = models.TextField(blank=True, help_text="What people will leave with, one a line.")
    before_you_come = models.TextField(blank=True, help_text="One a line.")
    access = models.CharField(max_length=300, blank=True)
    camera = models.CharField(max_length=200, blank=True)
    agenda = AgendaField(default=list, blank=True, help_text="One part a line: minutes, a bar, a title. 10 | Welcome")
    facilitator = models.CharField(max_length=250, blank=True, help_text="What a facilitator needs to have.")
    topics = ParentalManyToManyField("cms.Topic", blank=True)
    ages = AgesField(default=list, blank=True)
    trainers = ParentalManyToManyField("cms.TrainerProfile", blank=True)
    linked_courses = ParentalManyToManyField("cms.CoursePage", blank=True, related_name="+")
    body = StreamField(PageBody(), blank=True)

    base_form_class = WorkshopForm
    content_panels = [
        *Page.content_panels,
        FieldPanel("neutral_title"),
        FieldPanel("summary"),
        FieldPanel("minutes"),
        FieldPanel("audience"),
        FieldPanel("leave_with"),
        FieldPanel("before_you_come"),
        FieldPanel("access"),
        FieldPanel("camera"),
        FieldPanel("agenda"),
        FieldPanel("facilitator"),
        FieldPanel("topics"),
        FieldPanel("ages"),
        FieldPanel("trainers"),
        FieldPanel("linked_courses"),
        FieldPanel("body"),
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
