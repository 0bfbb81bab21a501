"""What adopters say when they want a place, wait for one, or bring their partner; and what staff decide."""

from typing import Any

from django import forms

from lms.webinars.forms.people import NeedsForm
from lms.webinars.models import Policy
from lms.webinars.operations import StaffReason

JUST_ME = ("", "One place, for me")
FOR_TWO = Policy.TOGETHER_ONLY.value


class WaitForm(NeedsForm):
    """Whether one place is waited for, or two."""

    together = forms.ChoiceField(
        label="How many places?",
        required=False,
        choices=[
            JUST_ME,
            (Policy.TOGETHER_ONLY, "Two places, and only if there are two"),
            (Policy.EITHER, "Two places, or one if that's what there is"),
        ],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose how many places"},
    )

    def __init__(self, *args: Any, one_is_free: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if one_is_free:  # who would take one can have it without waiting
            fields: dict[str, Any] = self.fields
            fields["together"].choices = [choice for choice in fields["together"].choices if choice[0] == FOR_TWO]
            fields["together"].initial = FOR_TWO


class PartnerForm(NeedsForm):
    """Whom a second place is for: an address to write to, or nothing, and the link is handed over."""

    address = forms.EmailField(
        label="Your partner's e-mail",
        help_text="We write to them once, so that they can say yes. Leave it empty to pass the link on yourself.",
        required=False,
        max_length=254,
        error_messages={"invalid": "Check the address: it should look like name@example.org"},
    )

    field_order = ("linked", "address", "access_needs")

    def __init__(self, *args: Any, partner: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if partner:
            self.fields["linked"] = forms.BooleanField(
                label=f"Write to {partner}, who you're linked with",
                help_text="At the address they use now. You don't see it.",
                required=False,
            )
            self.order_fields(self.field_order)


class ReasonedForm(forms.Form):
    """Why staff decide something over the rules: one of a few fixed reasons."""

    reason = forms.ChoiceField(
        label="Why", choices=StaffReason.choices, error_messages={"invalid_choice": "Choose why"}
    )


class AddPersonForm(ReasonedForm):
    """Whom to give a place, and whether past the limit."""

    address = forms.EmailField(
        label="Their e-mail",
        help_text="Of an adopter that your agency vouches for.",
        max_length=254,
        error_messages={"required": "Add their e-mail", "invalid": "Check the address"},
    )
    even_if_full = forms.BooleanField(label="Even if it's full", required=False)

    field_order = ("address", "reason", "even_if_full")


class PlacesForm(forms.Form):
    """How many places there are; empty for no limit."""

    capacity = forms.IntegerField(
        label="Places",
        help_text="Leave it empty for no limit. Fewer than are taken removes nobody.",
        required=False,
        min_value=0,
        max_value=10_000,
        error_messages={"invalid": "Add a whole number", "min_value": "Add 0 or more", "max_value": "That's too many"},
    )


class MoveForm(ReasonedForm):
    """Which other session somebody is moved to."""

    to = forms.UUIDField(error_messages={"required": "Choose another session", "invalid": "Choose another session"})
    even_if_full = forms.BooleanField(label="Even if it's full", required=False)

    field_order = ("to", "reason", "even_if_full")
