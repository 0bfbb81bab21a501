"""What matters asks for the password again, and every other door leads to ours."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.accounts import PASSWORD, AdministratorFactory, PersonFactory
from tests.trust.doors import (
    NEW,
    code_sent_to,
    is_in,
    letters_to,
    prove_again,
    sign_in,
    sign_up,
    with_code_app,
)

# --- Passwords and addresses ----------------------------------------------------------------------


def choose_new_password(client, person, password):
    client.post(reverse("account_reset_password"), {"email": person.email})
    client.post(reverse("account_confirm_password_reset_code"), {"code": code_sent_to(person.email)})
    return client.post(reverse("account_complete_password_reset"), {"password1": password, "password2": password})


def test_a_code_lets_choose_a_new_password_and_other_devices_are_signed_out(client, db):
    person, other = PersonFactory(), Client()
    sign_in(other, person)
    choose_new_password(client, person, "a new kettle and old rain")
    assert not is_in(other)
    sign_in(other, person, password="a new kettle and old rain")
    assert is_in(other)
    assert "A new password was chosen" in letters_to(person.email)[-1].text


def test_a_reset_code_works_once(db):
    person, client = PersonFactory(), Client()
    choose_new_password(client, person, "a new kettle and old rain")
    typed = dict.fromkeys(("password1", "password2"), "third kettle is the charm")
    assert client.post(reverse("account_complete_password_reset"), typed).status_code == 302
    person.refresh_from_db()
    assert person.check_password("a new kettle and old rain")


def test_a_new_password_does_not_go_round_the_second_factor(client, db):
    person = PersonFactory()
    with_code_app(person)
    choose_new_password(client, person, "a new kettle and old rain")
    assert not is_in(client)


def test_what_matters_asks_for_the_password_again(client, db):
    sign_in(client, PersonFactory())
    for name in ("account_email", "mfa_activate_totp", "mfa_add_webauthn", "accounts:delete"):
        answer = client.post(reverse(name), {"email": "new@example.org", "action_add": ""})
        assert answer.status_code == 302, name
        assert answer.headers["Location"].startswith(reverse("account_reauthenticate")), name


def test_a_new_password_needs_the_old_one(client, db):
    person = PersonFactory()
    sign_in(client, person)
    typed = {"oldpassword": "not the password", "password1": "a new kettle and old rain"}
    client.post(reverse("account_change_password"), typed | {"password2": typed["password1"]})
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_proof_of_the_password_lasts_five_minutes(client, db, time_machine, now):
    time_machine.move_to(now)
    sign_in(client, PersonFactory())
    prove_again(client)
    assert client.get(reverse("accounts:delete")).status_code == 200
    time_machine.shift(301)
    assert client.get(reverse("accounts:delete")).status_code == 302


def test_a_new_address_counts_once_it_is_proven_and_the_old_one_is_told(client, db):
    person = PersonFactory()
    old = person.email
    sign_in(client, person)
    prove_again(client)
    client.post(reverse("account_email"), {"email": "new@example.org", "action_add": ""})
    person.refresh_from_db()
    assert person.email == old
    client.post(reverse("account_email_verification_sent"), {"code": code_sent_to("new@example.org")})
    assert EmailAddress.objects.get(email="new@example.org").verified
    client.post(reverse("account_email"), {"email": "new@example.org", "action_primary": ""})
    person.refresh_from_db()
    assert person.email == "new@example.org"
    assert "was changed" in letters_to(old)[-1].text
    assert "new@example.org" not in letters_to(old)[-1].text


# --- Other doors ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/cms/login/", "/_util/login/"])
def test_wagtail_s_own_doors_lead_to_ours_and_open_for_nobody(client, db, path):
    administrator = AdministratorFactory()
    for answer in (client.get(path), client.post(path, {"username": administrator.email, "password": PASSWORD})):
        assert answer.headers["Location"].startswith(reverse("account_login"))
    assert not is_in(client)
    assert not Session.objects.filter(expire_date__gt=timezone.now()).exists()


@pytest.mark.parametrize(
    "path",
    [
        "/cms/password_reset/",
        "/cms/password_reset/done/",
        "/cms/password_reset/confirm/MQ/set-password/",
        "/admin/",
        "/admin/login/",
        "/django-admin/",
        "/api/v2/pages/",
        "/_util/authenticate_with_password/1/1/",
    ],
)
def test_the_doors_that_others_have_do_not_exist_here(client, db, path):
    answer = client.get(path)
    assert answer.status_code == 404 or answer.headers["Location"].startswith(reverse("account_login"))


def test_the_editor_asks_strangers_to_sign_in_with_us(client, db):
    assert client.get("/cms/").headers["Location"] == "/accounts/login/?next=/cms/"


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "///evil.example",
        "https:///evil.example",
        "https:evil.example",
        "https://evil.example/my/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "\t//evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "https://testserver@evil.example/",
        "http://testserver/my/",
        "data:text/html,x",
        "/%0d%0aSet-Cookie:x",
        " //evil.example",
        "my/",
        "",
    ],
)
def test_next_leads_only_to_paths_of_ours(client, db, wanted):
    answer = sign_in(client, PersonFactory(), to=wanted)
    assert answer.headers["Location"] in ("/my/", "/%0d%0aSet-Cookie:x")


def test_next_leads_on_to_where_the_person_was_going(client, db):
    assert sign_in(client, PersonFactory(), to="/my/verification/?a=b").headers["Location"] == "/my/verification/?a=b"


def test_an_invitation_is_where_a_new_account_comes_out(client, db):
    sign_up(client, next="/invitation/secret-from-a-letter/")
    done = client.post(reverse("account_email_verification_sent"), {"code": code_sent_to(NEW["email"])})
    assert done.headers["Location"] == "/invitation/secret-from-a-letter/"
