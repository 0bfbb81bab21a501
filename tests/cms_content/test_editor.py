"""How editors meet lessons, workshops and shared words."""

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from cms import models
from cms.models.fields import AgendaField, AgendaFormField, AgesField
from tests.factories.accounts import AdministratorFactory
from tests.factories.cms import (
    ContactLineFactory,
    DatedFactFactory,
    LessonPageFactory,
    ModulePageFactory,
    SiteTree,
    TopicFactory,
    TrainerProfileFactory,
    WorkshopPageFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return SiteTree()


@pytest.fixture
def module(site):
    return ModulePageFactory(parent=site.course(lessons=0))


@pytest.fixture
def editor(client):
    client.force_login(AdministratorFactory())
    return client


def send(client, page, action, **changes):
    """Send the editor's form of a page back with ``changes``."""
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields if name not in {"body", "ages"}}
    data = {name: "" if value is None else value for name, value in data.items() if value is not False}
    for prefix in form.formsets:
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    return client.post(url, {**data, "body-count": 0, **changes, action: "1"})


def errors_of(answer):
    return answer.context["form"].errors


STORY = {
    "body-count": 1,
    "body-0-deleted": "",
    "body-0-order": 0,
    "body-0-type": "example",
    "body-0-id": "6f3d0c1e-9d3f-4c86-a7a7-000000000001",
    "body-0-value-title": "Two cards",
    "body-0-value-text": '{"blocks":[{"key":"a","text":"A family.","type":"unstyled","depth":0,'
    '"inlineStyleRanges":[],"entityRanges":[]}],"entityMap":{}}',
}


def test_a_page_without_a_day_to_look_again_is_not_published(editor, module):
    page = LessonPageFactory(parent=module, live=False)
    answer = send(editor, page, "action-publish", review_by="")
    assert errors_of(answer)["review_by"] == [
        "Choose the day to look at this page again. It can't be published without one."
    ]
    page.refresh_from_db()
    assert not page.live


def test_a_draft_needs_no_day_yet(editor, module):
    page = LessonPageFactory(parent=module, live=False)
    assert send(editor, page, "action-save", review_by="").status_code == 302


def test_no_programme_publishes_a_page_without_that_day_either(module):
    page = LessonPageFactory(parent=module, live=False)
    page.review_by = None
    with pytest.raises(ValidationError):
        page.save_revision(clean=False).publish()


def test_an_unaffirmed_family_is_not_published_and_may_be_a_draft(editor, module):
    page = LessonPageFactory(parent=module, live=False)
    assert "body" in errors_of(send(editor, page, "action-publish", **STORY))
    assert send(editor, page, "action-save", **STORY).status_code == 302
    assert send(editor, page, "action-publish", **STORY, **{"body-0-value-affirmed": "on"}).status_code == 302
    page.refresh_from_db()
    assert page.live


def test_a_content_note_needs_a_notice_or_a_word_that_no_part_is_harder(editor, module):
    page, note = LessonPageFactory(parent=module, live=False), {"content_note": "One part is about hunger."}
    assert "inside a content notice" in str(errors_of(send(editor, page, "action-publish", **note))["no_hard_part"])
    assert send(editor, page, "action-save", **note).status_code == 302
    assert send(editor, page, "action-publish", **note, no_hard_part="on").status_code == 302
    page.refresh_from_db()
    assert (page.live, page.no_hard_part) == (True, True)


def test_a_question_written_in_the_editor_keeps_its_identity_from_save_to_save(editor, module):
    page = LessonPageFactory(parent=module, live=False)
    written = {
        "body-count": 1,
        "body-0-deleted": "",
        "body-0-order": 0,
        "body-0-type": "question",
        "body-0-id": "6f3d0c1e-9d3f-4c86-a7a7-000000000002",
        "body-0-value-kind": "single",
        "body-0-value-prompt": "When?",
        "body-0-value-options-count": 0,
        "body-0-value-item_id": "",
    }
    found = []
    for _ in range(2):
        assert send(editor, page, "action-save", **written).status_code == 302
        draft = models.LessonPage.objects.get(pk=page.pk).get_latest_revision_as_object()
        found.append(draft.body[0].value["item_id"])
    assert found[0] == found[1] is not None


# --- friendly fields --------------------------------------------------------------------------------------------------
AGENDA = [{"minutes": 10, "title": "Welcome"}, {"minutes": 80, "title": "Letter clinic | in pairs"}]


