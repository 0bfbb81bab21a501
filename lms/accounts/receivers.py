"""A sign-in from a browser that was never seen before is told to the account's owner; a sign-out, to the browser."""

from typing import Any

from allauth.account.signals import user_logged_in
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from lms.accounts import mail, operations
from lms.accounts.devices import without_version
from lms.accounts.models import User
from lms.outbox.operations import post


@receiver(user_logged_in, dispatch_uid="lms.accounts.new_browser")
def tell_of_new_browser(request: HttpRequest, user: User, **_: Any) -> None:
    """Write to the owner, unless this is the first sign-in of all or the browser is known."""
    browser = without_version(request.headers.get("User-Agent", ""))
    if operations.is_new_browser(person=user, browser=browser):
        now = timezone.now()
        post(mail.letter("accounts/new_browser", address=user.email, person_id=user.pk, now=now), now=now)


@receiver(user_logged_out, dispatch_uid="lms.accounts.signed_out")
def note_sign_out(request: HttpRequest | None, **_: Any) -> None:
    """Somebody goes: the answer tells their browser to forget everything (``PrivateAnswers``)."""
    if request is not None:
        request.signed_out = True  # type: ignore[attr-defined]  # for the middleware that answers last
