"""Self-paced learning as it is written: a course holds modules, a module holds lessons."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms.blocks import LessonBody, PageBody
from cms.models.fields import AgesField
from cms.models.identity import HoldsItems, Identified
from cms.models.review import Reviewed, TaughtPageForm, panels_of_review
from cms.soundness import in_a_circle, note_faults

HOW_MUCH = "Say how many lessons, or how many per cent. Leave it empty where every lesson is asked for."


class OpenTo(models.TextChoices):
    EVERYONE = "everyone", "Anybody with an account"
    VERIFIED = "verified", "Verified adopters"
    APPROVAL = "approval", "Whoever their agency lets in"
    INVITED = "invited", "By invitation of an agency"


class Finish(models.TextChoices):
    ALL = "all", "Every lesson"
    ANY = "any", "Some of the lessons"
    MARK = "mark", "Every lesson, and a pass mark over all its questions"


class CoursePage(Reviewed, Identified, Page):
    """A course as it is described."""

    neutral_title = models.CharField(
        max_length=100, help_text="For e-mails and certificates. Says nothing of adoption."
    )
    summary = models.CharField(max_length=250, help_text="Shown in lists. Say who it helps.")
    audience = models.CharField(max_length=250, blank=True)
    outcomes = models.TextField(blank=True, help_text="What people will be able to do, one a line.")
    topics = ParentalManyToManyField("cms.Topic", blank=True)
    ages = AgesField(default=list, blank=True)
    open_to = models.CharField(max_length=10, choices=OpenTo, default=OpenTo.EVERYONE)
    certificate_months = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text="How many months its certificate holds. Leave it empty for no end date.",
    )
    in_order = models.BooleanField(
        default=False, help_text="Each lesson opens when the one before it is done. Leave it off unless it must be so."
    )
    finish = models.CharField(
        max_length=4,
        choices=Finish,
        default=Finish.ALL,
        verbose_name="what finishes it",
        help_text="Who is in the middle of the course keeps the rule they began with, unless the new one asks less.",
    )
    finish_needed = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        verbose_name="how much",
        help_text="How many lessons, for some of them; per cent, for a pass mark. Empty for every lesson.",
    )
    after = ParentalManyToManyField(
        "self", symmetrical=False, blank=True, related_name="+", help_text="Courses that must be finished first."
    )
    linked_workshops = ParentalManyToManyField("cms.WorkshopPage", blank=True, related_name="+")
    body = StreamField(PageBody(), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("neutral_title"),
        FieldPanel("summary"),
        FieldPanel("audience"),
        FieldPanel("outcomes"),
        FieldPanel("topics"),
        FieldPanel("ages"),
        FieldPanel("open_to"),
        FieldPanel("certificate_months"),
        FieldPanel("in_order"),
        FieldPanel("finish"),
        FieldPanel("finish_needed"),
        FieldPanel("after"),
        FieldPanel("linked_workshops"),
        FieldPanel("body"),
        *Reviewed.review_panels,
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("outcomes"),
        index.SearchField("body"),
    ]

    def clean(self) -> None:
        """Refuse courses that wait for each other, since nobody could begin any, and a rule that says not how much."""
        super().clean()
        if (self.finish == Finish.ALL) != (self.finish_needed is None):
            raise ValidationError({"finish_needed": HOW_MUCH})
        rows = CoursePage.after.through.objects.exclude(from_coursepage=self.pk)
        ways: dict[str, list[str]] = {str(self.pk): [str(page.pk) for page in self.after.all()]}
        for before, first in rows.values_list("from_coursepage", "to_coursepage"):
            ways.setdefault(str(before), []).append(str(first))
        if str(self.pk) in in_a_circle(ways):
            raise ValidationError({"after": "These courses would wait for each other: nobody could begin."})

    parent_page_types = ["cms.CataloguePage"]
    subpage_types = ["cms.ModulePage"]


class ModulePage(Identified, Page):
    """A part of a course."""

    summary = models.CharField(max_length=250, blank=True)
    skippable = models.BooleanField(
        default=False, help_text="The whole part may be left out and the course still counts."
    )
    content_note = models.CharField(max_length=200, blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("skippable"),
        FieldPanel("content_note"),
    ]
    parent_page_types = ["cms.CoursePage"]
    subpage_types = ["cms.LessonPage"]


class LessonForm(TaughtPageForm):
    """How a lesson is edited."""

    def clean(self) -> dict[str, Any]:
        """Ask about the hard part when the lesson is published or sent in; a draft may be undecided."""
        cleaned: dict[str, Any] = super().clean()
        if not self.is_deferred_validation and "body" in cleaned:
            said = {name: cleaned.get(name) for name in ("content_note", "no_hard_part")}
            for fault in note_faults(said["content_note"] or "", cleaned["body"].raw_data, bool(said["no_hard_part"])):
                self.add_error("no_hard_part", fault)
        return cleaned


class LessonPage(Reviewed, HoldsItems, Page):
    """What people read, a few minutes at a time."""

    summary = models.CharField(max_length=250, help_text="One line: what this is for.")
    minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(60)])
    body = StreamField(LessonBody(), blank=True)
    no_hard_part = models.BooleanField(
        "No single part needs a content notice",
        default=False,
        help_text=(
            "A lesson with a content note holds its hard part in a content notice, so that people can leave it out. "
            "Tick this where the note says enough, and no part of it is harder than the rest."
        ),
    )

    base_form_class = LessonForm
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("minutes"),
        FieldPanel("body"),
        *panels_of_review("content_note", "no_hard_part", "sensitive"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]
    parent_page_types = ["cms.ModulePage"]
    subpage_types: list[str] = []

    def unfit(self) -> list[str]:
        """Say also that its note speaks of something hard, and nobody said which part that is."""
        return [*super().unfit(), *note_faults(self.content_note, self.body.get_prep_value(), self.no_hard_part)]
