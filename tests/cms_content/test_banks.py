"""Banks of questions: how they are written, what is refused, and what the learning records are told."""

from io import StringIO

import pytest
from django.core.management import call_command

from cms.blocks.bank import BankBlock
from cms.courseformat import tree
from cms.courseformat.checking import check
from cms.courseformat.problems import Problems
from cms.models import CoursePage, LessonPage
from cms.outline import read_course
from tests.cms_content.files import FILES, LESSON_PATH, Tree
from tests.cms_content.test_blocks import NO, YES, asked, refusals

BANK = """:::: bank
key: A-BANK
title: Keeping people safe
show: 1
pass_mark: 80

::: question
key: B1
kind: single

What do you do?

- [ ] Promise to keep it.
  > It's kindly meant.
- [x] Say that you must pass it on.
  > Clear and kind.
:::

::: question
key: B2
kind: order

Put these in order.

1. Listen.
2. Write it down.

right: First the person.
otherwise: Try listening first.
:::
::::
"""


@pytest.fixture
def files(tmp_path):
    return Tree(tmp_path, {**FILES, LESSON_PATH: FILES[LESSON_PATH] + "\n" + BANK})


def problems_in(files):
    problems = Problems()
    library = tree.read(files.root, problems)
    check(library, {}, problems)
    return [str(problem) for problem in problems.in_order()]


def load(files):
    call_command("load_workshops", str(files.root), stdout=StringIO())


def bank_of():
    raw = LessonPage.objects.get(key="A1.1").body.get_prep_value()
    return next(block["value"] for block in raw if block["type"] == "bank")


def test_a_bank_is_written_as_it_is_described(files):
    assert problems_in(files) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("show: 1", "show: 3", "the bank holds 2 questions and is to show 3 of them"),
        ("show: 1", "show: ten", '"show" must be a whole number from 1 to 40'),
        ("show: 1\n", "", 'the bank block needs "show"'),
        ("pass_mark: 80", "pass_mark: 101", '"pass_mark" must be a whole number from 1 to 100'),
        ("pass_mark: 80", "pass_mark: 80\nminutes: 1", '"minutes" must be a whole number from 5 to 240'),
        ("pass_mark: 80", "pass_mark: 80\nattempts: 0", '"attempts" must be a whole number from 1 to 20'),
        ("pass_mark: 80", "pass_mark: 80\ntries: 3", 'the bank block has no field "tries"'),
        ("key: B2", "key: B1", 'key "B1" is used twice'),
        (":::: bank", "::: bank", 'write four colons before "bank"'),
        ("- [x] Say that", "- [ ] Say that", "the question has no right option"),
        (
            "::: question\nkey: B1",
            "Some words.\n\n::: question\nkey: B1",
            "a bank holds question blocks and nothing else",
        ),
        ("::: question\nkey: B2\nkind: order", "::: reflection\nkey: B2", "a bank holds question blocks"),
    ],
)
def test_each_mistake_in_a_bank_is_named(files, old, new, words):
    files.swap(LESSON_PATH, old, new)
    assert any(words in problem for problem in problems_in(files)), problems_in(files)


def test_a_bank_never_stands_in_a_notice(files):
    files.swap(LESSON_PATH, "The longer words.\n", f"The longer words.\n\n{BANK}")
    assert any("a notice cannot hold a bank" in problem for problem in problems_in(files))


@pytest.mark.django_db
def test_the_records_are_told_all_that_marking_needs(files):
    load(files)
    items = [item for module in read_course(CoursePage.objects.get()).modules for item in module.lessons[0].items]
    bank = next(item for item in items if item.kind == "bank")
    assert bank.required
    assert {name: bank.answer[name] for name in ("show", "pass_mark", "attempts", "minutes")} == {
        "show": 1,
        "pass_mark": 80,
        "attempts": None,
        "minutes": None,
    }
    first, second = bank.answer["questions"].values()
    assert (first["prompt"], next(iter(first["words"].values()))) == ("What do you do?", "Promise to keep it.")
    assert first["right"] == [first["options"][1]]
    assert second["when_right"] == "First the person."


@pytest.mark.django_db
def test_questions_and_options_of_a_bank_stay_themselves_when_put_better(files):
    load(files)
    before = bank_of()
    files.swap(LESSON_PATH, "What do you do?", "What would you do?")
    files.swap(LESSON_PATH, "- [ ] Promise to keep it.", "- [ ] Promise to say nothing.")
    load(files)
    after = bank_of()
    assert after["questions"][0]["value"]["prompt"] == "What would you do?"
    assert [one["id"] for one in after["questions"]] == [one["id"] for one in before["questions"]]
    ids = [[option["id"] for option in bank["questions"][0]["value"]["options"]] for bank in (before, after)]
    assert ids[0] == ids[1]
    assert after["item_id"] == before["item_id"]


def bank_value(**said):
    value = {"title": "Safe", "show": 1, "pass_mark": 80, "attempts": None, "minutes": None, "key": "", "item_id": None}
    question = {name: given for name, given in asked(YES, NO).items() if name != "item_id"}
    return {**value, "questions": [question], **said}


def test_a_bank_that_shows_what_it_holds_is_taken():
    assert refusals(BankBlock(), bank_value()) == []


@pytest.mark.parametrize("said", [{"show": 2}, {"show": 0}, {"pass_mark": 0}, {"questions": []}, {"minutes": 1}])
def test_a_bank_that_cannot_be_taken_is_not_published(said):
    assert refusals(BankBlock(), bank_value(**said))
