"""How allauth behaves here: it writes through the outbox, leads to own pages only, tells nobody who has an account."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from lms.accounts import mail, operations
from lms.common.crypto import box
from lms.common.http import is_own_path, safe_next
from lms.outbox.operations import post


class AccountAdapter(DefaultAccountAdapter):
    """allauth's own flow with our letters, redirects and words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "That address and password don't fit together. Check both, or ask for a code.",
        "too_many_login_attempts": "That was a lot of tries. Wait a while, then try again, or sign in another way.",
        "incorrect_password": "That isn't your password.",
        "incorrect_code": "That code doesn't work. Check it, or ask for a new one.",
        "enter_current_password": "Type the password you have now.",
        "rate_limited": "That was a lot of tries. Wait a while, then try again, or sign in another way.",
        "same_as_current": "Choose something other than what you have now.",
    }

    def is_safe_url(self, url: str | None) -> bool:
        """Only own paths: ``//host`` and ``https:host`` lead away."""
        return bool(url) and is_own_path(str(url))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where the person was going, or their own page."""
        return safe_next(request, default="/my/")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Post the letter; the request does not wait for any mail server, whoever the address belongs to."""
        person = context.get("user")
        now = timezone.now()
        written = mail.letter(
            template_prefix,
            address=email,
            person_id=getattr(person, "pk", None),
            now=now,
            code=str(context.get("code", "")),
        )
        post(written, now=now)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try. One too many is answered like any wrong one; only the owner is told, once a day."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            operations.note_guesses(address=str(credentials.get("email", "")))
            raise self.validation_error("email_password_mismatch") from None


class SecondFactorAdapter(DefaultMFAAdapter):
    """What a second factor rests on is locked with the key that lives outside the database."""

    def encrypt(self, text: str) -> str:
        """Lock a secret on the way in."""
        return box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Unlock it on the way out."""
        return box().decrypt(encrypted_text.encode()).decode()
