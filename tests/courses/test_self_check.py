"""Where am I now? Answered without scripts, led on by it, read by nobody else, and gone when it is deleted."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from cms.models import SelfCheckPage
from cms.models.selfcheck import StatementsField
from lms.courses.models import SelfCheck
from lms.courses.operations import self_checks
from lms.courses.rules.self_checks import Answer, may_help, wants_help_first
from tests.courses.browsing import words
from tests.factories.accounts import PersonFactory
from tests.factories.cms import CoursePageFactory, SelfCheckPageFactory, SiteTree, WorkshopPageFactory
from tests.factories.courses import BEFORE, SelfCheckFactory

URL = "/my/where-am-i-now/"
HELP = "If it can\N{RIGHT SINGLE QUOTATION MARK}t wait, ring someone now"


@pytest.fixture
def page(db):
    site = SiteTree()
    CoursePageFactory(parent=site.catalogue, slug="telling", title="Telling the story")
    WorkshopPageFactory(parent=site.workshops, slug="play", title="Ten minutes of play")
    return SelfCheckPageFactory(parent=site.home)


@pytest.fixture
def me(client, page):
    client.force_login(person := PersonFactory())
    return person


def answer(client, **chosen):
    sent = {f"answer-{key}": value for key, value in chosen.items()}
    return client.post(URL, {"client_id": str(uuid4()), **sent}, follow=True)


def test_what_isnt_yet_leads_to_what_may_help_the_nearest_first(client, me):
    text = words(answer(client, S1="sometimes", S3="not-yet", S2="mostly"))
    assert text.index("Ten minutes of play") < text.index("Telling the story") < text.index("What you answered on")
    assert "We talk about birth family: Sometimes" in text
    assert HELP not in text
    assert "You looked, and that's enough for today." in text
    assert text.index("enough for today") < text.rindex('href="/help-now/"')


def test_knowing_nobody_to_ring_shows_who_to_ring_before_anything_else(client, me):
    text = words(answer(client, S1="not-yet", S2="not-yet"))
    assert text.index(HELP) < text.index("What may help")


def test_an_empty_form_asks_for_one_answer_and_keeps_nothing(client, me):
    refused = answer(client, S1="", S9="not-yet", S2="banana")
    assert refused.status_code == 422
    assert "Choose an answer to one of them first" in words(refused)
    assert not SelfCheck.objects.owned_by(me).exists()


def test_it_can_be_made_again_and_the_words_stay_as_they_were(client, me, page):
    answer(client, S1="not-yet")
    page.statements = [{"key": "S1", "words": "Other words", "leads_to": ["play"]}]
    page.save_revision().publish()
    answer(client, S1="mostly")
    first, second = SelfCheck.objects.owned_by(me).order_by("answered_at")
    assert "We talk about birth family: Not yet" in words(client.get(f"{URL}{first.uuid}/"))
    assert "Other words: Mostly" in words(client.get(f"{URL}{second.uuid}/"))
    assert words(client.get(URL)).count(f'href="{URL}') == 2


def test_the_same_form_sent_twice_is_kept_once(me, page):
    sent = {"owner": me, "page": page, "chosen": {"S1": "mostly"}, "client_id": uuid4()}
    for days in (0, 1):
        self_checks.keep_self_check(**sent, now=BEFORE + timedelta(days=days))
    assert SelfCheck.objects.owned_by(me).get().answered_at == BEFORE
    self_checks.keep_self_check(**{**sent, "chosen": {"S1": "not-yet"}}, now=BEFORE)
    assert SelfCheck.objects.owned_by(me).count() == 2


def test_it_is_locked_in_the_database_and_no_staff_can_ask_for_it(me, page):
    SelfCheckFactory(person=me)
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM courses_selfcheck")
        assert "canary" not in cursor.fetchone()[0]
    with pytest.raises(TypeError):
        SelfCheck.objects.within(None)


def test_only_its_owner_deletes_it_and_then_it_is_gone(client, me):
    mine, theirs = SelfCheckFactory(person=me), SelfCheckFactory()
    assert client.post(f"{URL}{theirs.uuid}/delete/").status_code == 404
    assert client.get(f"{URL}{mine.uuid}/delete/").status_code == 405
    text = words(client.post(f"{URL}{mine.uuid}/delete/", follow=True))
    assert "Those answers are deleted" in text
    assert list(SelfCheck.objects.unscoped(because="a test").all()) == [theirs]


def test_the_page_that_everybody_sees_leads_there_and_keeps_nothing(client, page):
    text = words(client.get("/where-am-i-now/"))
    assert "I know who to ring tonight" in text
    assert f'href="{URL}"' in text
    assert "Exit this page" not in text  # this one is not marked as sensitive; the form itself always has it


@pytest.mark.parametrize(
    ("answers", "slugs", "help_first"),
    [
        ([], [], False),
        ([("a", "mostly")], [], False),
        ([("a", "sometimes"), ("b", "not-yet"), ("a", "not-yet")], ["b", "a"], False),
        ([(slug, "not-yet") for slug in "abcdefg"], list("abcde"), True),
        ([(slug, "not-yet") for slug in "abcd"] + [("x", "mostly")] * 4, list("abcd"), False),
        ([(slug, "not-for-us") for slug in "abcdefg"], [], False),
    ],
    ids=["nothing", "well", "nearest-first", "most-of-life", "half-of-life", "not-theirs"],
)
def test_suggestions_are_few_and_nobody_is_counted(answers, slugs, help_first):
    given = [Answer(str(n), "words", answer, (slug,)) for n, (slug, answer) in enumerate(answers)]
    assert may_help(given) == slugs
    assert wants_help_first(given) is help_first


def test_editors_write_statements_as_lines():
    field = StatementsField().formfield()
    kept = SelfCheckPageFactory._meta.declarations["statements"]
    assert field.clean(field.prepare_value(kept)) == kept
    for typed in ("S1 | only words", "S1 | a | b\nS1 | c | d", "\n".join(f"S{n} | a | b" for n in range(21))):
        with pytest.raises(ValidationError):
            field.clean(typed)
    assert SelfCheckPage._meta.get_field("statements").formfield().widget.attrs["rows"] == 12
