"""Which sessions to show at the desk."""

from typing import Any

from django import forms

from lms.webinars.diary import Choices, Wanted
from lms.webinars.models import SessionKind, SessionState


class DiaryForm(forms.Form):
    """Filters in the address of a page. What makes no sense there is as if it were not asked."""

    facilitator = forms.TypedChoiceField(label="Who runs it", required=False, coerce=int, empty_value=None)
    workshop = forms.TypedChoiceField(label="Workshop", required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(
        label="What kind",
        required=False,
        choices=[("", "Any"), *((kind.value, kind.label.capitalize()) for kind in SessionKind)],
    )
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "Any"), *((state.value, state.label.capitalize()) for state in SessionState)],
    )

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["facilitator"].choices = [("", "Anybody"), *choices.people]
        fields["workshop"].choices = [("", "Any"), *choices.workshops]

    @property
    def wanted(self) -> Wanted:
        """What was asked for."""
        self.is_valid()
        asked = self.cleaned_data
        return Wanted(
            facilitator=asked.get("facilitator"),
            workshop=asked.get("workshop"),
            kind=asked.get("kind", ""),
            state=asked.get("state", ""),
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was asked for."""
        return self.wanted != Wanted()
