"""Options that people may have chosen stay the same options while their words and places change."""

from io import StringIO

import pytest
from django.core.management import call_command

from cms.models import LessonPage
from tests.cms_content.files import LESSON_PATH, QUESTION, Tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(tmp_path):
    files = Tree(tmp_path)
    load(files)
    return files


def load(files):
    call_command("load_workshops", str(files.root), stdout=StringIO())


def question():
    raw = LessonPage.objects.get(key="A1.1").body.get_prep_value()
    return next(block["value"] for block in raw if block["type"] == "question")


def options():
    return {option["value"]["text"]: option["id"] for option in question()["options"]}


def test_an_option_put_better_is_the_same_option(loaded):
    before = options()
    loaded.swap(LESSON_PATH, "- [ ] At about five.", "- [ ] At around five.")
    load(loaded)
    assert options()["At around five."] == before["At about five."]


def test_options_that_change_places_stay_themselves(loaded):
    before = options()
    start, first, second = QUESTION.index("- [ ]"), QUESTION.index("- [x]"), QUESTION.rindex(":::")
    turned = QUESTION[:start] + QUESTION[first:second] + QUESTION[start:first] + QUESTION[second:]
    loaded.swap(LESSON_PATH, QUESTION, turned)
    load(loaded)
    assert list(options()) == ["From the start.", "At about five."]
    assert options() == before


def test_a_new_option_is_nobody_elses(loaded):
    before = options()
    loaded.swap(LESSON_PATH, "- [ ] At about five.", "- [ ] Never.\n  > Many did.\n- [ ] At about five.")
    load(loaded)
    assert {text: options()[text] for text in before} == before
    assert options()["Never."] not in before.values()
