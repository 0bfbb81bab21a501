"""Every kind of answer carries its headers, is kept by nobody where it is private, and believes no visitor's header."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.test import Client
from django.urls import include, path, reverse

from lms.accounts.models import User
from lms.common.failures import too_many_tries
from lms.common.http import file_with_range, is_own_path
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, StaffRoleFactory
from tests.factories.certificates import AwardFactory
from tests.factories.cms import SiteTree
from tests.factories.webinars import BookingFactory, SessionFactory
from tests.trust.doors import sign_in

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def boom(request):
    raise RuntimeError("a fault of ours")


def refuse(kind):
    def view(request):
        raise kind

    return view


urlpatterns = [
    path("kinds/json", lambda request: JsonResponse({})),
    path("kinds/pdf", lambda request: HttpResponse(b"%PDF", content_type="application/pdf")),
    path("kinds/file", lambda request: file_with_range(request, Path(__file__))),
    path("kinds/redirect", lambda request: HttpResponse(status=302, headers={"Location": "/"})),
    path("kinds/400", refuse(BadRequest)),
    path("kinds/403", refuse(PermissionDenied)),
    path("kinds/404", refuse(Http404)),
    path("kinds/429", too_many_tries),
    path("kinds/500", boom),
    path("", include("lms.urls")),
]
handler400 = "lms.common.failures.bad_request"
handler403 = handler404 = "lms.common.failures.not_found"
handler500 = "lms.common.failures.broken"

KINDS = {
    "kinds/json": 200,
    "kinds/pdf": 200,
    "kinds/file": 200,
    "kinds/redirect": 302,
    "kinds/400": 400,
    "kinds/403": 404,
    "kinds/404": 404,
    "kinds/429": 429,
    "kinds/500": 500,
    "accounts/login/": 200,
    "healthz": 200,
    "no/such/page/": 404,
}


@pytest.fixture
def kinds(settings):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def policy_of(answer):
    parts = (part.split() for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in parts}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_has_the_headers(kinds, db, kind):
    answer = kinds.get(f"/{kind}")
    b"".join(answer)  # to the end, so that a file is closed
    assert answer.status_code == KINDS[kind]
    assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
    policy = policy_of(answer)
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert not any("unsafe" in value or "*" in value for values in policy.values() for value in values)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_a_signed_in_person_gets_is_kept(kinds, db, kind):
    kinds.force_login(PersonFactory())
    answer = kinds.get(f"/{kind}")
    b"".join(answer)  # to the end, so that a file is closed
    assert "no-store" in answer.headers["Cache-Control"]
    assert "private" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("kind", ["kinds/400", "kinds/404", "kinds/429", "kinds/500"])
def test_a_failure_is_a_page_in_words_not_a_stack(kinds, db, kind):
    body = kinds.get(f"/{kind}").content.decode()
    assert "<h1>" in body
    assert "Traceback" not in body
    assert "RuntimeError" not in body


def test_forbidden_and_missing_are_the_same_bytes(kinds, db):
    assert kinds.get("/kinds/403").content == kinds.get("/kinds/404").content == kinds.get("/no/such/page/").content


def test_private_files_and_calendars_are_not_kept_either(client, db, now):
    person = PersonFactory()
    session = BookingFactory(person=person, session=SessionFactory(starts_at=now.replace(year=2099))).session
    award = AwardFactory(person=person)
    sign_in(client, person)
    paths = [
        reverse("webinars:calendar_file", args=[session.uuid]),
        reverse("certificates:text", args=[award.uuid]),
        reverse("certificates:award", args=[award.uuid]),
        reverse("accounts:privacy"),
    ]
    for where in paths:
        answer = client.get(where)
        assert answer.status_code == 200, where
        assert "no-store" in answer.headers["Cache-Control"], where


def test_a_page_may_run_nothing_that_stands_in_it(client, db):
    policy = client.get(reverse("account_login")).headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert not {"'unsafe-inline'", "'unsafe-eval'", "data:"} & {
        *policy.partition("script-src ")[2].partition(";")[0].split()
    }


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_a_page_with_a_form_varies_with_the_cookie(client, db, name):
    assert "Cookie" in client.get(reverse(name)).headers["Vary"]


def test_a_stranger_s_page_and_a_signed_in_one_are_never_mixed_up(client, db):
    SiteTree()
    stranger = Client().get("/courses/")
    client.force_login(PersonFactory(display_name="Wilhelmina"))
    own = client.get("/courses/")
    again = Client().get("/courses/")
    assert stranger.content == again.content
    assert b"Sign out" in own.content
    assert b"Sign out" not in again.content
    assert "Cookie" in again.headers["Vary"]


def test_titles_of_private_pages_are_neutral(client, db):
    client.force_login(StaffRoleFactory().person)
    for name in ("accounts:preferences", "accounts:privacy", "agencies:verification", "agencies:people"):
        body = client.get(reverse(name)).content.decode().lower()
        title = body.partition("<title>")[2].partition("</title>")[0]
        assert "adopt" not in title, name


# --- Cookies -------------------------------------------------------------------------------------


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client, db):
    answer = sign_in(client, PersonFactory())
    cookie = answer.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    token = client.get(reverse("account_email")).cookies[settings.CSRF_COOKIE_NAME]
    assert token["httponly"]
    assert token["samesite"] == "Lax"


# --- What a visitor's headers are worth ----------------------------------------------------------


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "X-Host", "Forwarded"])
def test_no_header_puts_another_host_into_a_letter(db, header):
    person = PersonFactory()
    stranger = Client(headers={header: "evil.example"}) if header != "Host" else Client(SERVER_NAME="evil.example")
    stranger.post(
        reverse("account_signup"), {"email": person.email, "password1": "a kettle and rain", "display_name": "S"}
    )
    from lms.outbox.models import Message

    letters = list(Message.objects.all())
    assert letters or header == "Host"  # that one is turned away at the door
    for letter in letters:
        assert "evil.example" not in letter.text + letter.html
        assert settings.LMS_BASE_URL in letter.text


def test_a_host_that_is_not_ours_gets_nothing(db):
    answer = Client(SERVER_NAME="evil.example", raise_request_exception=False).get("/accounts/login/")
    assert answer.status_code == 400
    assert b"evil.example" not in answer.content


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("/my/", True),
        ("/my/?a=b#c", True),
        ("/a//b/", True),
        ("//evil.example", False),
        ("///evil.example", False),
        ("/\\evil.example", False),
        ("/\t/evil.example", False),
        ("/\r\n/evil.example", False),
        ("https://evil.example", False),
        ("https:evil.example", False),
        ("javascript:alert(1)", False),
        ("\x00/my/", False),
        ("/my/\x7f", False),
        ("", False),
        ("my/", False),
    ],
)
def test_what_is_a_path_of_ours(address, own):
    assert is_own_path(address) is own


# --- Forms ---------------------------------------------------------------------------------------


def forms_client(**headers):
    return Client(enforce_csrf_checks=True, headers=headers)


@pytest.mark.parametrize(
    "name", ["account_login", "account_signup", "account_logout", "agencies:verification", "accounts:delete"]
)
def test_a_form_without_our_token_is_refused_and_gives_back_what_was_typed(db, name):
    client = forms_client()
    client.force_login(PersonFactory())
    answer = client.post(reverse(name), {"email": "typed@example.org", "password": "typed secret"})
    assert answer.status_code == 403
    assert "typed@example.org" in answer.content.decode()
    assert "typed secret" not in answer.content.decode()


def test_another_s_token_and_another_origin_are_refused(db):
    client, other = forms_client(), forms_client()
    token = other.get(reverse("account_login")).cookies["csrftoken"].value
    client.force_login(person := PersonFactory())
    client.get(reverse("accounts:preferences"))
    typed = {"display_name": "Changed", "csrfmiddlewaretoken": token}
    assert client.post(reverse("accounts:preferences"), typed).status_code == 403
    own = {**typed, "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    for origin in ("null", "https://evil.example"):
        assert client.post(reverse("accounts:preferences"), own, headers={"origin": origin}).status_code == 403
    assert User.objects.get(pk=person.pk).display_name != "Changed"


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options", "trace"])
def test_what_changes_something_takes_a_post_and_nothing_else(client, db, method):
    row = StaffRoleFactory(role="trainer")
    client.force_login(StaffRoleFactory(agency=row.agency, role="manager").person)
    answer = getattr(client, method)(reverse("agencies:take_role", args=[row.pk]))
    assert answer.status_code == 405
    row.refresh_from_db(from_queryset=type(row).objects.unscoped(because="a test"))
    assert row.revoked_at is None


NULS = {
    "query": ("get", "/courses/?q=a%00b", None),
    "path": ("get", "/courses/a%00b/", None),
    "field": ("post", "/accounts/login/", {"login": "a\x00b", "password": "x"}),
}


@pytest.mark.parametrize("where", NULS)
def test_a_nul_is_refused_in_words_wherever_it_comes_in(db, where):
    method, target, typed = NULS[where]
    answer = getattr(Client(raise_request_exception=False), method)(target, typed)
    assert answer.status_code == 400
    assert b"<h1>" in answer.content


def test_a_form_of_many_megabytes_is_refused_in_words(db):
    answer = Client(raise_request_exception=False).post("/accounts/login/", {"login": "x" * 3_000_000})
    assert answer.status_code in (400, 413)
    assert b"<h1>" in answer.content


@pytest.mark.parametrize(
    "text",
    [
        "🦊" * 500,
        "مرحبا \u202e",
        "<script>alert(1)</script>",
        "x" * 10_000,
        "'; DROP TABLE x; --",
        "{{7*7}}{% debug %}",
        "\ud7ff",
    ],
)
@pytest.mark.parametrize("name", ["accounts:preferences", "agencies:verification"])
def test_any_text_in_any_field_gets_an_answer_in_words(client, db, name, text):
    AgencyFactory()
    client.force_login(PersonFactory())
    fields = dict.fromkeys(("display_name", "certificate_name", "colours", "time_zone", "agency"), text)
    answer = client.post(reverse(name), fields)
    assert answer.status_code == 422
    assert b"<script>alert" not in answer.content
    assert b"49{" not in answer.content
