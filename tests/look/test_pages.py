"""The frame of every page, the pages for bad moments, and the doors."""

import re

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import BadRequest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from wagtail.models import Site
from wagtail_factories import ImageFactory

from cms.context import current
from cms.models import Brand
from lms.common import failures
from tests.factories.accounts import PASSWORD, PersonFactory
from tests.factories.agencies import StaffRoleFactory

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def words(answer):
    return answer.content.decode()


def set_brand(**fields):
    return Brand.objects.update_or_create(site=Site.objects.get(is_default_site=True), defaults=fields)[0]


@pytest.fixture
def person():
    return PersonFactory()


@pytest.fixture
def signed_in(client, person):
    client.force_login(person)
    return client


def test_every_page_begins_with_a_way_past_the_menu(client):
    page = words(client.get(LOGIN))
    assert page.index('href="#main"') < page.index("<header")
    assert '<main id="main" tabindex="-1">' in page
    assert '<html lang="en-GB">' in page


def test_help_is_on_every_page_and_works_without_a_script(client):
    page = words(client.get(LOGIN))
    assert 'popovertarget="support"' in page
    assert '<section id="support" class="support" popover' in page
    assert 'href="tel:116123"' in page
    assert page.count('href="/help-now/"') >= 2


def test_the_page_shows_the_agency(client):
    set_brand(name="Wrenbrook Adoption", duty_number="01632 960123", accent="#b4d600")
    page = words(client.get(LOGIN))
    assert "<title>Sign in | Wrenbrook Adoption</title>" in page
    assert 'href="tel:01632960123"' in page
    assert '<link rel="stylesheet" href="/brand.css?b4d600">' in page


