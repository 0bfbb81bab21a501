"""What strangers can open, what it says and what it leaves unsaid."""

import re

import pytest

from cms import models, shelf
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import StaffRoleFactory
from tests.factories.cms import CardPageFactory, WorkshopPageFactory

SECRET = "Otterley Library"


@pytest.fixture
def full(shelves, lines):
    shelves.topic_page(shelves.play, introduction="Play is how trust grows.")
    course = shelves.course(title="Playful", lessons=2)
    course.topics.add(shelves.play)
    course.save()
    WorkshopPageFactory(parent=shelves.workshops, title="Play evening", topics=[shelves.play])
    card = CardPageFactory(
        parent=shelves.cards,
        title="My child has hit me",
        slug="hit-me",
        sensitive=True,
        avoid="Blocking the door\nHolding them down",
        topics=[shelves.play],
        who_to_ring=lines[:2],
    )
    card.deeper.add(course)
    card.save()
    shelves.page(models.PlainPage, title="Privacy", slug="privacy", summary="What we keep.")
    shelves.page(
        models.ResourcePage, title="A good book", slug="a-good-book", summary="Worth it.", topics=[shelves.play]
    )
    return shelves


PUBLIC = ["/", "/courses/", "/workshops/", "/topics/", "/topics/play/", "/right-now/", "/right-now/hit-me/",
          "/help-now/", "/privacy/", "/a-good-book/"]  # fmt: skip


@pytest.mark.parametrize("url", PUBLIC)
def test_a_stranger_can_open_it_and_gets_no_cookie(client, full, url):
    answer = client.get(url)
    assert answer.status_code == 200
    assert not answer.cookies


@pytest.mark.parametrize("url", PUBLIC)
def test_a_page_describes_itself_in_words_that_give_nobody_away(client, full, url):
    text = client.get(url).content.decode()
    description = re.search(r'<meta name="description" content="([^"]+)"', text)[1]
    assert "adopt" not in description.lower()
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\sstyle=|\son[a-z]+=", text)


@pytest.mark.parametrize("url", [url for url in PUBLIC if url not in ("/privacy/", "/a-good-book/")])
def test_a_page_costs_the_same_however_much_there_is(client, full, django_assert_max_num_queries, url):
    for n in range(15):
        course = shelves_course(full, n)
        CardPageFactory(parent=full.cards, topics=[full.play], who_to_ring=[])
        assert course
    with django_assert_max_num_queries(10):
        client.get(url)


def shelves_course(shelves, n):
    course = shelves.course(lessons=1, title=f"More {n}")
    course.topics.add(shelves.play)
    course.save()
    return course


def test_a_topic_page_gathers_cards_courses_workshops_and_resources(client, full):
    text = client.get("/topics/play/").content.decode()
    for words in ("Play is how trust grows.", "My child has hit me", "Playful", "Play evening", "A good book"):
        assert words in text


def test_a_topic_without_a_page_leads_to_the_catalogue(client, full):
    text = client.get("/topics/").content.decode()
    assert 'href="/topics/play/"' in text
    assert 'href="/courses/?topic=school"' in text


def test_a_card_says_what_to_do_what_to_say_and_whom_to_ring(client, full):
    text = client.get("/right-now/hit-me/").content.decode()
    for words in ("Sit down.", "I&#x27;m here.", "Blocking the door", 'href="tel:999"', "Playful"):
        assert words in text


def test_a_sensitive_page_can_be_left_at_once_with_and_without_scripts(client, full):
    text = client.get("/right-now/hit-me/").content.decode()
    assert re.search(r'<a class="button exit" href="https://www.bbc.co.uk/weather"[^>]*>Exit this page</a>', text)
    assert "lms/js/exit.js" in text
    assert "exit.js" not in client.get("/right-now/").content.decode()


def test_a_card_that_is_a_draft_or_does_not_exist_is_not_there(client, full):
    CardPageFactory(parent=full.cards, slug="draft", live=False)
    assert client.get("/right-now/draft/").status_code == 404
    assert client.get("/right-now/nothing/").status_code == 404
    assert client.get("/topics/nothing/").status_code == 404


def test_a_restricted_page_asks_who_is_there(client, full):
    full.cards.view_restrictions.create(restriction_type="login")
    assert client.get("/right-now/hit-me/").status_code == 302
    assert client.get("/right-now/").status_code == 302


def test_a_page_that_was_moved_is_not_at_its_old_address(client, full):
    full.cards.slug = "tonight"
    full.cards.save_revision().publish()
    assert client.get("/right-now/").status_code == 404
    assert client.get("/tonight/").status_code == 200


def test_who_may_write_is_shown_where_to_and_others_are_not(client, full):
    client.force_login(PersonFactory())
    assert "Edit this page" not in client.get("/topics/play/").content.decode()
    client.force_login(StaffRoleFactory(platform=True).person)
    text = client.get("/topics/play/").content.decode()
    assert "Edit this page" in text
    assert "wagtail-userbar" not in text


def test_the_site_map_lists_public_pages_and_no_lesson_session_or_person(client, full):
    text = client.get("/sitemap.xml").content.decode()
    paths = set(re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", text))
    assert text.count("<url>") == len(paths)
    assert {"/", "/courses/", "/courses/playful/", "/topics/play/", "/right-now/hit-me/", "/privacy/"} <= paths
    assert not [path for path in paths if re.search(r"session|/my|/desk|/cms|accounts|lesson|part-|verify", path)]


def test_drafts_and_restricted_pages_are_not_on_the_map(client, full):
    full.course(title="Draft course", live=False)
    full.cards.view_restrictions.create(restriction_type="login")
    text = client.get("/sitemap.xml").content.decode()
    assert "draft-course" not in text
    assert "right-now" not in text


def test_robots_are_told_what_is_public_and_nothing_else(client, full):
    answer = client.get("/robots.txt")
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/plain")
    assert "Allow: /courses/\n" in text
    assert "Allow: /privacy/\n" in text
    assert "Disallow: /\n" in text
    assert not re.search(r"/my|/desk|/cms|accounts|sessions|verify|calendar|learn/", text)


@pytest.mark.parametrize("url", [*PUBLIC[:8], "/robots.txt", "/sitemap.xml"])
def test_a_public_page_is_only_for_reading(client, full, url):
    assert client.post(url).status_code == 405


@pytest.mark.parametrize(
    ("in_the_tree", "found"), [("/home/courses/", "/courses/"), ("/home/", "/"), ("/", "/"), ("", "/")]
)
def test_even_a_page_without_a_place_has_an_address(in_the_tree, found):
    assert shelf.public_url(in_the_tree) == found
