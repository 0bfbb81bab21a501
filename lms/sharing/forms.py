"""Bringing a course in."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from lms.agencies.models import Agency


class BringForm(forms.Form):
    """A course as one file."""

    file = forms.FileField(
        label="The course",
        help_text="A zip that another Hearth has saved.",
        error_messages={"required": "Choose a file", "empty": "That file is empty. Save the course again."},
    )


class HomeForm(forms.Form):
    """Whose the packages of a course will be."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label="Whose packages will these be?",
        help_text="Staff of that agency look after them from then on.",
        empty_label="Choose an agency",
        error_messages={"required": "Choose an agency", "invalid_choice": "Choose an agency"},
    )

    def __init__(self, *args: Any, homes: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = homes  # type: ignore[attr-defined]  # the stubs see a plain field
        if homes.count() == 1:
            self.fields["agency"].initial = homes.get()
