"""Every kind of page can be looked at before it is published, by whoever writes it."""

from html import unescape

import pytest
from wagtail.models import get_page_models

from cms import models
from tests.factories.accounts import AdministratorFactory
from tests.factories.cms import (
    CardPageFactory,
    LessonPageFactory,
    ModulePageFactory,
    SelfCheckPageFactory,
    WorkshopPageFactory,
    question,
)


def one_of_each(shelves):
    course = shelves.course(lessons=0, title="Course", outcomes="One\nTwo", topics=[shelves.play])
    module = ModulePageFactory(parent=course)
    body = [question(), {"type": "text", "value": "<p>Words</p>"}]
    return {
        models.HomePage: shelves.home,
        models.CataloguePage: shelves.catalogue,
        models.WorkshopIndexPage: shelves.workshops,
        models.CardIndexPage: shelves.cards,
        models.TopicIndexPage: shelves.topics,
        models.HelpNowPage: shelves.help,
        models.TopicPage: shelves.topic_page(shelves.play),
        models.CoursePage: course,
        models.ModulePage: module,
        models.LessonPage: LessonPageFactory(parent=module, body=body),
        models.WorkshopPage: WorkshopPageFactory(parent=shelves.workshops, leave_with="A plan"),
        models.CardPage: CardPageFactory(parent=shelves.cards),
        models.PlainPage: shelves.page(models.PlainPage, title="Privacy"),
        models.LeadersPage: shelves.page(models.LeadersPage, title="For leaders"),
        models.SelfCheckPage: SelfCheckPageFactory(parent=shelves.home),
        models.ResourcePage: shelves.page(models.ResourcePage, title="A book", summary="Worth it."),
    }


OURS = [model for model in get_page_models() if model._meta.app_label == "cms"]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_draft_can_be_seen_as_it_will_be(client, shelves, model):
    page = one_of_each(shelves)[model]
    client.force_login(AdministratorFactory())
    page.title = "Title of the draft"
    page.save_revision()
    answer = client.get(f"/cms/pages/{page.pk}/view_draft/")
    assert answer.status_code == 200
    shown = page.heading if model is models.HomePage else "Title of the draft"
    assert shown in unescape(answer.content.decode())


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_page_that_was_never_saved_can_be_previewed(rf, shelves, model):
    page = one_of_each(shelves)[model]
    parent = page.get_parent()
    blank = model(title="New one", slug="new-one", path=f"{parent.path}ZZZZ", depth=page.depth, url_path="/home/new/")
    if model is models.TopicPage:
        blank.topic = shelves.school
    answer = blank.make_preview_request(rf.get("/"))
    assert answer.status_code == 200
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]  # or the editor could not show it beside


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_the_editor_opens_for_every_kind_of_page(client, shelves, model):
    page = one_of_each(shelves)[model]
    client.force_login(AdministratorFactory())
    answer = client.get(f"/cms/pages/{page.pk}/edit/")
    assert answer.status_code == 200
    assert b"<script>" not in answer.content
