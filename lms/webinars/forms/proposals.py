"""What a coordinator says to a proposal."""

from django import forms

from lms.webinars import rules


class DeclineForm(forms.Form):
    """Why a group that was proposed is not taken up."""

    reason = forms.CharField(
        label="Why not, this time?",
        help_text="Who proposed it reads this. Say what would make it possible.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say in a few words why not"},
    )

    def clean_reason(self) -> str:
        """One line, as it stands in a mail."""
        return rules.one_line(self.cleaned_data["reason"])
