"""What editors may put into a lesson, and what is refused when they publish."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.blocks import StructBlockValidationError
from wagtail.documents.models import Document

from cms import models
from cms.blocks import LessonBody, PageBody
from cms.blocks.doing import QuestionBlock
from cms.blocks.reading import ExampleBlock
from cms.blocks.scenario import ScenarioBlock
from tests.factories.accounts import AdministratorFactory
from tests.factories.cms import DatedFactFactory

OURS = "cms/blocks/"


def answer(text="True and short", right=True, feedback="It opens a door."):
    return {"text": text, "right": right, "feedback": feedback}


def asked(*options, kind="single", **value):
    given = {"kind": kind, "prompt": "Which works best?", "options": list(options), "key": "", "item_id": None}
    return {**given, "when_right": "", "otherwise": "", **value}


def refusals(block, value, deferred=False):
    """Everything that is said against a value, from every depth."""
    cleaned = block.normalize(value)
    try:
        block.clean_deferred(cleaned) if deferred else block.clean(cleaned)
    except ValidationError as refused:
        return said(refused)
    return []


def said(error):
    words = []
    if hasattr(error, "block_errors"):
        for inner in error.block_errors.values():
            words += said(inner)
        words += list(error.non_block_errors)
        return words
    return list(error.messages)


YES, NO = answer(), answer("Later", right=False, feedback="Kindly meant.")


def test_a_question_with_a_kind_answer_for_everybody_is_taken():
    assert refusals(QuestionBlock(), asked(YES, NO)) == []
    assert refusals(QuestionBlock(), asked(YES, NO, answer("Now"), kind="multiple")) == []
    assert refusals(QuestionBlock(), asked(answer("True"), answer("False", right=False), kind="true-false")) == []
    order = asked(answer("a", False, ""), answer("b", False, ""), kind="order", when_right="Yes.", otherwise="Nearly.")
    assert refusals(QuestionBlock(), order) == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (asked(YES, answer("Later", False, "")), "This option has no feedback."),
        (asked(NO, answer("Never", False)), "This question has no right option: mark at least one."),
        (asked(YES, answer("Now")), "more than one right option"),
        (asked(YES, NO, kind="true-false"), "needs exactly the options True and False"),
        (asked(YES), "needs at least two options"),
        (asked(YES, NO, kind="order"), "Say what people read when the order or the pairs are right"),
        (asked(YES, NO, prompt=""), "Fill this in"),
    ],
)
def test_a_question_that_would_leave_somebody_without_an_answer_is_refused(value, words):
    assert any(words in refusal for refusal in refusals(QuestionBlock(), value))


def test_a_draft_of_a_question_may_be_unfinished():
    assert refusals(QuestionBlock(), asked(answer("", False, ""), NO, prompt=""), deferred=True) == []


def test_every_option_has_an_id_of_its_own_that_stays():
    block = QuestionBlock()
    first = block.normalize(asked(YES, NO))
    again = block.to_python(block.get_prep_value(first))
    assert len({choice.id for choice in first.choices}) == 2
    assert [choice.id for choice in again.choices] == [choice.id for choice in first.choices]


def test_the_answers_to_a_question_are_not_found_by_searching():
    found = QuestionBlock().get_searchable_content(QuestionBlock().normalize(asked(YES, NO)))
    assert "Which works best?" in found
    assert not {"It opens a door.", "True and short"} & set(found)


def test_a_family_nobody_affirms_is_refused_with_what_to_do():
    story = {"title": "Two cards", "text": "<p>A family.</p>", "affirmed": False}
    assert refusals(ExampleBlock(), story) == ["Affirm that this family is made up from many, or take the story out."]
    assert refusals(ExampleBlock(), story, deferred=True) == []
    assert refusals(ExampleBlock(), {**story, "affirmed": True}) == []


def card(name, *ways):
    return {"name": name, "text": "<p>x</p>", "choices": [{"to": to, "words": "On"} for to in ways]}


def walk(*cards, start="car"):
    return {"title": "In the car", "start": start, "cards": list(cards), "key": "", "item_id": None}


def test_a_scenario_may_go_round_if_there_is_a_way_out():
    assert refusals(ScenarioBlock(), walk(card("car", "wait", "end"), card("wait", "car"), card("end"))) == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (walk(card("car", "end"), card("end"), start="bus"), 'starts at "bus"'),
        (walk(card("car", "home"), card("end")), 'Card "car" leads to "home", and there is no such card.'),
        (walk(card("car", "end"), card("end"), card("lost")), 'Card "lost" cannot be reached from the start.'),
        (walk(card("car", "wait"), card("wait", "car"), card("end")), 'Card "wait" never comes to an ending.'),
        (walk(card("car", "end"), card("end"), card("end")), 'Card "end" is there twice.'),
        (walk(card("Car!", "end"), card("end"), start="Car!"), "other than small letters"),
    ],
)
def test_a_scenario_in_which_somebody_is_lost_is_refused(value, words):
    assert any(words in refusal for refusal in refusals(ScenarioBlock(), value))


def test_a_draft_of_a_scenario_may_be_unfinished():
    assert refusals(ScenarioBlock(), walk(card("car", "home"), card("end")), deferred=True) == []


def test_a_scenario_is_read_by_the_names_of_its_cards():
    value = ScenarioBlock().normalize(walk(card("car", "end"), card("end")))
    assert value.first.choices == (("end", "On"),)
    assert value.deck["end"].choices == ()


def test_a_notice_cannot_hold_a_notice():
    notice = LessonBody().child_blocks["notice"]
    assert "notice" not in notice.child_blocks["body"].child_blocks
    assert {"text", "question", "reflection"} <= set(notice.child_blocks["body"].child_blocks)


def test_only_lessons_ask():
    assert not {"question", "scenario", "reflection", "action_plan", "video", "audio"} & set(PageBody().child_blocks)


def test_an_item_shows_its_words_first_and_folds_away_its_key():
    layout = QuestionBlock().meta.form_layout
    assert layout.settings == ["key", "item_id"]


BODY = models.LessonPage._meta.get_field("body").stream_block
BLOCKS = sorted(BODY.child_blocks.items())


@pytest.mark.parametrize(("name", "block"), BLOCKS, ids=[name for name, _ in BLOCKS])
def test_each_block_says_in_plain_words_what_it_is(name, block):
    assert block.label
    assert block.meta.icon != "placeholder"
    assert block.meta.group
    assert block.meta.description
    assert block.meta.template == f"{OURS}{name}.html" or block.meta.template == f"courses/blocks/{name}.html"


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "block"), BLOCKS, ids=[name for name, _ in BLOCKS])
def test_each_block_can_be_previewed(client, name, block):
    DatedFactFactory()
    client.force_login(AdministratorFactory())
    address = reverse("wagtailadmin_block_preview")
    answer = client.get(address, {"id": block.definition_prefix})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "lms/css/site.css" in html
    assert html.count("<h2") + html.count("<p") > 0
    assert not re.search(r"\son[a-z]+=|style=", html)


@pytest.mark.django_db
def test_a_download_leads_to_its_file():
    document = Document.objects.create(title="x", file=ContentFile(b"%PDF", name="letter.pdf"), file_size=2048)
    block = LessonBody().child_blocks["download"]
    html = str(block.render(block.normalize({"title": "A letter", "document": document, "text": ""})))
    assert document.url in html
    assert "(PDF, 2.0" in html


def test_a_block_that_failed_its_check_can_be_mended():
    with pytest.raises(StructBlockValidationError):
        QuestionBlock().clean(QuestionBlock().normalize(asked(NO, answer("Never", False))))
    assert refusals(QuestionBlock(), asked(YES, NO)) == []
