"""Finding things by their words, on either database."""

import pytest

from cms import search
from tests.cms_pages.test_catalogue import URL, titles
from tests.factories.cms import CardPageFactory, LessonPageFactory, ModulePageFactory, WorkshopPageFactory, question


@pytest.fixture
def written(shelves):
    course = shelves.course(lessons=0, title="Telling their story", summary="What to say about birth parents")
    module = ModulePageFactory(parent=course)
    LessonPageFactory(parent=module, title="Words for the hard parts", summary="Say it truly.", body=[
        {"type": "text", "value": "<p>A judge decided. Use the word <strong>magistrate</strong> if it fits.</p>"}
    ])  # fmt: skip
    WorkshopPageFactory(parent=shelves.workshops, title="Staying in touch", summary="Letters to grandparents")
    CardPageFactory(
        parent=shelves.cards, title="Bedtime is an hour of screaming", also_called="won't sleep\nnightmaers"
    )
    return shelves


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("story", ["Telling their story"]),
        ("STORIES", ["Telling their story"]),
        ("birth parent", ["Telling their story"]),
        ("magistrate", ["Words for the hard parts"]),
        ("letter", ["Staying in touch"]),
        ("nightmaers", ["Bedtime is an hour of screaming"]),
        ("my child won't sleep", ["Bedtime is an hour of screaming"]),
        ("wont sleap at nite", ["Bedtime is an hour of screaming"]),
        ("MAGISTRAIT", ["Words for the hard parts"]),
        ("zebra", []),
    ],
)
def test_courses_lessons_workshops_and_cards_are_found_by_any_of_their_words(written, typed, found):
    assert [entry.title for entry in search.find(typed)] == found


def test_words_that_are_nowhere_together_are_looked_for_apart(written):
    assert {entry.title for entry in search.find("magistrate grandparents")} == {
        "Words for the hard parts",
        "Staying in touch",
    }


def test_a_lesson_says_in_which_course_it_is_and_leads_there(client, written):
    text = client.get(f"{URL}?q=magistrate").content.decode()
    assert "Lesson in Telling their story" in text
    assert 'href="/courses/telling-their-story/' in text


def test_titles_come_before_what_is_only_mentioned(shelves):
    shelves.course(title="Sleep", summary="Nights")
    shelves.course(title="Evenings", summary="How sleep comes")
    shelves.course(title="Mornings", summary="After", outcomes="Sleep a little more")
    assert [entry.title for entry in search.find("sleep")] == ["Sleep", "Evenings", "Mornings"]


def test_filters_work_on_what_was_found(client, written):
    assert titles(client.get(f"{URL}?q=story&way=live")) == []
    assert titles(client.get(f"{URL}?q=letters&way=live")) == ["Staying in touch"]


def test_drafts_and_restricted_pages_are_not_found(shelves):
    shelves.course(title="Hidden badger", live=False)
    restricted = shelves.course(title="Restricted badger")
    LessonPageFactory(parent=ModulePageFactory(parent=restricted), title="Lesson of the badger")
    restricted.view_restrictions.create(restriction_type="login")
    assert search.find("badger") == []


def test_a_slip_of_the_finger_is_met_with_a_suggestion(client, shelves):
    text = client.get(f"{URL}?q=scool").content.decode()
    assert "No results for “scool”" in text
    assert "Did you mean <a" in text
    assert ">School</a>?" in text


@pytest.mark.parametrize(
    "typed",
    [
        "I want to die",
        "he hits me with a knife",
        "self-harm",
        "im sucidal",
        f"{'we moved house and school is hard and nobody sleeps ' * 4}and tonight he said he wants to die",
        "can\N{RIGHT SINGLE QUOTATION MARK}t keep everyone safe",
    ],
)
def test_words_that_cannot_wait_bring_the_numbers_first(client, written, typed):
    text = client.get(URL, {"q": typed}).content.decode()
    assert text.index('href="tel:999"') < text.index("results-head")
    assert "If it can\N{RIGHT SINGLE QUOTATION MARK}t wait, ring someone now" in text
    assert "Exit this page" in text


def test_ordinary_words_bring_no_numbers(client, written):
    text = client.get(f"{URL}?q=story").content.decode()
    assert "If it can\N{RIGHT SINGLE QUOTATION MARK}t wait" not in text
    assert "Exit this page" not in text


def test_what_is_typed_is_shown_as_typed_and_runs_nowhere(client, shelves):
    text = client.get(URL, {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_a_search_is_read_from_the_database_once_however_much_there_is(
    client, shelves, django_assert_num_queries, django_assert_max_num_queries
):
    for n in range(12):
        shelves.course(lessons=2, title=f"Sleep {n}")
    with django_assert_num_queries(12):
        assert len(search.find("sleep")) == 12
    with django_assert_num_queries(0):
        search.find("sleap")
    with django_assert_max_num_queries(4):
        client.get(f"{URL}?q=nights")


def test_what_is_published_is_found_at_once_and_what_is_taken_down_no_more(shelves):
    assert search.find("badger") == []
    page = shelves.course(title="Sleep")
    page.title = "The badger"
    page.save_revision().publish()
    assert [entry.title for entry in search.find("bagder")] == ["The badger"]
    page.unpublish()
    assert search.find("badger") == []


def test_what_an_option_or_its_answer_says_finds_nothing(shelves):
    shelves.course(title="Sleep", body=[question("A1")])
    assert [entry.kind for entry in search.find("Which sentence works best")] == ["lesson"]
    assert search.find("opens a door") == search.find("true and short") == []