def test_an_agenda_is_written_as_lines():
    field = AgendaField().formfield()
    text = field.prepare_value(AGENDA)
    assert text == "10 | Welcome\n80 | Letter clinic | in pairs"
    assert field.clean(f"\n{text}\n\n") == AGENDA


@pytest.mark.parametrize("line", ["Welcome", "ten | Welcome", "10 |", "| Welcome", "-5 | Welcome", "1000 | Welcome"])
def test_an_agenda_line_that_cannot_be_read_is_quoted(line):
    with pytest.raises(ValidationError, match="as minutes, a bar and a title") as refused:
        AgendaFormField().clean(f"10 | Hello\n{line}")
    assert line in refused.value.messages[0]


def test_what_was_typed_stays_when_it_cannot_be_read():
    assert AgendaFormField().prepare_value("Welcome") == "Welcome"


def test_ages_are_boxes_to_tick():
    field = AgesField().formfield()
    assert isinstance(field.widget, forms.CheckboxSelectMultiple)
    assert field.clean(["5-7", "any"]) == ["5-7", "any"]
    with pytest.raises(ValidationError):
        field.clean(["5-99"])


def test_an_agenda_that_does_not_add_up_is_not_published_and_may_be_a_draft(editor, site):
    page = WorkshopPageFactory(parent=site.workshops, minutes=90, live=False)
    wrong = {"agenda": "10 | Welcome\n60 | Letters"}
    assert errors_of(send(editor, page, "action-publish", **wrong))["agenda"] == [
        "The agenda adds up to 70 minutes, and the workshop takes 90."
    ]
    assert send(editor, page, "action-save", **wrong).status_code == 302
    assert send(editor, page, "action-publish", agenda="30 | Welcome\n60 | Letters", ages=["5-7"]).status_code == 302
    page.refresh_from_db()
    assert page.agenda == [{"minutes": 30, "title": "Welcome"}, {"minutes": 60, "title": "Letters"}]
    assert page.ages == ["5-7"]


# --- shared words -----------------------------------------------------------------------------------------------------
OLD = date(2020, 1, 1)
FAR = date(2999, 1, 1)


@pytest.mark.parametrize(
    ("factory", "name", "words"),
    [
        (TopicFactory, "topic", {"title": "Play and rest"}),
        (DatedFactFactory, "datedfact", {"title": "The fund for play"}),
        (ContactLineFactory, "contactline", {"name": "Play line"}),
        (TrainerProfileFactory, "trainerprofile", {"name": "Play Okafor"}),
    ],
)
def test_shared_words_are_listed_and_found(editor, factory, name, words):
    wanted, other = factory(**words), factory()
    url = reverse(f"wagtailsnippets_cms_{name}:list")
    listed = editor.get(url).content.decode()
    assert str(wanted) in listed
    assert str(other) in listed
    found = editor.get(url, {"q": "play"}).context["object_list"]
    assert list(found) == [wanted]


@pytest.mark.parametrize(("overdue", "titles"), [("true", ["Old"]), ("false", ["Fresh"]), ("", ["Fresh", "Old"])])
def test_facts_that_are_due_can_be_picked_out(editor, overdue, titles):
    DatedFactFactory(title="Old", review_by=OLD)
    DatedFactFactory(title="Fresh", review_by=FAR)
    answer = editor.get(reverse("wagtailsnippets_cms_datedfact:list"), {"overdue": overdue})
    assert [fact.title for fact in answer.context["object_list"]] == titles


def test_the_first_page_shows_the_facts_that_are_due(editor):
    fact = DatedFactFactory(title="The old limit", review_by=OLD)
    DatedFactFactory(title="The fresh limit", review_by=FAR)
    html = editor.get(reverse("wagtailadmin_home")).content.decode()
    assert "Facts to look at again" in html
    assert reverse("wagtailsnippets_cms_datedfact:edit", args=[fact.pk]) in html
    assert "The fresh limit" not in html


def test_the_first_page_is_quiet_when_nothing_is_due(editor):
    DatedFactFactory(review_by=FAR)
    assert "Facts to look at again" not in editor.get(reverse("wagtailadmin_home")).content.decode()


def test_a_fact_is_due_from_the_day_after_its_date():
    DatedFactFactory(review_by=date(2026, 3, 28))
    assert not models.DatedFact.objects.overdue(date(2026, 3, 28)).exists()
    assert models.DatedFact.objects.overdue(date(2026, 3, 29)).exists()
