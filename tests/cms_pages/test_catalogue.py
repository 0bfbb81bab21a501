"""What the catalogue shows, what its filters mean, and what it costs."""

import re
from uuid import uuid4

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from wagtail.models import Locale, Page

from cms.models import CoursePage, LessonPage
from lms.common.memo import forget_all
from tests.factories.accounts import PersonFactory
from tests.factories.cms import REVIEW_BY, LessonPageFactory, ModulePageFactory, WorkshopPageFactory

URL = "/courses/"


def titles(answer):
    return re.findall(r'class="card-title"><a href="[^"]*">([^<]*)</a>', answer.content.decode())


@pytest.fixture
def mixed(shelves):
    """Two courses and two workshops that differ in every way a filter asks about."""
    story = shelves.course(lessons=3, title="Story", ages=["5-7"])
    story.topics.add(shelves.school)
    story.save()
    long = shelves.course(lessons=0, title="Long", ages=["any"])
    LessonPageFactory.create_batch(6, parent=ModulePageFactory(parent=long), minutes=20)
    WorkshopPageFactory(parent=shelves.workshops, title="Evening", minutes=90, ages=["12-17"], topics=[shelves.play])
    WorkshopPageFactory(parent=shelves.workshops, title="Half day", minutes=180, ages=["under-5"])
    return shelves


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {"Story", "Long", "Evening", "Half day"}),
        ("?way=own", {"Story", "Long"}),
        ("?way=live", {"Evening", "Half day"}),
        ("?way=own&way=live", {"Story", "Long", "Evening", "Half day"}),
        ("?time=10", {"Story"}),
        ("?time=60", {"Story", "Evening"}),
        ("?time=long", {"Long", "Half day"}),
        ("?age=5-7", {"Story", "Long"}),
        ("?age=12-17&age=under-5", {"Long", "Evening", "Half day"}),
        ("?topic=school", {"Story"}),
        ("?topic=play&way=live", {"Evening"}),
        ("?topic=play&way=own", set()),
        ("?topic=&way=", {"Story", "Long", "Evening", "Half day"}),
    ],
)
def test_filters_narrow_within_a_question_by_or_and_between_questions_by_and(client, mixed, asked, found):
    assert set(titles(client.get(URL + asked))) == found


@pytest.mark.parametrize(
    "asked",
    [
        "?way=%27%20OR%201=1",
        "?time=<script>alert(1)</script>",
        "?age=5-7%E2%80%AE",
        "?topic=nothing-like-it",
        "?page=0",
        "?page=-1",
        "?page=99999999999999999999",
        "?page=%D9%A1",
        "?page=two",
        "?utm_source=mail",
        "?" + "way=own&" * 300,
        "?q=" + "long " * 2000,
        "?q=%F0%9F%A7%B6%F0%9F%8F%A0",
        "?q=%D7%A9%D7%9C%D7%95%D7%9D",
        "?q=%22%20OR%20title%3A*%20NEAR(",
        "?q='%3B%20DROP%20TABLE",
        "?q=%00",
        "?q=%ED%A0%80",
        "?q=*",
        "?q=-",
        "?q=AND",
    ],
)
def test_whatever_the_address_says_there_is_an_answer_in_plain_words(client, mixed, asked):
    answer = client.get(URL + asked)
    assert answer.status_code == (400 if "%00" in asked else 200)
    assert "<script>alert" not in answer.content.decode()


def test_what_is_ticked_stays_ticked_and_is_said_in_words(client, mixed):
    text = client.get(f"{URL}?time=10&age=5-7&topic=school").content.decode()
    assert "1 result" in text
    assert "with a lesson of 10 minutes or less, for children aged 5 to 7, about School" in text
    assert len(re.findall(r"<input[^>]*checked", text)) == 2
    assert '<option value="school" selected>' in text


def test_lengths_are_said_as_people_say_them(client, mixed):
    text = client.get(URL).content.decode()
    assert "3 lessons, about 20 minutes" in text
    assert "6 lessons, about 2 hours" in text
    assert "1 hour 30" in text


