"""What people tell us about themselves: as little as possible."""

from functools import lru_cache
from typing import Any, cast
from zoneinfo import available_timezones

from django import forms
from django.http import HttpRequest

from lms.accounts import rules
from lms.accounts.models import Colours, User
from lms.accounts.operations import Preferences
from lms.common.html import plain
from lms.outbox.kinds import kinds_to_choose

HOME_ZONE = "Europe/London"


@lru_cache(maxsize=1)
def zone_choices() -> list[tuple[str, str]]:
    """Return the time zones of the world by place, ours first."""
    places = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
    named = [(zone, zone.replace("_", " ").replace("/", ": ", 1)) for zone in places if zone != HOME_ZONE]
    return [(HOME_ZONE, "United Kingdom"), *named]


class NameField(forms.CharField):
    """A person's name as they write it: one line, nothing hidden, no wall of accents."""

    def __init__(self, **kwargs: Any) -> None:
        too_long = f"Use {rules.LONGEST_NAME} characters or fewer."
        super().__init__(
            max_length=rules.LONGEST_NAME,
            error_messages={"required": "Add a name. A first name is enough.", "max_length": too_long},
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        """Take out what cannot be seen and double spaces."""
        return " ".join(plain(super().to_python(value) or "").split())

    def validate(self, value: str) -> None:
        """Refuse what would spill over the lines around it."""
        super().validate(value)
        if rules.is_wall_of_marks(value):
            raise forms.ValidationError("Use no more than two accents on a letter.")


class ShownNameField(NameField):
    """A name that others see: nobody may look like somebody who works here."""

    def validate(self, value: str) -> None:
        """Refuse a name that could be taken for staff."""
        super().validate(value)
        if rules.looks_like_staff(value):
            raise forms.ValidationError("That name could be taken for somebody who works here. Choose another one.")


class SignupDetails(forms.Form):
    """What sign-up asks besides address and password."""

    display_name = ShownNameField(
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

    display_name = ShownNameField(
        label="Name to show",
        help_text="Trainers of sessions you book see this name.",
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    certificate_name = NameField(
        label="Name on certificates",
        help_text="As you write it. We fill it in for you when you have earned one.",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    colours = forms.ChoiceField(label="Colours", choices=Colours, widget=forms.RadioSelect)
    time_zone = forms.ChoiceField(
        label="Where you are",
        help_text="Times are shown for the United Kingdom, and for where you are if that's somewhere else.",
        choices=zone_choices,
    )
    full_titles = forms.BooleanField(
        label="Use full titles in e-mails and calendars",
        help_text="Leave this off if somebody else can see your calendar or your post.",
        required=False,
    )
    content_notices = forms.BooleanField(
        label="Show a note before hard parts",
        help_text=(
            "With it on, a hard part shows only when you ask for it. With it off, it stands in the page with the rest. "
            "We still say what it's about, and you can still leave it out. Copies on your phone do the same."
        ),
        required=False,
    )

    def preferences(self) -> Preferences:
        """Return what was chosen; only after ``is_valid``."""
        return Preferences(**self.cleaned_data)


class LettersForm(forms.Form):
    """Which letters somebody wants, of those that they may do without."""

    wanted = forms.MultipleChoiceField(
        label="Send me these",
        help_text="Take a tick off to stop one. Take them all off, and we write only when something has to reach you.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.MultipleChoiceField, self.fields["wanted"])
        field.choices = [(kind.name, kind.choice) for kind in kinds_to_choose()]


class FarewellForm(forms.Form):
    """One deliberate tick before everything goes."""

    sure = forms.BooleanField(
        label="Yes, delete my account and everything that hangs on it",
        error_messages={"required": "Tick the box if you want this. If not, nothing has changed."},
    )
