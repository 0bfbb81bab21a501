"""The dates of a session as they are typed, and as they are shown before anything is kept."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django import forms

from lms.common import clock
from lms.common.errors import DomainError
from lms.common.fields import DayField
from lms.webinars import rules
from lms.webinars.operations import PartPlan

MOST_PARTS = 12  # dates that one booking covers
LONGEST_PART = 12 * 60  # minutes


def day_field(label: str, *, asked: bool = False) -> DayField:
    """A day."""
    return DayField(label=label, required=asked, error_messages={"required": "Choose a date"})


def time_field(label: str, *, asked: bool = False) -> forms.TimeField:
    """A time of day, in the browser's own picker."""
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=asked, widget=widget, error_messages={"required": "Choose a time"})


def part_fields(number: int) -> dict[str, forms.Field]:
    """Day, start and length of one date, and which of two equal times where the clocks go back."""
    first = number == 1
    which = f" (date {number})" if not first else ""
    return {
        f"date_{number}": day_field(f"Date {number}", asked=first),
        f"time_{number}": time_field(f"Starts at{which}", asked=first),
        f"minutes_{number}": forms.IntegerField(
            label=f"Minutes{which}",
            required=first,
            min_value=15,
            max_value=LONGEST_PART,
            error_messages={"required": "Say how many minutes it lasts"},
        ),
        f"second_{number}": forms.ChoiceField(
            label="Which one?",
            required=False,
            widget=forms.RadioSelect,
            choices=[("first", "The first, before the clocks go back"), ("second", "The second, after")],
        ),
    }


@dataclass(frozen=True)
class PartRow:
    """The fields of one date, for a template."""

    number: int
    date: forms.BoundField
    time: forms.BoundField
    minutes: forms.BoundField
    second: forms.BoundField

    @property
    def asks_which(self) -> bool:
        """Whether the time typed happens twice, so that somebody has to say which is meant."""
        return bool(self.second.errors or self.second.value())


def moment(day: date | None, at: time | None) -> datetime | None:
    """A wall time as typed; nine in the morning where only a day was."""
    return datetime.combine(day, at or time(9)) if day else None


@dataclass(frozen=True)
class Unit:
    """Dates that are shown, and can be left out, together. problem: why they cannot be as they are."""

    parts: tuple[PartPlan, ...]
    zone: str
    problem: str = ""
    asks_which: tuple[str, ...] = ()
    is_left_out: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def stamp(self) -> str:
        """Names it in the form."""
        return stamp_of(self.parts[0])

    @property
    def lines(self) -> list[str]:
        """The dates in words, by the clock of the session."""
        return [_said(part, self.zone) for part in self.parts]

    def elsewhere(self, own: str) -> str:
        """The first date by the reader's own clock, where that differs."""
        if self.problem:
            return ""
        first = self.parts[0]
        starts_at = clock.to_utc(first.local_start, zone=self.zone, second=first.second)
        ends_at = starts_at + timedelta(minutes=first.minutes)
        return rules.said_elsewhere(starts_at, ends_at, zone=self.zone, own=own)


def _said(part: PartPlan, zone: str) -> str:
    day = f"{rules.said_date(part.local_start)} {part.local_start.year}"
    try:
        starts_at = clock.to_utc(part.local_start, zone=zone, second=part.second)
    except DomainError:
        return f"{day}, {rules.said_time(part.local_start)}"
    ends_at = starts_at + timedelta(minutes=part.minutes)
    return f"{day}, {rules.said_range(starts_at, ends_at, zone)}, {part.minutes} minutes"


def stamp_of(part: PartPlan) -> str:
    """Names a date in a form, like 20270328T0130."""
    return f"{part.local_start:%Y%m%dT%H%M}"


def looked_at(parts: tuple[PartPlan, ...], *, zone: str, which: dict[str, bool]) -> Unit:
    """Put ``parts`` against the clock of ``zone``: a time that does not exist is a problem, and so is one that happens
    twice until ``which`` says, by its stamp, whether the second is meant.
    """
    settled, problem, asks = [], "", []
    for part in parts:
        second = which.get(stamp_of(part)) if part.second is None else part.second
        settled.append(replace(part, second=second))
        try:
            clock.to_utc(part.local_start, zone=zone, second=second)
        except (clock.TimeDoesNotExist, clock.TimeHappensTwice) as refusal:
            problem = refusal.message
            asks += [stamp_of(part)] if isinstance(refusal, clock.TimeHappensTwice) else []
    return Unit(tuple(settled), zone, problem, tuple(asks))
