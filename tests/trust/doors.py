"""Going in by the front door: what a browser would do, step by step."""

import re

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from lms.accounts.models import User
from lms.outbox.models import Message
from tests.factories.accounts import PASSWORD
from tests.trust.softkey import SoftKey

SECRET = "JBSWY3DPEHPK3PXP"
CODE = re.compile(r"^([A-Z0-9]{2,8}-[A-Z0-9]{2,8})$", re.MULTILINE)


NEW = {"email": "newcomer@example.org", "password1": PASSWORD, "display_name": "Sam"}


def sign_up(client: Client, **changes: str) -> HttpResponse:
    """Fill in the form of a new account."""
    return client.post(reverse("account_signup"), {**NEW, **changes})


def letters_to(address: str) -> list[Message]:
    """What was written to an address, oldest first."""
    return list(Message.objects.filter(address=address).order_by("pk"))


def code_sent_to(address: str) -> str:
    """The code in the newest letter to an address."""
    found = CODE.search(letters_to(address)[-1].text)
    assert found is not None
    return found[1]


def sign_in(client: Client, person: User, *, password: str = PASSWORD, to: str = "", **headers: str) -> HttpResponse:
    """Sign in with a password."""
    typed = {"login": person.email, "password": password, **({"next": to} if to else {})}
    return client.post(reverse("account_login"), typed, **headers)


def is_in(client: Client) -> bool:
    """Whether the browser is signed in."""
    return client.get(reverse("accounts:preferences")).status_code == 200


def with_code_app(person: User) -> None:
    """Give somebody an app that makes codes."""
    TOTP.activate(person, SECRET)


def app_code(step: int = 0) -> str:
    """What the app shows. step: 0 the code of now, 1 the next."""
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(SECRET, counters[len(counters) // 2] + step))


def prove_again(client: Client, *, password: str = PASSWORD) -> HttpResponse:
    """Type the password once more, as for every deed that matters."""
    return client.post(reverse("account_reauthenticate"), {"password": password})


def add_passkey(client: Client) -> SoftKey:
    """Add a passkey to the signed-in account, as the page does."""
    prove_again(client)
    key = SoftKey()
    options = client.get(reverse("mfa_add_webauthn")).context["js_data"]["creation_options"]
    made = client.post(
        reverse("mfa_add_webauthn"), {"name": "Phone", "credential": key.make(options), "passwordless": "on"}
    )
    assert made.status_code == 302, made.content
    return key


def sign_in_with_passkey(client: Client, key: SoftKey, *, to: str = "") -> HttpResponse:
    """Sign in with nothing but a passkey."""
    asked = client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    typed = {"credential": key.sign(asked.json()["request_options"]), **({"next": to} if to else {})}
    return client.post(reverse("mfa_login_webauthn"), typed)


def steady(answer: HttpResponse, *typed: str) -> bytes:
    """The answer's bytes without what differs in every answer, and without what was typed."""
    body = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", answer.content)
    body = re.sub(rb'nonce="[^"]+"', b"", body)
    for words in typed:
        body = body.replace(words.encode(), b"")
    return body
