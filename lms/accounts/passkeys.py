"""The forms that a passkey answers with. A script fills them in, and anybody can send them anything."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as allauth
from django import forms

ODD = (ValueError, TypeError, LookupError, AttributeError, RecursionError)  # how what no passkey says breaks its reader


class _Readable(forms.Form):
    """Refuses in words what cannot be read as an answer of a passkey, and shows nothing of it again."""

    def full_clean(self) -> None:
        """Clean as usual; whatever breaks over it is not from a passkey."""
        try:
            super().full_clean()
        except ODD:
            self.add_error(None, get_adapter().validation_error("incorrect_code"))
        if self.is_bound and self.errors:
            self.data = {**dict(self.data.items()), "credential": ""}


class AddForm(_Readable, allauth.AddWebAuthnForm):
    """A new passkey."""


class AuthenticateForm(_Readable, allauth.AuthenticateWebAuthnForm):
    """A passkey after the password."""


class LoginForm(_Readable, allauth.LoginWebAuthnForm):
    """A passkey in place of a password."""


class ReauthenticateForm(_Readable, allauth.ReauthenticateWebAuthnForm):
    """A passkey once more, before something that matters."""