def test_nothing_that_fits_comes_with_a_way_on(client, mixed):
    text = client.get(f"{URL}?topic=play&way=own").content.decode()
    assert "Nothing fits all of that together" in text
    assert '<a href="/courses/">See everything</a>' in text
    assert 'href="/help-now/"' in text


def test_drafts_and_restricted_pages_are_not_on_the_shelf(client, shelves):
    shelves.course(title="Draft", live=False)
    private = shelves.course(title="Private")
    private.view_restrictions.create(restriction_type="login")
    shelves.course(title="Open")
    assert titles(client.get(URL)) == ["Open"]


def test_pages_of_results_keep_the_filters(client, shelves):
    for n in range(30):
        shelves.course(lessons=0, title=f"Course {n}", ages=["any"])
    first = client.get(f"{URL}?age=5-7")
    assert len(titles(first)) == 24
    assert "30 results" in first.content.decode()
    onward = re.search(r'href="(\?[^"]*page=2[^"]*)"', first.content.decode())[1].replace("&amp;", "&")
    assert "age=5-7" in onward
    assert len(titles(client.get(URL + onward))) == 6
    assert len(titles(client.get(f"{URL}?age=5-7&page=40"))) == 6


def rows(model, places, **fields):
    """Published pages at these places of the tree, as rows: the editor's own way takes a minute for some hundreds."""
    kind, locale = ContentType.objects.get_for_model(model), Locale.get_default()
    pages = Page.objects.bulk_create(
        Page(
            title=f"{model.__name__} {n}",
            slug=f"{model.__name__.lower()}-{n}",
            path=place,
            depth=len(place) // Page.steplen,
            url_path=f"/home/{n}/",
            content_type=kind,
            locale=locale,
        )
        for n, place in enumerate(places)
    )
    for page in pages:
        model(page_ptr_id=page.pk, identity=uuid4(), **fields).save_base(raw=True)
    return pages


def many(shelves, count):
    """Courses of one lesson on two topics, and three workshops."""
    places = [f"{shelves.catalogue.path}{n:04d}" for n in range(1000, 1000 + count)]
    courses = rows(CoursePage, places, summary="What to say.", review_by=REVIEW_BY)
    rows(LessonPage, [f"{place}00010001" for place in places], summary="One.", minutes=6, review_by=REVIEW_BY)
    link = CoursePage.topics.through
    topics = (shelves.play, shelves.school)
    link.objects.bulk_create(link(coursepage_id=course.pk, topic=topic) for course in courses for topic in topics)
    WorkshopPageFactory.create_batch(3, parent=shelves.workshops, topics=[shelves.play])


@pytest.mark.parametrize("count", [24, 500])
def test_a_stranger_costs_six_queries_however_much_there_is(client, shelves, django_assert_num_queries, count):
    many(shelves, count)
    forget_all()  # the agency's name too is read anew
    with django_assert_num_queries(6):
        answer = client.get(f"{URL}?topic=play")
    assert len(titles(answer)) == 24
    assert f"{count + 3} results" in answer.content.decode()


def test_the_next_stranger_costs_none(client, shelves, django_assert_num_queries):
    many(shelves, 24)
    first = client.get(URL)
    with django_assert_num_queries(0):
        second = client.get(URL)
    assert second.content == first.content


def test_a_member_sees_the_same_shelf_and_is_never_served_from_memory(client, shelves):
    many(shelves, 2)
    stranger = client.get(URL)
    client.force_login(PersonFactory(display_name="Wren"))
    member = client.get(URL)
    assert "Sign out" in member.content.decode()
    assert "no-store" in member["Cache-Control"]
    client.logout()
    client.cookies.clear()
    assert client.get(URL).content == stranger.content


def test_only_reading_is_allowed(client, shelves):
    assert client.post(URL).status_code == 405
    assert client.head(URL).status_code == 200
    assert reverse("words:catalogue") == URL
