"""The same box on two devices: the words of neither are lost."""

from datetime import timedelta

import pytest
from django.test import Client

from lms.courses import rules
from lms.courses.models import Reflection
from tests.courses.browsing import form_of, words
from tests.courses.written import address, items
from tests.factories.courses import BEFORE

LATER = BEFORE + timedelta(minutes=5)
KEPT = rules.Words("By the door.", "tablet", BEFORE, (rules.Beside("old", BEFORE, "Her scarf."),))
OTHERS = [one.words for one in KEPT.beside]
SEEN = BEFORE.isoformat()


@pytest.mark.parametrize(
    ("typed", "body", "beside"),
    [
        pytest.param(("By the window.", "phone", SEEN, LATER), "By the window.", OTHERS, id="knew-it"),
        pytest.param(("By the sea.", "tablet", "", LATER), "By the sea.", OTHERS, id="own"),
        pytest.param(("By the", "tablet", "", BEFORE - timedelta(1)), "By the door.", OTHERS, id="own-and-overtaken"),
        pytest.param(("A cup.", "phone", "", LATER), "A cup.", [*OTHERS, "By the door."], id="newer-and-unseeing"),
        pytest.param(
            ("A cup.", "phone", "", BEFORE - timedelta(1)), "By the door.", [*OTHERS, "A cup."], id="older-and-unseeing"
        ),
        pytest.param(("Not by the door.\nBy the door. Her scarf.", "phone", "", LATER), None, [], id="holds-them-all"),
        pytest.param(("  ", "phone", "", LATER), "By the door.", OTHERS, id="emptied-unseeing"),
        pytest.param(("", "phone", SEEN, LATER), "Her scarf.", [], id="emptied-with-more-beside"),
    ],
)
def test_newer_words_stand_in_the_box_and_others_beside_it(typed, body, beside):
    after = rules.settle(KEPT, rules.Typed(*typed))
    assert after.body == (typed[0] if body is None else body)
    assert [one.words for one in after.beside] == beside
    assert rules.from_json(rules.to_json(after.beside)) == after.beside


@pytest.mark.django_db
def test_a_page_that_was_opened_before_overwrites_nothing(reading, written, learner):
    tablet, phone = reading, Client()
    phone.force_login(learner)
    item = items(written.rich, "reflection")[0]
    forms = [form_of(one.get(address(written.rich)), "note", item) for one in (tablet, phone)]
    turns = [(phone, forms[1], "A"), (tablet, forms[0], "B"), (phone, forms[1], "A cup"), (tablet, forms[0], "B side")]
    for browser, (action, fields), typed in turns:
        browser.post(action, {**fields, "body-0": typed})
    note = Reflection.objects.owned_by(learner).get()
    assert (note.body, [one.words for one in rules.from_json(note.beside)]) == ("B side", ["A cup"])
    assert "A cup" in words(tablet.get(address(written.rich)))

    settle = f"/my/notes/{note.uuid}/beside/"
    assert tablet.post(settle, {"number": "1"}).status_code == 404
    assert tablet.post(settle, {"number": "x"}).status_code == 400
    page = tablet.post(settle, {"number": "0", "add": "1"}, follow=True)
    assert "Written elsewhere" not in words(page)
    note.refresh_from_db()
    assert (note.body, note.beside) == ("B side\n\nA cup", "")
