"""There is one way in, and it tells nobody who has an account."""

from pathlib import Path

import allauth
import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from lms.accounts import tasks
from lms.accounts.mail import NOTES
from lms.accounts.models import User
from lms.outbox.models import Message
from tests.factories.accounts import PASSWORD, AdministratorFactory, PersonFactory
from tests.trust.doors import (
    add_passkey,
    app_code,
    code_sent_to,
    is_in,
    letters_to,
    prove_again,
    sign_in,
    sign_in_with_passkey,
    steady,
    with_code_app,
)

NEW = {"email": "newcomer@example.org", "password1": PASSWORD, "display_name": "Sam"}


def sign_up(client, **changes):
    return client.post(reverse("account_signup"), {**NEW, **changes})


# --- Signing up ----------------------------------------------------------------------------------


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


# --- Signing in ----------------------------------------------------------------------------------


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
    client.post(reverse("mfa_authenticate"), {"code": app_code()})
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


# --- Guessing ------------------------------------------------------------------------------------


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


# --- Telling nothing -----------------------------------------------------------------------------


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
    for letter in Message.objects.all():
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


# --- Passwords and addresses ---------------------------------------------------------------------


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


# --- Other doors ---------------------------------------------------------------------------------


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


# --- Going out -----------------------------------------------------------------------------------


def test_signing_out_takes_a_post_and_clears_the_browser(client, db):
    sign_in(client, PersonFactory())
    client.get(reverse("account_logout"))
    assert is_in(client)
    answer = client.post(reverse("account_logout"))
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(client)


def test_a_browser_that_was_never_seen_is_told_of_and_a_known_one_is_not(db):
    person = PersonFactory()
    for browser in ("Phone", "Phone", "Tablet"):
        sign_in(Client(headers={"user-agent": browser}), person)
    assert [letter.subject for letter in letters_to(person.email)] == ["A new browser signed in"]


def test_a_person_sees_where_they_are_signed_in_and_ends_the_others(client, db):
    person, other = PersonFactory(), Client(headers={"user-agent": "An old tablet"})
    sign_in(other, person)
    sign_in(client, person)
    assert "An old tablet" in client.get(reverse("usersessions_list")).content.decode()
    client.post(reverse("usersessions_list"))
    assert is_in(client)
    assert not is_in(other)


def test_nobody_sees_the_sessions_of_another(client, db):
    sign_in(Client(headers={"user-agent": "Somebody's phone"}), PersonFactory())
    sign_in(client, PersonFactory())
    assert "Somebody" not in client.get(reverse("usersessions_list")).content.decode()
