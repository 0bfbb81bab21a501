"""What people tell us about themselves: as little as possible."""

from typing import Any

from django import forms
from django.http import HttpRequest

from lms.accounts import rules
from lms.accounts.models import Colours, User
from lms.common.html import plain


def clean_name(typed: str) -> str:
    """Return a name without hidden characters or double spaces. Raises ValidationError for a staff word."""
    name = " ".join(plain(typed).split())
    if rules.looks_like_staff(name):
        raise forms.ValidationError("That name could be taken for somebody who works here. Choose another one.")
    return name


class NameField(forms.CharField):
    """A person's own name for themselves."""

    def __init__(self, **kwargs: Any) -> None:
        too_long = f"Use {rules.LONGEST_NAME} characters or fewer."
        super().__init__(
            max_length=rules.LONGEST_NAME,
            error_messages={"required": "Add a name. A first name is enough.", "max_length": too_long},
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        """Clean as text, then as a name."""
        return clean_name(super().clean(value))


class SignupDetails(forms.Form):
    """What sign-up asks besides address and password."""

    display_name = NameField(
        label="What shall we call you?",
        help_text="Trainers see this name. A first name or a nickname is fine.",
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Keep the chosen name; called by allauth once the account exists."""
        user.display_name = self.cleaned_data["display_name"]
        user.save(update_fields=["display_name"])


class PreferencesForm(forms.Form):
    """How a person is known and how the site looks and writes to them."""

    display_name = NameField(label="Name to show", help_text="Trainers of sessions you book see this name.")
    certificate_name = NameField(
        label="Name on certificates",
        help_text="As you write it. Leave empty to be asked each time.",
        required=False,
    )
    colours = forms.ChoiceField(label="Colours", choices=Colours, widget=forms.RadioSelect)
    full_titles = forms.BooleanField(
        label="Use full titles in e-mails and calendars",
        help_text="Leave this off if somebody else can see your calendar or your post.",
        required=False,
    )