def test_the_agency_costs_a_page_no_query_once_it_is_known(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get(LOGIN)
    with django_assert_num_queries(0):
        client.get(LOGIN)


def test_a_change_of_the_agency_shows_at_once(client):
    client.get(LOGIN)
    set_brand(name="Carrow Valley")
    assert "Carrow Valley" in words(client.get(LOGIN))
    Brand.objects.get().delete()
    assert current.get().name == "Hearth"


def test_a_logo_costs_no_query_once_it_is_known(client, django_assert_num_queries, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    logo = ImageFactory()
    logo.renditions.create(filter_spec="height-80", file=logo.file.name, width=120, height=80)
    set_brand(logo=logo)
    assert re.search(r'<img class="logo" src="[^"]+" width="\d+" height="80" alt="">', words(client.get(LOGIN)))
    with django_assert_num_queries(0):
        client.get(LOGIN)


def test_the_name_of_an_agency_cannot_run(client):
    set_brand(name="</title><script>alert(1)</script>")
    assert "<script>alert" not in words(client.get(LOGIN))


def test_the_brand_is_two_numbers_and_kept_by_its_tag(client):
    set_brand(accent="#b4d600")
    first = client.get("/brand.css")
    assert words(first) == ":root { --brand-h: 121; --brand-c: 0.12; }\n"
    assert first["Content-Type"].startswith("text/css")
    assert "public" in first["Cache-Control"]
    assert client.get("/brand.css", headers={"If-None-Match": first["ETag"]}).status_code == 304
    set_brand(accent="#0044cc")
    assert client.get("/brand.css", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_brand_is_kept_by_the_browser_of_somebody_signed_in_and_their_pages_are_not(signed_in):
    assert "no-store" not in signed_in.get("/brand.css")["Cache-Control"]
    assert "no-store" in signed_in.get("/accounts/logout/")["Cache-Control"]


@pytest.mark.parametrize(
    ("colours", "link"),
    [("follow", 'media="screen and (prefers-color-scheme: dark)"'), ("evening", 'media="screen"'), ("day", None)],
)
def test_colours_are_as_the_person_chose(client, colours, link):
    client.force_login(PersonFactory(colours=colours))
    found = re.findall(
        r'<link rel="stylesheet" href="/static/lms/css/dark.css" ([^>]*)>', words(client.get("/accounts/logout/"))
    )
    assert found == ([link] if link else [])


def test_the_menu_of_a_visitor_leads_in(client):
    page = words(client.get(LOGIN))
    assert f'href="{LOGIN}"' in page
    assert "Sign out" not in page
    assert 'href="/my/"' not in page


def test_the_menu_of_a_learner_leads_out_by_a_post_only(signed_in):
    page = words(signed_in.get("/nowhere/"))
    assert '<form method="post" action="/accounts/logout/">' in page
    assert 'href="/desk/"' not in page
    assert 'href="/cms/"' not in page


def test_the_menu_of_staff_leads_to_the_desk(client):
    client.force_login(StaffRoleFactory(role="trainer").person)
    page = words(client.get("/nowhere/"))
    assert 'href="/desk/"' in page
    assert 'href="/cms/"' in page


def test_htmx_may_not_evaluate_nor_ask_elsewhere(client):
    page = words(client.get(LOGIN))
    for setting in (
        '"allowEval": false',
        '"selfRequestsOnly": true',
        '"includeIndicatorStyles": false',
        '"code": "422", "swap": true',
    ):
        assert setting in page


def test_what_happened_is_told_as_a_status(client, person):
    client.force_login(person)
    client.post("/accounts/logout/")
    page = words(client.get(LOGIN))
    assert '<div class="wrap messages" role="status">' in page
    assert "signed out. Your place is kept." in page


def test_a_page_that_is_not_there_says_so_kindly(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "find that page" in words(answer)


def test_a_form_that_is_too_old_gives_back_what_was_typed(person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    typed = {"what_would_help": "Bedtime.\n<script>alert(1)</script>", "password": "secret words", "empty": " "}
    answer = client.post("/accounts/logout/", typed)
    page = words(answer)
    assert answer.status_code == 403
    assert "What would help" in page
    assert "&lt;script&gt;" in page
    assert "secret words" not in page
    assert "Empty" not in page


def no_database(*_):
    raise OperationalError("it is gone")


@pytest.mark.parametrize("handler", [failures.broken, failures.unavailable, failures.bad_request])
def test_a_page_for_our_own_faults_needs_no_database(handler):
    request = RequestFactory().post("/", {"what_would_help": "Bedtime."})
    with connection.execute_wrapper(no_database):
        answer = handler(request)
    assert answer.status_code in {400, 500, 503}
    assert "116 123" in words(answer)
    assert ("Bedtime." in words(answer)) == (answer.status_code == 503)


def test_what_cannot_be_read_is_a_page_too(client):
    assert client.get("/nowhere/?q=%00").status_code == 400
    assert issubclass(BadRequest, Exception)


def test_too_many_tries_says_when_to_come_back():
    answer = failures.too_many_tries(RequestFactory().post("/", {"note": "Mine."}), seconds=300)
    assert answer.status_code == 429
    assert "Try again in 5 minutes." in words(answer)
    assert "Mine." in words(answer)


DOORS = [LOGIN, "/accounts/signup/", "/accounts/login/code/", "/accounts/password/reset/"]
ROOMS = [
    "/accounts/2fa/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/sessions/",
    "/accounts/logout/",
    "/accounts/reauthenticate/",
    "/accounts/2fa/webauthn/",
]


@pytest.mark.parametrize("path", DOORS)
def test_a_door_is_ours_and_every_box_has_its_label(client, path):
    check_form_page(client.get(path))


@pytest.mark.parametrize("path", ROOMS)
def test_the_rooms_behind_are_ours_too(client, person, path):
    client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    check_form_page(client.get(path, follow=True))


def check_form_page(answer):
    page = words(answer)
    assert answer.status_code == 200
    assert page.count("<h1") == 1
    assert 'class="site-foot"' in page
    boxes = re.findall(r'<input(?![^>]*type="hidden")[^>]*\sid="([^"]+)"', page)
    assert [box for box in boxes if f'for="{box}"' not in page] == []
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert [one for one in set(ids) if ids.count(one) > 1] == []


def test_a_wrong_password_opens_the_fold_and_keeps_the_address(client, person):
    page = words(client.post(LOGIN, {"login": person.email, "password": "not that one"}))
    assert '<details class="fold" open>' in page
    assert "One thing to check" in page
    assert f'value="{person.email}"' in page
    assert "not that one" not in page


def test_an_empty_sign_up_asks_for_what_is_missing(client):
    page = words(client.post("/accounts/signup/", {}))
    assert "This field is required" not in page
    assert "Add a name." in page
    assert "Fill in “Password”" in page


def test_titles_of_pages_behind_the_door_say_nothing_of_why_one_is_here(signed_in):
    for path in ROOMS:
        title = re.search("<title>(.*?)</title>", words(signed_in.get(path, follow=True)))[1]
        assert "adopt" not in title.replace(Brand().name, "").lower()


@pytest.mark.parametrize("query", ["", "?colours=evening", "?colours=day", "?colours=<script>"])
def test_the_gallery_shows_every_part(client, query):
    answer = client.get(f"/dev/gallery/{query}")
    assert answer.status_code == 200
    page = words(answer)
    parts = (
        "card",
        "notice",
        "panel",
        "tag",
        "thread",
        "ring",
        "weft",
        "steps",
        "session",
        "pager",
        "fold",
        "field",
        "choice",
        "state",
    )
    assert [part for part in parts if not re.search(rf'class="[^"]*\b{part}\b', page)] == []
    assert page.count("<script>") == 0


def test_the_gallery_needs_no_network_but_ours(client):
    page = words(client.get("/dev/gallery/"))
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page) == []
    assert django_settings.STATIC_URL in page
