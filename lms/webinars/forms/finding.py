"""What suits somebody who looks for a date."""

from collections.abc import Sequence
from typing import Any

from django import forms

from lms.webinars.finder import When, Wish
from lms.webinars.models import Where


class FindForm(forms.Form):
    """Filters in the address of a page. What makes no sense there is as if it were not asked."""

    when = forms.MultipleChoiceField(
        label="When",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (When.EVENING, "Evening"),
            (When.LUNCHTIME, "Lunchtime"),
            (When.DAYTIME, "Other daytime"),
            (When.WEEKEND, "Weekend"),
        ],
    )
    where = forms.MultipleChoiceField(
        label="Where", required=False, widget=forms.CheckboxSelectMultiple, choices=Where.choices
    )
    area = forms.ChoiceField(label="In person, near", required=False)
    captions = forms.BooleanField(label="Live captions", required=False)
    babies = forms.BooleanField(label="Babies are welcome", required=False)

    def __init__(self, *args: Any, areas: Sequence[str], own: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._own = own
        fields: dict[str, Any] = self.fields
        fields["area"].choices = [("", "Anywhere"), *((area, area) for area in areas)]

    @property
    def wish(self) -> Wish:
        """What was asked for."""
        self.is_valid()
        asked = self.cleaned_data
        return Wish(
            when=frozenset(asked.get("when", ())),
            where=frozenset(asked.get("where", ())),
            area=asked.get("area", ""),
            captions=bool(asked.get("captions")),
            babies=bool(asked.get("babies")),
            own=self._own,
        )

    @property
    def chosen(self) -> int:
        """How many filters were chosen."""
        wish = self.wish
        return len(wish.when) + len(wish.where) + bool(wish.area) + wish.captions + wish.babies
