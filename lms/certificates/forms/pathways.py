"""What people type about pathways."""

from django import forms

from lms.certificates.forms.fields import KindTextField


class SignOffForm(forms.Form):
    """What a member of staff says of one step."""

    verdict = forms.ChoiceField(
        label="Is this step met?",
        choices=[("met", "Yes, it's met"), ("not_yet", "Not yet")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the two."},
    )
    comment = KindTextField(
        label="A few kind words", help_text="They will read this. If it's not yet, say what is to come."
    )

    @property
    def is_met(self) -> bool:
        """Whether the step is met."""
        return bool(self.cleaned_data["verdict"] == "met")
