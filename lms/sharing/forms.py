"""Bringing a course in."""

from django import forms


class BringForm(forms.Form):
    """A course as one file."""

    file = forms.FileField(
        label="The course",
        help_text="A zip that another Hearth has saved.",
        error_messages={"required": "Choose a file", "empty": "That file is empty. Save the course again."},
    )
