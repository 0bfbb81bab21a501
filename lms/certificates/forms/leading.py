"""What a leader types when they propose a group."""

from datetime import datetime, timedelta
from typing import Any

from django import forms

from lms.agencies.models import Agency
from lms.certificates.forms.fields import day_field
from lms.webinars.models import SessionKind, Where
from lms.webinars.operations import PartPlan, SessionPlan
from lms.webinars.rules import one_line

NEUTRAL = "An evening together"
MOST_WEEKS = 12
SHORTEST, LONGEST = 30, 240  # minutes
FEWEST, MOST = 2, 16  # people for two leaders
ASKED = {"required": "Choose a time"}


class ProposeForm(forms.Form):
    """A group that somebody would like to lead. Where it meets is told to nobody but people with a place."""

    title = forms.CharField(
        label="What would you call it?", help_text="Everyone sees this. Like: Saturday coffee group.", max_length=150
    )
    first_date = day_field("First date")
    starts = forms.TimeField(
        label="Starts at", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), error_messages=ASKED
    )
    minutes = forms.IntegerField(label="Minutes", min_value=SHORTEST, max_value=LONGEST, initial=90)
    weeks = forms.IntegerField(
        label="How many weeks?",
        help_text="One date a week. 1 for a single one.",
        min_value=1,
        max_value=MOST_WEEKS,
        initial=1,
    )
    where = forms.ChoiceField(label="Where", choices=Where.choices, widget=forms.RadioSelect, initial=Where.ONLINE)
    region = forms.CharField(
        label="Area",
        help_text="Everyone sees this. Name an area, like Calder valley, never the venue.",
        max_length=80,
        required=False,
    )
    venue = forms.CharField(
        label="Venue",
        help_text="Only people with a place see this, from 3 days before.",
        max_length=500,
        required=False,
        widget=forms.Textarea,
    )
    capacity = forms.IntegerField(
        label="Places",
        help_text="8 to 12 is about right for two leaders.",
        min_value=FEWEST,
        max_value=MOST,
        initial=10,
    )

    def __init__(self, *args: Any, agency_ids: frozenset[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Agency.objects.filter(pk__in=agency_ids)
        self._only = rows[0] if len(rows) == 1 else None
        if self._only is None:
            self.fields["agency"] = forms.ModelChoiceField(rows, label="For which agency", empty_label=None)

    def clean(self) -> dict[str, Any]:
        """A group that meets in person meets somewhere."""
        data = self.cleaned_data
        if data.get("where") == Where.VENUE and not data.get("venue") and "venue" not in self.errors:
            self.add_error("venue", "Say where it is. Only people with a place will see it.")
        return data

    @property
    def agency(self) -> Agency:
        """The agency whose coordinators decide."""
        chosen: Agency = self._only or self.cleaned_data["agency"]
        return chosen

    @property
    def asks_agency(self) -> forms.BoundField | None:
        """The question for which agency, where there is a choice."""
        return self["agency"] if self._only is None else None

    @property
    def plan(self) -> SessionPlan:
        """What was typed, as sessions are planned."""
        typed = self.cleaned_data
        first = datetime.combine(typed["first_date"], typed["starts"])
        return SessionPlan(
            parts=tuple(PartPlan(first + timedelta(weeks=n), typed["minutes"]) for n in range(typed["weeks"])),
            facilitator_ids=frozenset(),
            title=one_line(typed["title"]),
            neutral_title=NEUTRAL,
            kind=SessionKind.GROUP,
            where=typed["where"],
            region=one_line(typed["region"]),
            venue=typed["venue"],
            capacity=typed["capacity"],
        )
