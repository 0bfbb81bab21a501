"""Several sessions made by one plan, or changed together."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django import forms

from lms.common.repeating import Every, repeated, said
from lms.webinars import operations
from lms.webinars.forms.dates import MOST_PARTS, Unit, looked_at
from lms.webinars.forms.people import ReasonForm
from lms.webinars.forms.planning import MOST_PLACES, SessionForm
from lms.webinars.models import Session
from lms.webinars.operations import PartPlan, SessionPlan

MOST_TIMES = 53
CHOSEN = "On dates that were chosen"


class Stamps(forms.Field):
    """Any number of stamps of dates."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> frozenset[str]:
        """The stamps, whatever they are: one that names no date does nothing."""
        return frozenset(map(str, value or ()))


class ScheduleForm(SessionForm):
    """A new session, or several: the dates typed, and as often again as asked."""

    repeat = forms.ChoiceField(
        label="Repeat",
        required=False,
        choices=[
            ("", "Just these dates"),
            (Every.WEEK, "Every week"),
            (Every.FORTNIGHT, "Every two weeks"),
            (Every.WEEKDAY, "Every month, on the same weekday, like the second Tuesday"),
            (Every.DATE, "Every month, on the same date"),
        ],
    )
    times = forms.IntegerField(label="How many in all", required=False, min_value=2, max_value=MOST_TIMES)
    together = forms.ChoiceField(
        label="How people book",
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("all", "One booking for all the dates, like a group that meets six times"),
            ("each", "Each date is booked on its own"),
            ("set", "Each repeat is booked on its own, like a two-day workshop that is given again"),
        ],
    )
    leave_out = Stamps(label="Leave out", required=False)

    @property
    def rule(self) -> str:
        """How the dates come about, in words."""
        every, first = self.cleaned_data["repeat"], self.plan.parts[0].local_start.date()
        return said(first, every=Every(every)) if every else CHOSEN

    @property
    def is_series(self) -> bool:
        """Whether there will be more than one session."""
        return len(self._sessions) > 1

    @property
    def dates(self) -> list[tuple[PartPlan, ...]]:
        """The dates of each session, in order."""
        return self._sessions

    @property
    def plans(self) -> list[SessionPlan]:
        """All sessions that will be made."""
        return [self.plan.on(parts) for parts in self._sessions]

    def clean(self) -> dict[str, Any]:
        """Put the dates together as well; each that cannot be is asked about."""
        data = super().clean()
        self._sessions: list[tuple[PartPlan, ...]] = []
        if data.get("repeat") and not data.get("times") and "times" not in self.errors:
            self.add_error("times", "Say how many times")
        if data.get("repeat") and not data.get("together"):
            self.add_error("together", "Say how people book")
        if not self.errors:
            self._arrange()
        return data

    def _arrange(self) -> None:
        plan, left_out = self.plan, self.cleaned_data["leave_out"]
        units = [looked_at(parts, zone=plan.zone, which=self.which) for parts in self._in_units()]
        self.units = [_left_out(unit) if unit.stamp in left_out else unit for unit in units]
        kept = [unit for unit in self.units if not unit.is_left_out]
        if any(unit.problem for unit in kept):
            self.add_error(None, "One of the dates needs a word from you. Look at the list of dates.")
            return
        each = [unit.parts for unit in kept]
        one_booking = self.cleaned_data["together"] in {"", "all"}
        self._sessions = [tuple(part for parts in each for part in parts)] if one_booking and each else each
        self._check()

    def _check(self) -> None:
        if any(len(parts) > MOST_PARTS for parts in self._sessions):
            self.add_error("times", f"One booking covers at most {MOST_PARTS} dates")
            return
        try:
            operations.check_series(self.plans)
        except operations.PlanRefused as refusal:
            self.refuse(refusal)

    def _in_units(self) -> list[tuple[PartPlan, ...]]:
        parts = self.plan.parts
        every, first = self.cleaned_data["repeat"], parts[0].local_start.date()
        days = repeated(first, every=Every(every), times=self.cleaned_data["times"]) if every else [first]
        sets = [tuple(_again(part, on=day, first=first) for part in parts) for day in days]
        if self.cleaned_data["together"] == "set":
            return sets
        return [(part,) for parts in sets for part in parts]


def _left_out(unit: Unit) -> Unit:
    return Unit(unit.parts, unit.zone, unit.problem, is_left_out=True)


def _again(part: PartPlan, *, on: date, first: date) -> PartPlan:
    """The same part so many days later; which of two equal times is asked anew."""
    days = on - first
    return PartPlan(part.local_start + days, part.minutes, second=None) if days else part


class EditForm(SessionForm):
    """A session that is there already; with those of its series that follow, if asked."""

    capacity = forms.IntegerField(
        label="Places",
        required=False,
        min_value=0,
        max_value=MOST_PLACES,
        help_text="Leave this empty for no limit. Fewer than are taken removes nobody.",
    )
    reach = forms.ChoiceField(
        label="What to change",
        widget=forms.RadioSelect,
        choices=[("one", "Only this date"), ("following", "This date and those that follow it")],
        initial="one",
    )

    def __init__(self, *args: Any, session: Session, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, agencies=[session.agency], session=session, **kwargs)
        self._now = now
        self.following = operations.following(session, now=now)
        if not self.following:
            del self.fields["reach"]

    @property
    def is_for_all(self) -> bool:
        """Whether those that follow are changed too."""
        return self.cleaned_data.get("reach") == "following"

    @property
    def plans(self) -> list[SessionPlan]:
        """All sessions that will be changed."""
        return [self.plan, *self._later]

    @property
    def own_sessions(self) -> list[int]:
        """The one typed, and those that follow."""
        return [*super().own_sessions, *(session.pk for session in self.following)]

    @property
    def which_second(self) -> Mapping[datetime, bool]:
        """For wall times that happen twice: whether the second is meant."""
        parts = [part for unit in self.units for part in unit.parts]
        return {part.local_start: part.second for part in parts if part.second is not None}

    def _settle(self, plan: SessionPlan) -> None:
        self._later: list[SessionPlan] = []
        super()._settle(plan)
        if not self.errors and self.is_for_all and self.session:
            self._follow(self.session)

    def _follow(self, session: Session) -> None:
        later = [plan for _, plan in operations.following_plans(session, self.plan, now=self._now)]
        units = [looked_at(plan.parts, zone=plan.zone, which=self.which) for plan in later]
        self.units = [Unit(self.plan.parts, self.plan.zone), *units]
        if any(unit.problem for unit in units):
            self.add_error(None, "One of the dates needs a word from you. Look at the list of dates.")
            return
        self._later = [replace(plan, parts=unit.parts) for plan, unit in zip(later, units, strict=True)]
        try:
            operations.check_series(self.plans)
        except operations.PlanRefused as refusal:
            self.refuse(refusal)


class CancelForm(ReasonForm):
    """Why a session is called off, and whether those that follow it are as well."""

    reach = forms.ChoiceField(
        label="What to cancel",
        widget=forms.RadioSelect,
        choices=[("one", "Only this date"), ("following", "This date and those that follow it")],
        initial="one",
    )

    def __init__(self, *args: Any, has_more: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_more:
            del self.fields["reach"]

    @property
    def is_for_all(self) -> bool:
        """Whether those that follow are called off too."""
        return self.cleaned_data.get("reach") == "following"
