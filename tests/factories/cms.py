"""Pages and snippets as editors would make them. A page goes under its parent: ``LessonPageFactory(parent=module)``."""

from datetime import date
from typing import Any

import factory
import wagtail_factories
from factory.django import DjangoModelFactory
from wagtail.models import Page, Site

from cms import models

REVIEWED = date(2026, 1, 12)
REVIEW_BY = date(2027, 1, 12)


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = models.Topic
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"topic-{n}")
    title = factory.LazyAttribute(lambda topic: topic.slug.replace("-", " ").capitalize())
    summary = "Words for the hard parts"
    dye = models.snippets.Dye.WOAD
    weave = models.snippets.Weave.TWILL


class TrainerProfileFactory(DjangoModelFactory):
    class Meta:
        model = models.TrainerProfile

    slug = factory.Sequence(lambda n: f"trainer-{n}")
    name = factory.Sequence(lambda n: f"Trainer {n}")
    role = "Social worker"


class DatedFactFactory(DjangoModelFactory):
    class Meta:
        model = models.DatedFact

    slug = factory.Sequence(lambda n: f"fact-{n}")
    title = "The fund"
    value = "Up to a limit for each child in each year."
    source = "Department for Education, 2026"
    checked_on = REVIEWED
    review_by = REVIEW_BY


class ContactLineFactory(DjangoModelFactory):
    class Meta:
        model = models.ContactLine

    slug = factory.Sequence(lambda n: f"line-{n}")
    name = "Duty line"
    number = "01632 960140"
    purpose = "When you need to talk to somebody today."
    checked_on = REVIEWED


class HomePageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = models.HomePage

    title = "Hearth"


class CataloguePageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = models.CataloguePage

    title = "Courses and workshops"
    slug = "courses"


class WorkshopIndexPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = models.WorkshopIndexPage

    title = "Workshops"
    slug = "workshops"


class CardIndexPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = models.CardIndexPage

    title = "Right now"
    slug = "right-now"


class CoursePageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = models.CoursePage

    title = factory.Sequence(lambda n: f"Telling the story {n}")
    neutral_title = "Family conversations"
    summary = "What to tell your child, when, and in which words."
    reviewed_on = REVIEWED
    review_by = REVIEW_BY


class ModulePageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = models.ModulePage

    title = factory.Sequence(lambda n: f"Part {n}")


class LessonPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = models.LessonPage

    title = factory.Sequence(lambda n: f"Lesson {n}")
    summary = "What this is for."
    minutes = 6
    reviewed_on = REVIEWED
    review_by = REVIEW_BY


class WorkshopPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = models.WorkshopPage

    title = factory.Sequence(lambda n: f"Staying in touch {n}")
    neutral_title = "Keeping connections"
    summary = "Letters, meetings and messages."
    minutes = 120
    reviewed_on = REVIEWED
    review_by = REVIEW_BY


class CardPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = models.CardPage

    title = factory.Sequence(lambda n: f"A bad evening {n}")
    introduction = "It will pass."
    do_now = "Sit down.\nBreathe out."
    say = "I'm here."
    reviewed_on = REVIEWED
    review_by = REVIEW_BY


class SelfCheckPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = models.SelfCheckPage

    title = "Where am I now?"
    slug = "where-am-i-now"
    introduction = "Only you see what you answer."
    statements = [
        {"key": "S1", "words": "We talk about birth family", "leads_to": ["telling"]},
        {"key": "S2", "words": "I know who to ring tonight", "leads_to": ["help"]},
        {"key": "S3", "words": "We play together", "leads_to": ["play", "telling"]},
    ]
    ending = "You looked, and that's enough for today."
    reviewed_on = REVIEWED
    review_by = REVIEW_BY


class SiteTree:
    """The pages that every site has: home as the site's root, and the shelves under it."""

    def __init__(self) -> None:
        self.home = HomePageFactory(parent=Page.get_first_root_node())
        Site.objects.update_or_create(
            is_default_site=True, defaults={"hostname": "localhost", "port": 80, "root_page": self.home}
        )
        self.catalogue = CataloguePageFactory(parent=self.home)
        self.workshops = WorkshopIndexPageFactory(parent=self.home)
        self.cards = CardIndexPageFactory(parent=self.home)

    def course(self, *, lessons: int = 1, body: list[Any] | None = None, **course: Any) -> models.CoursePage:
        """A published course of one module; ``body`` is the raw body of each lesson."""
        page = CoursePageFactory(parent=self.catalogue, **course)
        module = ModulePageFactory(parent=page)
        for _ in range(lessons):
            LessonPageFactory(parent=module, body=body or [])
        return page


def question(key: str = "A1", **value: Any) -> dict[str, Any]:
    """A raw question block with one right option of two; a new item each time it is put in a page."""
    return {
        "type": "question",
        "id": f"00000000-0000-4000-8000-{abs(hash(key)) % 10**12:012d}",
        "value": {
            "key": key,
            "item_id": None,
            "kind": "single",
            "prompt": "Which sentence works best?",
            "options": [
                {
                    "type": "item",
                    "id": f"{key}-yes",
                    "value": {"text": "True and short", "right": True, "feedback": "It opens a door."},
                },
                {
                    "type": "item",
                    "id": f"{key}-no",
                    "value": {"text": "Later", "right": False, "feedback": "Often kindly meant."},
                },
            ],
            "when_right": "",
            "otherwise": "",
            **value,
        },
    }
