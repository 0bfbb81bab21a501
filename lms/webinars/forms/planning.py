"""A session as it is planned: what, when, where, and for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from cms.models import WorkshopPage
from lms.agencies.models import Agency
from lms.common import clock
from lms.common.errors import DomainError
from lms.webinars import access, operations, rules
from lms.webinars.models import Session, SessionKind, Where
from lms.webinars.operations import PartPlan, PlanRefused, SessionPlan

MOST_PARTS = 12  # dates that one booking covers
LONGEST_PART = 12 * 60  # minutes
MINUTE = timedelta(minutes=1)


def _text(label: str, *, longest: int, hint: str = "", asked: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, help_text=hint, required=asked)


def _day(label: str, *, asked: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=asked, widget=widget, error_messages={"required": "Choose a date"})


def _clock(label: str, *, asked: bool = False) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=asked, widget=widget, error_messages={"required": "Choose a time"})


def _part_fields(number: int) -> dict[str, forms.Field]:
    """Day, start and length of one date, and which of two equal times where the clocks go back."""
    first = number == 1
    which = f" (date {number})" if not first else ""
    return {
        f"date_{number}": _day(f"Date {number}", asked=first),
        f"time_{number}": _clock(f"Starts at{which}", asked=first),
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


class SessionForm(forms.Form):
    """A session on one page. Times are wall times in the zone chosen."""

    workshop = forms.ModelChoiceField(WorkshopPage.objects.none(), required=False, empty_label="None of these")
    title = _text("Title", longest=150, hint="Leave this empty to use the workshop's own title.")
    neutral_title = _text(
        "Title for e-mails and calendars",
        longest=100,
        hint="One that says nothing of adoption. Leave this empty to use the workshop's own.",
    )
    agency = forms.ModelChoiceField(Agency.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label="What kind", choices=[(kind.value, kind.label.capitalize()) for kind in SessionKind])
    zone = forms.ChoiceField(label="Time zone", choices=[(zone, rules.said_zone(zone)) for zone in rules.SESSION_ZONES])
    where = forms.ChoiceField(label="Where", choices=Where.choices, widget=forms.RadioSelect)
    region = _text("Area", longest=80, hint="Everyone sees this. Name an area, like Calder valley, never the venue.")
    venue = forms.CharField(
        label="Venue",
        max_length=500,
        required=False,
        help_text="Only people with a place see this, from 3 days before.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    room_address = forms.CharField(
        label="Room link",
        max_length=500,
        required=False,
        help_text="People never see this. Each goes in through a link of their own, shortly before the start.",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    capacity = forms.IntegerField(
        label="Places", required=False, min_value=1, max_value=10_000, help_text="Leave this empty for no limit."
    )
    facilitators = forms.MultipleChoiceField(
        label="Who runs it",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one person to run it"},
    )
    opens_date = _day("Booking opens on")
    opens_time = _clock("Booking opens at")
    closes_date = _day("Booking closes on")
    closes_time = _clock("Booking closes at")
    languages = _text("Languages", longest=100, hint="Like English, or Welsh with English captions.")
    captions = forms.BooleanField(label="There are live captions", required=False)
    interpreter = _text("Interpreter", longest=80, hint="Like BSL.")
    babies_welcome = forms.BooleanField(label="Babies are welcome", required=False)
    camera = _text("About cameras", longest=120, hint="Leave this empty for: camera on or off, as you like.")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, agencies: Sequence[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._agencies = agencies
        self._plan: SessionPlan | None = None
        fields: dict[str, Any] = self.fields
        fields["workshop"].queryset = WorkshopPage.objects.live().only("title", "neutral_title").order_by("title")
        people = access.people_who_facilitate(agencies)
        fields["facilitators"].choices = [(str(person.pk), person.display_name) for person in people]
        fields["agency"].queryset = Agency.objects.filter(pk__in=[agency.pk for agency in agencies])
        if len(agencies) == 1:
            del fields["agency"]
        for number in range(1, MOST_PARTS + 1):
            fields.update(_part_fields(number))

    @property
    def rows(self) -> list[PartRow]:
        """The dates, for a template."""
        names = ("date", "time", "minutes", "second")
        return [PartRow(n, *(self[f"{name}_{n}"] for name in names)) for n in range(1, MOST_PARTS + 1)]

    @property
    def has_more_dates(self) -> bool:
        """Whether anything was typed or is wrong beyond the first date."""
        return any(row.date.value() or row.date.errors or row.time.errors for row in self.rows[1:])

    @property
    def agency_chosen(self) -> Agency:
        """The agency whose session it will be."""
        chosen: Agency = self.cleaned_data.get("agency") or self._agencies[0]
        return chosen

    @property
    def plan(self) -> SessionPlan:
        """What was typed, once it is valid."""
        if self._plan is None:
            raise ValueError("not a valid form")
        return self._plan

    def clean_room_address(self) -> str:
        """An https link on a service that the installation allows."""
        typed: str = self.cleaned_data["room_address"].strip()
        hosts = settings.LMS_ROOM_HOSTS
        if typed and not rules.room_host_allowed(typed, hosts):
            raise ValidationError(f"Use a link that starts with https:// on one of these: {', '.join(hosts)}")
        return typed

    def clean(self) -> dict[str, Any]:
        """Put the plan together; what cannot be is said at its field."""
        data = self.cleaned_data
        if data.get("where") == Where.VENUE and not data.get("venue") and "venue" not in self.errors:
            self.add_error("venue", "Say where it is. Only people with a place will see it")
        parts = [part for n in range(1, MOST_PARTS + 1) if (part := self._part(n))]
        if not self.errors:
            plan = self._plan_of(tuple(parts))
            try:
                operations.dates_of(plan)
            except PlanRefused as refusal:
                self.refuse(refusal)
            else:
                self._plan = plan
        return data

    def refuse(self, refusal: DomainError) -> None:
        """Say at its field, or at the top, why an operation said no."""
        field = getattr(refusal, "field", None)
        self.add_error(field if field in self.fields else None, refusal.message)

    def _part(self, n: int) -> PartPlan | None:
        day, start = self.cleaned_data.get(f"date_{n}"), self.cleaned_data.get(f"time_{n}")
        if day is None or start is None:
            self._complain_of_half_a_date(n, has_day=day is not None, has_time=start is not None)
            return None
        minutes = self.cleaned_data.get(f"minutes_{n}") or self.cleaned_data.get("minutes_1") or 0
        which = self.cleaned_data.get(f"second_{n}")
        part = PartPlan(datetime.combine(day, start), minutes, second=which == "second" if which else None)
        return part if self._exists(n, part) else None

    def _complain_of_half_a_date(self, n: int, *, has_day: bool, has_time: bool) -> None:
        if n > 1 and has_day and f"time_{n}" not in self.errors:
            self.add_error(f"time_{n}", "Choose a time for this date")
        if n > 1 and has_time and f"date_{n}" not in self.errors:
            self.add_error(f"date_{n}", "Choose a date for this time")

    def _exists(self, n: int, part: PartPlan) -> bool:
        try:
            clock.to_utc(part.local_start, zone=self.cleaned_data.get("zone") or "Europe/London", second=part.second)
        except clock.TimeDoesNotExist as gap:
            self.add_error(f"time_{n}", gap.message)
        except clock.TimeHappensTwice as fold:
            self.fields[f"second_{n}"].required = True
            self.add_error(f"second_{n}", fold.message)
        else:
            return True
        return False

    def _plan_of(self, parts: tuple[PartPlan, ...]) -> SessionPlan:
        data: dict[str, Any] = self.cleaned_data
        same = ("workshop", "kind", "zone", "where", "venue", "capacity", "captions", "babies_welcome")
        lines = ("title", "neutral_title", "region", "languages", "interpreter", "camera")
        return SessionPlan(
            parts=parts,
            facilitator_ids=frozenset(int(pk) for pk in data["facilitators"]),
            room_address=data["room_address"] or None,
            opens=_moment(data["opens_date"], data["opens_time"]),
            closes=_moment(data["closes_date"], data["closes_time"]),
            **{name: data[name] for name in same} | {name: rules.one_line(data[name]) for name in lines},
        )

    @property
    def fingerprint(self) -> str:
        """Names the dates typed: what was looked at before it is kept."""
        return ",".join(f"{starts_at:%Y%m%dT%H%M}" for starts_at, _ in operations.dates_of(self.plan))

    @property
    def dates_said(self) -> list[str]:
        """The dates typed, in words."""
        zone = self.plan.zone
        return [
            f"{rules.said_date(rules.wall_time(starts_at, zone))} {rules.wall_time(starts_at, zone).year}, "
            f"{rules.said_range(starts_at, ends_at, zone)}, {(ends_at - starts_at) // MINUTE} minutes"
            for starts_at, ends_at in operations.dates_of(self.plan)
        ]


def _moment(day: date | None, at: time | None) -> datetime | None:
    return datetime.combine(day, at or time(9)) if day else None


def typed_of(session: Session) -> dict[str, Any]:
    """What a form for ``session`` begins with. The room's address is not shown again."""
    same = ("title", "neutral_title", "kind", "zone", "where", "region", "venue", "capacity", "languages", "captions",
            "interpreter", "babies_welcome", "camera")  # fmt: skip
    typed: dict[str, Any] = {name: getattr(session, name) for name in same}
    typed["workshop"] = session.workshop_id
    typed["facilitators"] = [str(f.person_id) for f in session.facilitators.all()]
    for part in session.parts.all():
        local = datetime.fromisoformat(part.local_start)
        earlier, later = (clock.to_utc(local, zone=session.zone, second=second) for second in (False, True))
        which = "" if earlier == later else "second" if part.starts_at == later else "first"
        typed |= {f"date_{part.number}": local.date(), f"time_{part.number}": local.time()}
        typed |= {f"minutes_{part.number}": part.minutes, f"second_{part.number}": which}
    return typed | _booking_times(session)


def _booking_times(session: Session) -> dict[str, Any]:
    typed: dict[str, Any] = {}
    if session.booking_opens_at:
        opens = rules.wall_time(session.booking_opens_at, session.zone)
        typed |= {"opens_date": opens.date(), "opens_time": opens.time()}
    if session.booking_closes_at != session.starts_at - settings.LMS_BOOKING_CLOSES_BEFORE:
        closes = rules.wall_time(session.booking_closes_at, session.zone)
        typed |= {"closes_date": closes.date(), "closes_time": closes.time()}
    return typed
