"""Who is in the room without a place."""

from django import forms

from lms.webinars.operations.overrides import StaffReason


class WalkInForm(forms.Form):
    """Who is in the room without a place, by the address they sign in with."""

    address = forms.EmailField(
        label="Their e-mail address",
        help_text="The one they sign in with. Ask them to say it, or to type it to you alone.",
        max_length=254,
        error_messages={
            "required": "Add the address they sign in with",
            "invalid": "Check the address: it should look like name@example.org",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.ChoiceField(
        label="If it's full, why they may stay",
        choices=[("", "It isn't full"), *StaffReason.choices],
        required=False,
    )
