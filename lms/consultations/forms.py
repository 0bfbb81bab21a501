"""What a talk is about, and what a worker offers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.common import clock
from lms.common.errors import DomainError
from lms.common.fields import DayField
from lms.consultations import access, operations, rules
from lms.consultations.models import Mode, Profession, Way
from lms.consultations.operations import SurgeryPlan
from lms.webinars.rules import SESSION_ZONES, one_line, said_zone

MOST_LETTERS = 500


class AboutForm(forms.Form):
    """What it is about: a few words, if somebody likes."""

    reason = forms.CharField(
        label="What's it about?",
        help_text="Only if you'd like to. Only the person you talk to reads this, and we delete it 7 days after. "
        "Please don't write a child's name or school.",
        required=False,
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CancelForm(forms.Form):
    """Why a window is cancelled, for everybody who had a time in it."""

    reason = forms.CharField(
        label="Why is it cancelled?",
        help_text="Everyone who had a time reads this. Don't name anybody.",
        max_length=200,
        error_messages={"required": "Say in a few words why it's cancelled"},
    )

    def clean_reason(self) -> str:
        """One line, as it stands in a mail."""
        return one_line(self.cleaned_data["reason"])


class LateForm(forms.Form):
    """How late somebody is."""

    minutes = forms.IntegerField(
        label="Minutes late", min_value=0, max_value=operations.LATEST, error_messages={"required": "Say how many"}
    )


def _number(label: str, *, least: int, most: int, hint: str = "", asked: bool = True) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, help_text=hint, required=asked)


def _clock(label: str, *, empty: str) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, error_messages={"required": empty})


class SurgeryForm(forms.Form):
    """A window on one page. Times are wall times in the zone chosen."""

    worker = forms.ChoiceField(label="Who talks to families")
    profession = forms.ChoiceField(label="As what", choices=Profession.choices)
    mode = forms.ChoiceField(label="How it works", choices=Mode.choices, widget=forms.RadioSelect, initial=Mode.TIMES)
    day = DayField(label="Day", error_messages={"required": "Choose a day"})
    starts = _clock("From", empty="Choose when it starts")
    until = _clock("Until", empty="Choose when it ends")
    second = forms.ChoiceField(
        label="Which one?",
        required=False,
        widget=forms.RadioSelect,
        choices=[("first", "The first, before the clocks go back"), ("second", "The second, after")],
    )
    zone = forms.ChoiceField(label="Time zone", choices=[(zone, said_zone(zone)) for zone in SESSION_ZONES])
    minutes = _number("Minutes for each family", least=rules.SHORTEST, most=rules.LONGEST)
    rest = _number("Minutes between two families", least=0, most=rules.LONGEST_REST)
    notice = _number(
        "Shortest notice, in minutes",
        least=0,
        most=rules.LONGEST_NOTICE,
        hint="0: a time can be booked until it starts. 1440: until the day before.",
    )
    most_each = _number(
        "Most times for one family in four weeks",
        least=1,
        most=28,
        asked=False,
        hint="Leave this empty for no limit.",
    )
    way = forms.ChoiceField(label="How you talk", choices=Way.choices, widget=forms.RadioSelect)
    way_in = forms.CharField(
        label="Phone number, room link or place",
        max_length=300,
        help_text="Only a family with a time sees it, from 10 minutes before. A place is shown as soon as they book.",
        error_messages={"required": "Say where families reach you"},
    )

    def __init__(self, *args: Any, agency: Agency, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plan: SurgeryPlan | None = None
        workers = access.workers_for(user, agency.pk)
        fields: dict[str, Any] = self.fields
        fields["worker"].choices = [(str(one.pk), one.display_name) for one in workers]

    @property
    def asks_which(self) -> bool:
        """Whether a time typed happens twice, so that somebody has to say which is meant."""
        return bool(self["second"].errors or self["second"].value())

    @property
    def plan(self) -> SurgeryPlan:
        """What was typed, once it is valid."""
        if self._plan is None:
            raise ValueError("not a valid form")
        return self._plan

    def clean_way_in(self) -> str:
        """One line."""
        return one_line(self.cleaned_data["way_in"])

    def clean(self) -> dict[str, Any]:
        """Put the plan together; what cannot be is said at its field."""
        data = self.cleaned_data
        if not self.errors:
            plan = self._typed(data)
            try:
                operations.span(plan)
            except DomainError as refusal:
                self.refuse(refusal)
            else:
                self._plan = plan
        return data

    def refuse(self, refusal: DomainError) -> None:
        """Say at its field why it cannot be."""
        field = getattr(refusal, "field", None) or "starts"
        if isinstance(refusal, clock.TimeHappensTwice):
            field = "second"
        self.add_error(field, ValidationError(refusal.message))

    @staticmethod
    def _typed(data: dict[str, Any]) -> SurgeryPlan:
        same = ("profession", "mode", "way", "way_in", "minutes", "rest", "notice", "most_each", "zone")
        return SurgeryPlan(
            worker_id=int(data["worker"]),
            local_start=datetime.combine(data["day"], data["starts"]),
            local_end=datetime.combine(data["day"], data["until"]),
            second=data["second"] == "second" if data["second"] else None,
            **{name: data[name] for name in same},
        )


START = {"mode": Mode.TIMES, "minutes": 45, "rest": 10, "notice": 60, "most_each": 2, "zone": "Europe/London"}


def hosts() -> Sequence[str]:
    """Where a room link may lead on this installation."""
    allowed: Sequence[str] = settings.LMS_ROOM_HOSTS
    return allowed
