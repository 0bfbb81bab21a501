"""There is one way in: by code, password or passkey."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from lms.accounts import jobs
from lms.accounts.devices import device
from lms.accounts.models import User
from lms.outbox.models import Message
from tests.factories.accounts import PASSWORD, PersonFactory
from tests.trust.doors import (
    NEW,
    add_passkey,
    app_code,
    code_sent_to,
    is_in,
    letters_to,
    prove_again,
    sign_in,
    sign_in_with_passkey,
    sign_up,
    with_code_app,
)

# --- Signing up -----------------------------------------------------------------------------------


def test_signing_up_takes_an_address_a_name_and_the_code_from_the_letter(client, db):
    assert sign_up(client).headers["Location"] == reverse("account_email_verification_sent")
    assert not is_in(client)
    done = client.post(reverse("account_email_verification_sent"), {"code": code_sent_to(NEW["email"])})
    assert done.headers["Location"] == "/my/"
    assert is_in(client)
    assert User.objects.get(email=NEW["email"]).display_name == "Sam"


def test_the_request_sends_no_mail_it_only_writes_it_down(client, db):
    sign_up(client)
    assert mail.outbox == []
    assert Message.objects.get().address == NEW["email"]
    assert OrmQ.objects.count() == 1


def test_a_wrong_code_does_not_let_in_and_three_are_the_end_of_it(client, db):
    sign_up(client)
    right = code_sent_to(NEW["email"])
    for _ in range(3):
        client.post(reverse("account_email_verification_sent"), {"code": "AAAA-AAAA"})
    client.post(reverse("account_email_verification_sent"), {"code": right})
    assert not is_in(client)


def test_a_code_grows_old(client, db, time_machine, now):
    time_machine.move_to(now)
    sign_up(client)
    code = code_sent_to(NEW["email"])
    time_machine.shift(16 * 60)
    client.post(reverse("account_email_verification_sent"), {"code": code})
    assert not is_in(client)


def test_a_letter_with_a_code_is_not_sent_once_the_code_is_useless(client, db):
    sign_up(client)
    letter = Message.objects.get()
    assert 14 <= (letter.expires_at - letter.created_at).total_seconds() / 60 <= 15


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"display_name": "Moderator"}, "could be taken for somebody who works here"),
        ({"display_name": ""}, "A first name is enough"),
        ({"display_name": "x" * 81}, "80 characters or fewer"),
        ({"password1": "short"}, "at least 12"),
        ({"password1": "Hearth2026!!Adoption"}, "words about this place"),
        ({"password1": "password12345678"}, "words about this place"),
        ({"password1": "newcomer@example.org"}, "too similar"),
        ({"email": "not an address"}, "valid email"),
    ],
)
def test_what_cannot_be_taken_is_said_and_what_was_typed_stays(client, db, typed, says):
    answer = sign_up(client, **typed)
    body = answer.content.decode()
    assert says.lower() in body.lower()
    assert not User.objects.exists()
    kept = {**NEW, **typed}
    assert kept["email"] in body


# --- Signing in -----------------------------------------------------------------------------------


def test_a_password_lets_its_owner_in(client, db):
    assert sign_in(client, PersonFactory()).headers["Location"] == "/my/"
    assert is_in(client)


def test_an_address_may_be_typed_in_capitals(client, db):
    person = PersonFactory()
    client.post(reverse("account_login"), {"login": person.email.upper(), "password": PASSWORD})
    assert is_in(client)


def test_a_code_by_letter_lets_its_owner_in(client, db):
    person = PersonFactory()
    client.post(reverse("account_request_login_code"), {"email": person.email})
    client.post(reverse("account_confirm_login_code"), {"code": code_sent_to(person.email)})
    assert is_in(client)


def test_a_sign_in_code_works_once_and_in_one_browser(client, db):
    person = PersonFactory()
    client.post(reverse("account_request_login_code"), {"email": person.email})
    code = code_sent_to(person.email)
    stranger = Client()
    stranger.post(reverse("account_request_login_code"), {"email": "somebody.else@example.org"})
    stranger.post(reverse("account_confirm_login_code"), {"code": code})
    assert not is_in(stranger)
    client.post(reverse("account_confirm_login_code"), {"code": code})
    client.post(reverse("account_logout"))
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert not is_in(client)


def test_a_passkey_lets_its_owner_in_without_anything_else(client, db):
    sign_in(client, PersonFactory())
    key = add_passkey(client)
    client.post(reverse("account_logout"))
    assert sign_in_with_passkey(client, key).status_code == 302
    assert is_in(client)


def test_a_passkey_that_nobody_added_lets_nobody_in(client, db):
    sign_in(client, PersonFactory())
    key = add_passkey(client)
    client.post(reverse("account_logout"))
    key.id = b"x" * 32
    sign_in_with_passkey(client, key)
    assert not is_in(client)


def test_a_second_factor_is_asked_for_after_the_password_and_nothing_opens_before(client, db):
    person = PersonFactory()
    with_code_app(person)
    assert sign_in(client, person).headers["Location"].startswith(reverse("mfa_authenticate"))
    for name in ("accounts:preferences", "account_change_password", "account_email", "mfa_index", "accounts:delete"):
        assert client.get(reverse(name)).status_code == 302, name
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": app_code(1)})  # a phone that is a little ahead
    assert is_in(client)


def test_what_a_code_app_rests_on_is_locked_in_the_database(db):
    person = PersonFactory()
    with_code_app(person)
    assert "JBSWY3DPEHPK3PXP" not in str(person.authenticator_set.get().data)


def test_the_session_gets_a_new_key_at_sign_in_and_the_old_one_is_dead(client, db):
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    sign_in(client, PersonFactory())
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert not is_in(thief)


def test_a_disabled_account_is_out_at_the_next_request_everywhere(client, db):
    person = PersonFactory()
    browsers = [Client(), Client(), Client()]
    for browser in browsers:
        sign_in(browser, person)
    person.is_active = False
    person.save()
    assert not any(is_in(browser) for browser in browsers)
    sign_in(client, person)
    assert not is_in(client)


# --- Going out ------------------------------------------------------------------------------------


def test_signing_out_takes_a_post_and_clears_the_browser(client, db):
    sign_in(client, PersonFactory())
    client.get(reverse("account_logout"))
    assert is_in(client)
    answer = client.post(reverse("account_logout"))
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(client)


def test_a_browser_that_was_never_seen_is_told_of_and_a_known_one_is_not(db):
    person = PersonFactory()
    for browser in ("Phone/156.0", "Phone/156.0", "Phone/157.1", "Tablet/156.0"):  # one of them had an update
        sign_in(Client(headers={"user-agent": browser}), person)
    assert [letter.subject for letter in letters_to(person.email)] == ["A new browser signed in"]


def test_who_signs_out_each_time_is_told_of_each_browser_once(db):
    person = PersonFactory()
    for browser in ("Phone/156.0", "Tablet/156.0", "Phone/156.0", "Tablet/156.0"):
        client = Client(headers={"user-agent": browser})
        sign_in(client, person)
        client.post(reverse("account_logout"))
    assert len(letters_to(person.email)) == 1


def test_where_somebody_was_signed_in_is_forgotten_with_the_session(client, db):
    person = PersonFactory()
    for browser in (Client(), client):
        sign_in(browser, person)
    Session.objects.filter(session_key=client.session.session_key).update(expire_date=timezone.now())
    assert jobs.forget_places() == "forgot 1"
    assert UserSession.objects.filter(user=person).count() == 1


def test_a_person_sees_where_they_are_signed_in_and_ends_the_others(client, db):
    person, other = PersonFactory(), Client(headers={"user-agent": "An old tablet"})
    sign_in(other, person)
    sign_in(client, person)
    assert "An old tablet" in client.get(reverse("usersessions_list")).content.decode()
    client.post(reverse("usersessions_list"))
    assert is_in(client)
    assert not is_in(other)


ODD_KEYS = [
    "[" * 100_000,
    "9" * 4_400,
    "5",
    '"\\ud800"',
    '{"id": 1}',
    '{"id": "\\u00e9", "rawId": "!!", "response": []}',
]


@pytest.mark.parametrize("said", ODD_KEYS)
def test_what_no_passkey_says_is_refused_in_words(client, db, said):
    client.get(reverse("mfa_login_webauthn"))
    assert client.post(reverse("mfa_login_webauthn"), {"credential": said}).status_code < 500
    sign_in(client, PersonFactory())
    prove_again(client)
    for door in ("mfa_add_webauthn", "mfa_reauthenticate_webauthn"):
        client.get(reverse(door))
        assert client.post(reverse(door), {"credential": said}).status_code < 500
    assert is_in(client)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) Safari/604.1", "Safari on an iPhone"),
        ("Mozilla/5.0 (Linux; Android 10; K) Chrome/156.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/156.0 Safari/537.36 Edg/156.0", "Edge on Windows"),
        ("Firefox", "Firefox"),
        ("An old tablet", "An old tablet"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_called_what_people_call_it(said, words):
    assert device(said) == words


def test_nobody_sees_the_sessions_of_another(client, db):
    sign_in(Client(headers={"user-agent": "Somebody's phone"}), PersonFactory())
    sign_in(client, PersonFactory())
    assert "Somebody" not in client.get(reverse("usersessions_list")).content.decode()
