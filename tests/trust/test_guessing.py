"""Guessing is slowed down, and nothing tells a stranger who has an account."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import allauth
import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse
from django_q.models import OrmQ

from lms.accounts import tasks
from lms.accounts.mail import NOTES
from lms.accounts.models import User
from lms.outbox.models import Message
from tests.factories.accounts import PASSWORD, PersonFactory
from tests.trust.doors import (
    NEW,
    add_passkey,
    code_sent_to,
    is_in,
    letters_to,
    sign_in,
    sign_up,
    steady,
)

# --- Guessing -------------------------------------------------------------------------------------


def guess(person, times):
    return [
        sign_in(Client(), person, password="not the password", REMOTE_ADDR=f"10.0.0.{n}") for n in range(1, times + 1)
    ]


def test_after_five_wrong_passwords_even_the_right_one_gets_the_same_no(db):
    person = PersonFactory()
    answers = guess(person, 6)
    right = sign_in(Client(), person, REMOTE_ADDR="10.0.1.1")
    assert {answer.status_code for answer in [*answers, right]} == {200}
    assert len({steady(answer) for answer in [*answers, right]}) == 1


def test_the_owner_can_still_sign_in_with_a_code_while_somebody_guesses(client, db):
    person = PersonFactory()
    guess(person, 6)
    client.post(reverse("account_request_login_code"), {"email": person.email})
    client.post(reverse("account_confirm_login_code"), {"code": code_sent_to(person.email)})
    assert is_in(client)


def test_guessing_at_one_account_locks_nobody_else_out(client, db):
    guess(PersonFactory(), 8)
    sign_in(client, PersonFactory(), REMOTE_ADDR="10.0.1.1")
    assert is_in(client)


def test_the_pause_ends_by_itself(client, db, time_machine, now):
    time_machine.move_to(now)
    person = PersonFactory()
    guess(person, 6)
    time_machine.shift(301)
    sign_in(client, person)
    assert is_in(client)


def test_only_the_owner_is_told_of_guesses_and_once_a_day(db):
    person, stranger = PersonFactory(), PersonFactory()
    for _ in range(2):
        guess(person, 7)
    tasks.warn_of_guesses(address=tasks.address_hash(person.email))
    tasks.warn_of_guesses(address=tasks.address_hash(person.email.upper()))
    assert len(letters_to(person.email)) == 1
    assert not letters_to(stranger.email)


def test_guesses_put_the_same_task_off_for_an_address_that_nobody_has(db):
    guess(PersonFactory(), 6)
    known = OrmQ.objects.count()
    guess(PersonFactory.build(email="nobody@example.org"), 6)
    assert OrmQ.objects.count() == 2 * known == 2
    assert tasks.warn_of_guesses(address=tasks.address_hash("nobody@example.org")) == "nobody's address"


def test_one_internet_address_cannot_try_many_accounts(client, db):
    for _ in range(10):
        sign_in(Client(), PersonFactory(), password="not the password", REMOTE_ADDR="10.9.9.9")
    sign_in(client, person := PersonFactory(), REMOTE_ADDR="10.9.9.9")
    assert not is_in(client)
    sign_in(client, person, REMOTE_ADDR="10.1.1.1")
    assert is_in(client)


@pytest.mark.parametrize("name", ["account_reset_password", "account_signup"])
def test_too_many_tries_get_a_calm_page_that_says_when(db, name):
    answers = [Client().post(reverse(name), {**NEW, "email": f"a{n}@example.org"}) for n in range(21)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert "wait a little" in answers[-1].content.decode()
    assert "a20@example.org" in answers[-1].content.decode()  # what was typed is given back
    assert PASSWORD not in answers[-1].content.decode()


def test_too_many_codes_are_refused_in_words(db):
    typed = {"email": "a@example.org"}
    answers = [Client().post(reverse("account_request_login_code"), typed, follow=True) for _ in range(4)]
    assert "a lot of tries" in answers[-1].content.decode()
    assert len(letters_to("a@example.org")) == 3


@pytest.mark.parametrize("name", ["account_request_login_code", "account_reset_password"])
def test_nobody_s_post_is_filled_with_codes_that_another_asks_for(db, time_machine, name):
    for minutes in range(33):
        time_machine.move_to(datetime(2026, 3, 28, 9, tzinfo=UTC) + timedelta(minutes=minutes))
        Client().post(reverse(name), {"email": "a@example.org"})
    assert len(letters_to("a@example.org")) == 30


# --- Telling nothing ------------------------------------------------------------------------------


def twice(path, known, unknown, **more):
    """Do the same for an address with and without an account, to the end of the redirects."""
    answers = []
    for address in (known, unknown):
        typed = {name: address if value == "?" else value for name, value in more.items()}
        answers.append(Client().post(path, typed, follow=True))
    return answers


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("account_login", {"login": "?", "password": "not the password"}),
        ("account_request_login_code", {"email": "?"}),
        ("account_reset_password", {"email": "?"}),
        ("account_signup", {"email": "?", "password1": PASSWORD, "display_name": "Sam"}),
    ],
)
def test_an_address_with_an_account_gets_the_same_answer_as_one_without(db, name, fields):
    person = PersonFactory(email="known@example.org")
    known, unknown = twice(reverse(name), person.email, "other@example.org", **fields)
    assert known.status_code == unknown.status_code
    assert known.redirect_chain == unknown.redirect_chain
    assert steady(known, person.email) == steady(unknown, "other@example.org")


@pytest.mark.parametrize("name", ["account_request_login_code", "account_reset_password"])
def test_both_are_written_to_so_that_neither_takes_longer(db, name):
    PersonFactory(email="known@example.org")
    twice(reverse(name), "known@example.org", "other@example.org", email="?")
    assert len(letters_to("known@example.org")) == len(letters_to("other@example.org")) == 1


def test_signing_up_again_makes_no_second_account_and_only_the_owner_learns_of_it(client, db):
    PersonFactory(email=NEW["email"])
    sign_up(client)
    assert User.objects.count() == 1
    assert "tried to sign up" in letters_to(NEW["email"])[0].text


def test_a_wrong_code_after_a_made_up_sign_up_is_answered_like_a_wrong_code(db):
    PersonFactory(email="known@example.org")
    bodies = []
    for address in ("known@example.org", "other@example.org"):
        client = Client()
        sign_up(client, email=address)
        answer = client.post(reverse("account_email_verification_sent"), {"code": "AAAA-AAAA"})
        bodies.append((answer.status_code, steady(answer, address)))
    assert bodies[0] == bodies[1]


def test_subjects_and_words_are_neutral(client, db):
    person = PersonFactory()
    sign_in(client, person)
    add_passkey(client)
    client.post(reverse("account_reset_password"), {"email": "other@example.org"})
    sign_up(Client(), email=person.email)
    letters = list(Message.objects.all())
    assert len(letters) >= 3
    for letter in letters:
        assert "adopt" not in (letter.subject + letter.text + letter.html).lower()


class CountedHasher(MD5PasswordHasher):
    """Real, and says how often it worked."""

    algorithm = "counted"
    turns = 0

    def encode(self, password, salt):
        CountedHasher.turns += 1
        return super().encode(password, salt)


def test_a_wrong_password_is_as_much_work_for_an_address_that_nobody_has(db, settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountedHasher"]
    person = PersonFactory()
    work = []
    for address in (person.email, "nobody@example.org"):
        before = CountedHasher.turns
        Client().post(reverse("account_login"), {"login": address, "password": "not the password"})
        work.append(CountedHasher.turns - before)
    assert work[0] == work[1] == 1


def test_every_letter_that_allauth_writes_has_words_of_ours():
    folder = Path(allauth.__file__).parent / "templates"
    theirs = {
        str(path.relative_to(folder)).removesuffix("_subject.txt") for path in folder.glob("*/email/*_subject.txt")
    }
    by_link = {"account/email/password_reset_key"}  # links are not in use: every way in is by code
    others = {name for name in theirs if not name.startswith(("account/", "mfa/"))}
    assert theirs - others - by_link <= NOTES.keys()
