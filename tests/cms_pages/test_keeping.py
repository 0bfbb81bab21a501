"""What strangers are served from memory, and when it is forgotten."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template import Context, Template
from wagtail.models import Page

from cms import keeping
from tests.factories.accounts import PersonFactory
from tests.factories.cms import TopicFactory

URL = "/courses/"


@pytest.fixture(autouse=True)
def _as_in_production(settings):
    settings.LMS_WORDS_LOOK_AGAIN = timedelta(seconds=2)
    keeping._forget()


def shows(client, words):
    return words in client.get(URL).content.decode()


def test_publishing_is_seen_at_once(client, shelves):
    course = shelves.course(title="Old words")
    assert shows(client, "Old words")
    course.title = "New words"
    course.save_revision()
    assert shows(client, "Old words"), "a draft is nobody's business yet"
    course.save_revision().publish()
    assert shows(client, "New words")


def test_unpublishing_is_seen_at_once(client, shelves):
    course = shelves.course(title="Old words")
    assert shows(client, "Old words")
    course.unpublish()
    assert not shows(client, "Old words")


def test_deleting_moving_and_closing_a_page_are_seen_at_once(client, shelves):
    one, two, three = (shelves.course(title=title) for title in ("First", "Second", "Third"))
    assert shows(client, "First")
    one.delete()
    assert not shows(client, "First")
    Page.objects.get(pk=two.pk).view_restrictions.create(restriction_type="login")
    assert not shows(client, "Second")
    assert shows(client, "Third")
    three.unpublish()
    assert not shows(client, "Third")


def test_a_topic_in_other_words_is_seen_at_once(client, shelves):
    course = shelves.course(topics=[shelves.play])
    course.save()
    assert shows(client, ">Play</option>")
    shelves.play.title = "Games"
    shelves.play.save()
    assert shows(client, ">Games</option>")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_another_process_hears_of_it_through_the_shared_cache(shelves):
    made = []
    keeping.remember("thing", lambda: made.append(1) or "one")
    mark = cache.get("words:mark")
    TopicFactory()
    assert cache.get("words:mark") != mark
    keeping.remember("thing", lambda: made.append(1) or "two")
    assert len(made) == 2


def test_a_mark_set_elsewhere_is_noticed_after_a_moment(settings, db):
    settings.LMS_WORDS_LOOK_AGAIN = timedelta(0)
    assert keeping.remember("thing", lambda: "one") == "one"
    assert keeping.remember("thing", lambda: "two") == "one"
    cache.set("words:mark", "set by another process", timeout=None)
    assert keeping.remember("thing", lambda: "two") == "two"


def test_what_is_kept_does_not_grow_for_ever(db, monkeypatch):
    monkeypatch.setattr(keeping, "MOST", 5)
    for n in range(20):
        keeping.remember(f"thing {n}", lambda: "one")
    assert len(keeping._things) <= 5


@pytest.mark.parametrize("name", ["sessionid", "colours", "messages", "anything"])
def test_any_cookie_but_the_forms_own_means_a_page_made_anew(rf, db, name):
    request = rf.get(URL)
    request.COOKIES[name] = "x"
    assert not keeping.is_stranger(request)


def test_the_cookie_of_the_forms_is_a_strangers_too(rf, settings):
    request = rf.get(URL)
    request.COOKIES[settings.CSRF_COOKIE_NAME] = "x"
    assert keeping.is_stranger(request)
    assert not keeping.is_stranger(rf.post(URL))


def answers(rf, make):
    made = []

    def counted(request):
        made.append(1)
        return make(request)

    for _ in range(2):
        request = rf.get("/x/")
        keeping.answer_once(request, "x", lambda request=request: counted(request))
    return len(made)


def test_an_answer_with_a_token_a_cookie_a_nonce_or_a_fault_is_never_kept(rf, db):
    def with_cookie(_request):
        answer = HttpResponse("hello")
        answer.set_cookie("seen", "1")
        return answer

    def with_nonce(request):
        request._csp_nonce = "abc"
        return HttpResponse("hello")

    assert answers(rf, lambda request: HttpResponse(get_token(request))) == 2
    assert answers(rf, with_cookie) == 2
    assert answers(rf, with_nonce) == 2
    assert answers(rf, lambda _: HttpResponse("gone", status=404)) == 2
    assert answers(rf, lambda _: HttpResponse("hello")) == 1


def test_what_is_kept_keeps_its_headers(rf, db):
    for _ in range(2):
        answer = keeping.answer_once(
            rf.get("/x/"), "x", lambda: HttpResponse("hello", headers={"X-Robots-Tag": "noindex"})
        )
        assert (answer["X-Robots-Tag"], answer["Vary"]) == ("noindex", "Cookie")


def test_a_member_between_two_strangers_leaves_no_trace(client, shelves):
    shelves.course(title="Course")
    client.force_login(PersonFactory(display_name="Wren"))
    assert shows(client, "Sign out")
    client.logout()
    client.cookies.clear()
    assert shows(client, "Sign in")
    assert not shows(client, "Sign out")


def test_an_address_with_strange_parts_is_not_kept(client, shelves):
    client.get(URL, {"utm_source": "one"})
    client.get(URL, {"q": "private words"})
    assert not any("utm" in key or "private" in key for key in keeping._things)


PART = Template(
    "{% load shelves %}{% same_for_everybody %}{{ user.is_authenticated }} {{ page }}{% end_same_for_everybody %}"
)


def draw(request, page, person):
    return PART.render(Context({"request": request, "user": person, "page": page, "csrf_token": "secret"}))


def test_a_part_that_is_the_same_for_everybody_knows_nobody(rf, db):
    member = PersonFactory()
    assert draw(rf.get("/x/"), "first", member) == "False first"
    assert draw(rf.get("/x/"), "second", AnonymousUser()) == "False first"


@pytest.mark.parametrize("address", ["/x/?age=5-7", "/y/", "/x/?q=words", "/x/?utm=1"])
def test_another_address_is_another_part(rf, db, address):
    draw(rf.get("/x/"), "first", AnonymousUser())
    assert draw(rf.get(address), "second", AnonymousUser()) == "False second"


def test_a_preview_is_never_taken_from_memory_nor_put_there(rf, db):
    preview = rf.get("/x/")
    preview.is_preview = True
    assert draw(preview, "draft", AnonymousUser()) == "False draft"
    assert draw(rf.get("/x/"), "page", AnonymousUser()) == "False page"
    assert draw(preview, "draft", AnonymousUser()) == "False draft"


@pytest.mark.django_db
def test_a_site_that_has_no_pages_yet_still_answers(client):
    assert client.get("/").status_code == 200
    assert client.get(URL).status_code == 404
