"""A site with something on every shelf."""

import pytest
import wagtail_factories

from cms import models
from tests.factories.cms import ContactLineFactory, SiteTree, TopicFactory


class Shelves(SiteTree):
    """All the rooms that strangers may enter."""

    def __init__(self):
        super().__init__()
        self.play = TopicFactory(slug="play", title="Play", summary="Small games that build trust")
        self.school = TopicFactory(slug="school", title="School", summary="Working as a team")
        self.topics = self.page(models.TopicIndexPage, title="Topics", slug="topics")
        self.help = self.page(models.HelpNowPage, title="Get help now", slug="help-now", introduction="Ring anyway.")

    def page(self, model, parent=None, **fields):
        """A published page of any kind."""
        factory = type("AnyPage", (wagtail_factories.PageFactory,), {"Meta": type("Meta", (), {"model": model})})
        return factory(parent=parent or self.home, **fields)

    def topic_page(self, topic, **fields):
        return self.page(
            models.TopicPage, parent=self.topics, topic=topic, title=topic.title, slug=topic.slug, **fields
        )


@pytest.fixture
def shelves(db):
    return Shelves()


@pytest.fixture
def lines(db):
    return [
        ContactLineFactory(slug="police", name="Police", number="999", order=1),
        ContactLineFactory(slug="agency-duty-line", name="Your agency's duty line", number="01632 000000", order=2),
        ContactLineFactory(slug="shout", name="Shout, by text", number="85258", order=8),
        ContactLineFactory(slug="ceop", name="CEOP", number="", link="ceop.police.uk", order=10),
    ]
