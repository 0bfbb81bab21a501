"""What we write about somebody's account: codes, and what happened to the ways of signing in.

Subjects and words are neutral, and never say which other address was given: the mailbox may be shared.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.urls import reverse

from lms.outbox.operations import Letter

CODE_LASTS = timedelta(minutes=15)
NOT_YOU = "If it wasn't you, choose a new password now and ring us."


@dataclass(frozen=True)
class Note:
    """One thing to write about: what the subject says, what happened, and where to go next."""

    subject: str
    says: tuple[str, ...]
    goes_to: str = ""  # name of a URL
    button: str = ""


def _code(subject: str, says: str) -> Note:
    return Note(subject, (says, "It works for 15 minutes. Not you? Then do nothing."))


def _change(subject: str, says: str) -> Note:
    return Note(subject, (says, NOT_YOU), goes_to="account_reset_password", button="Choose a new password")


NOTES = {
    "account/email/email_confirmation_signup": _code("Your code to finish signing up", "Type this code on the page."),
    "account/email/email_confirmation": _code("Your code to confirm this address", "Type this code on the page."),
    "account/email/login_code": _code("Your code to sign in", "Type this code on the page where you asked for it."),
    "account/email/password_reset_code": _code("Your code for a new password", "Type this code on the page."),
    "account/email/unknown_account": Note(
        "About signing in",
        (
            "Somebody, perhaps you, tried to sign in or to choose a new password with this address. "
            "We have no account for it.",
            "If it was you, try another address or sign up. If not, nothing has happened.",
        ),
        goes_to="account_signup",
        button="Sign up",
    ),
    "account/email/account_already_exists": Note(
        "About your account",
        (
            "Somebody, perhaps you, tried to sign up with this address. It has an account already, so nothing changed.",
            "You can sign in as before. If you've forgotten the password, choose a new one.",
        ),
        goes_to="account_login",
        button="Sign in",
    ),
    "account/email/password_changed": _change("Your password has changed", "Your password was changed."),
    "account/email/password_reset": _change("Your password has changed", "A new password was chosen with a code."),
    "account/email/password_set": _change("Your password has changed", "A password was set for your account."),
    "account/email/email_changed": _change("Your address has changed", "The address you sign in with was changed."),
    "account/email/email_confirm": _change("An address was confirmed", "An address of your account was confirmed."),
    "account/email/email_deleted": _change("An address was taken off", "An address was taken off your account."),
    "mfa/email/totp_activated": _change("A second step was added", "An app that makes codes was added."),
    "mfa/email/totp_deactivated": _change("A second step was taken off", "The app that makes codes was taken off."),
    "mfa/email/webauthn_added": _change("A passkey was added", "A passkey was added to your account."),
    "mfa/email/webauthn_removed": _change("A passkey was taken off", "A passkey was taken off your account."),
    "mfa/email/recovery_codes_generated": _change("New recovery codes", "New recovery codes were made."),
    "accounts/new_browser": _change(
        "A new browser signed in", "Somebody signed in to your account with a browser that we don't know."
    ),
    "accounts/guesses": _change(
        "Somebody tried to sign in",
        "Wrong passwords were tried for your account several times, so passwords are not taken for a few minutes. "
        "You can still sign in with a code or a passkey.",
    ),
}


def letter(about: str, *, address: str, person_id: int | None, now: datetime, code: str = "", once: str = "") -> Letter:
    """Write the letter ``about`` one of ``NOTES``. Raises KeyError for what nobody has found words for.

    code: shown large; the letter is then of no use after 15 minutes and is not sent later.
    once: names the occasion where the same may be asked twice; by default each letter is an occasion of its own.
    """
    note = NOTES[about]
    return Letter(
        kind="account",
        once=once or f"account:{uuid4()}",
        address=address,
        person_id=person_id,
        template="note",
        context={
            "subject": note.subject,
            "says": note.says,
            "code": code,
            "button": note.button,
            "link": f"{settings.LMS_BASE_URL}{reverse(note.goes_to)}" if note.goes_to else "",
        },
        expires_at=now + CODE_LASTS if code else None,
    )
