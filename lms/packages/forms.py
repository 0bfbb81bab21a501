"""Bringing a package in, and saying when it counts as done."""

from collections.abc import Sequence
from typing import Any

from django import forms

from lms.agencies.models import Agency
from lms.common.html import plain
from lms.packages.models import OnReplace, Policy


class TitleField(forms.CharField):
    """A title in one line that can be seen."""

    def __init__(self) -> None:
        super().__init__(label="Title", max_length=150, error_messages={"required": "Give it a title"})

    def to_python(self, value: object) -> str:
        """Without what cannot be seen, so that what is left is there."""
        return " ".join(plain(super().to_python(value) or "").split())


class UploadForm(forms.Form):
    """A zip of somebody else's programme."""

    title = TitleField()
    agency = forms.ModelChoiceField(Agency.objects.none(), empty_label=None)
    file = forms.FileField(
        label="Package",
        help_text="A zip, exported as SCORM 1.2 or 2004.",
        error_messages={"required": "Choose a file", "empty": "That file is empty. Export the package again."},
    )

    identity = forms.UUIDField(
        label="Its identity elsewhere",
        required=False,
        help_text="Only for a course from another Hearth that names it: the last part of the package's address there.",
        error_messages={"invalid": "Copy the whole identity, or leave this empty."},
    )

    def __init__(self, *args: Any, agencies: Sequence[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._agencies = agencies
        whose = Agency.objects.filter(pk__in=[one.pk for one in agencies])
        self.fields["agency"].queryset = whose  # type: ignore[attr-defined]  # the stubs see a plain field
        if len(agencies) == 1:
            del self.fields["agency"]

    @property
    def agency_chosen(self) -> Agency:
        """Whose package it will be."""
        chosen: Agency = self.cleaned_data.get("agency") or self._agencies[0]
        return chosen


class ReplaceForm(forms.Form):
    """A new version of a package."""

    file = forms.FileField(label="New version", error_messages={"required": "Choose a file"})
    on_replace = forms.ChoiceField(
        label="What about people who are in the middle of it?", choices=OnReplace.choices, widget=forms.RadioSelect
    )


class SettingsForm(forms.Form):
    """What a package is called, and when a part of it is done."""

    title = TitleField()
    policy = forms.ChoiceField(label="A part is done when", choices=Policy.choices, widget=forms.RadioSelect)
    pass_mark = forms.IntegerField(label="The mark, in per cent", min_value=0, max_value=100)
