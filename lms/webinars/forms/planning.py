"""A session as it is planned: what, when, where, for whom, and on which terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q

from cms.models import WorkshopPage
from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.common import clock
from lms.common.errors import DomainError
from lms.common.web import host_allowed
from lms.meetings import operations as meetings
from lms.webinars import access, diary, operations, rules
from lms.webinars.forms.dates import MOST_PARTS, PartRow, Unit, day_field, looked_at, moment, part_fields, time_field
from lms.webinars.forms.pages import PageField
from lms.webinars.models import FacilitatorRole, RoomBy, Session, SessionKind, Where
from lms.webinars.operations import PartPlan, PlanRefused, SessionPlan

MOST_PLACES = 10_000
LONGEST_LIST = 1000  # people on a waiting list
LONGEST_OFFER = 7 * 24  # hours
DOES = [
    (FacilitatorRole.LEAD, "Leads"),
    (FacilitatorRole.CO_FACILITATOR, "Leads with somebody"),
    (FacilitatorRole.HOST, "Hosts the room"),
    (FacilitatorRole.OBSERVER, "Observes"),
]
EVERYBODY = "Every adopter whom an agency has verified"
HOUSEHOLD = 2  # places, where a household has no more


def _text(label: str, *, longest: int, hint: str = "", asked: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, help_text=hint, required=asked)


@dataclass(frozen=True)
class Runner:
    """Somebody who can run it, for a template: whether they are ticked, and what they do."""

    pk: str
    name: str
    is_ticked: bool
    role: forms.BoundField


class SessionForm(forms.Form):
    """A session on one page. Times are wall times in the zone chosen."""

    workshop = PageField(WorkshopPage.objects.none(), required=False, empty_label="None of these")
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
    room_by = forms.ChoiceField(label="The room", choices=RoomBy.choices, widget=forms.RadioSelect, required=False)
    room_address = forms.CharField(
        label="Room link",
        max_length=500,
        required=False,
        help_text="People never see this. Each goes in through a link of their own, shortly before the start.",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    capacity = forms.IntegerField(
        label="Places", required=False, min_value=1, max_value=MOST_PLACES, help_text="Leave this empty for no limit."
    )
    facilitators = forms.MultipleChoiceField(
        label="Who runs it",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one person to run it"},
    )
    waiting_list_cap = forms.IntegerField(
        label="Most people on the waiting list",
        required=False,
        min_value=0,
        max_value=LONGEST_LIST,
        help_text="Leave this empty for as many as like. 0 means no waiting list.",
    )
    offer_hours = forms.IntegerField(
        label="Hours to answer an offer",
        required=False,
        min_value=1,
        max_value=LONGEST_OFFER,
        help_text="How long a place that came free is kept for the next person: two days at most, and less near the "
        "start. Leave this empty for the usual time.",
    )
    household = forms.BooleanField(label="At most two places for one household", required=False)
    opens_date = day_field("Booking opens on")
    opens_time = time_field("Booking opens at")
    closes_date = day_field("Booking closes on")
    closes_time = time_field("Booking closes at")
    languages = _text("Languages", longest=100, hint="Like English, or Welsh with English captions.")
    captions = forms.BooleanField(label="There are live captions", required=False)
    interpreter = _text("Interpreter", longest=80, hint="Like BSL.")
    babies_welcome = forms.BooleanField(label="Babies are welcome", required=False)
    camera = _text("About cameras", longest=120, hint="Leave this empty for: camera on or off, as you like.")
    may_be_recorded = forms.BooleanField(
        label="Whoever leads it may record their own part",
        required=False,
        help_text="People are told before they book, so it can't be added later. Never record anybody who comes.",
    )
    cancel_date = day_field("Ask people to cancel by")
    cancel_time = time_field("Cancel by, time")
    eligibility = _text("Who it is for", longest=200, hint="Everyone sees this. Like: parents of children under 5.")
    only_for = forms.ChoiceField(label="Who can book", required=False)
    publisher = _text("Publisher of the programme", longest=120)
    licence_holder = _text("Who holds the licence", longest=120)
    facilitator_credential = _text("What the licence asks of who runs it", longest=150, hint="Like an accreditation.")
    despite = forms.BooleanField(label="Keep it all the same", required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, agencies: Sequence[Agency], viewer: User, session: Session | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.viewer, self.session = viewer, session
        self._agencies = agencies
        self._plan: SessionPlan | None = None
        self.units: list[Unit] = []
        fields: dict[str, Any] = self.fields
        kept = Q(pk=session.workshop_id) if session else Q()  # taken from the site, it is still what the session is of
        pages = WorkshopPage.objects.filter(Q(live=True) | kept)
        fields["workshop"].queryset = pages.only("title", "neutral_title").order_by("title")
        fields["agency"].queryset = Agency.objects.filter(pk__in=[agency.pk for agency in agencies])
        if len(agencies) == 1:
            del fields["agency"]
        if not meetings.is_connected(agency.pk for agency in agencies):
            del fields["room_by"]
        if not meetings.lets_record(agency.pk for agency in agencies):
            del fields["may_be_recorded"]
        self._ask_who_can_book()
        for number in range(1, MOST_PARTS + 1):
            fields.update(part_fields(number))
        self._ask_who_runs_it()

    def _ask_who_can_book(self) -> None:
        fields: dict[str, Any] = self.fields
        circles = {word: f"Only {name}" for word, name in access.circles().items()}
        if self.session and self.session.only_for:
            circles.setdefault(self.session.only_for, "Only those it was kept for before")
        fields["only_for"].choices = [("", EVERYBODY), *circles.items()]
        if not circles:
            del fields["only_for"]

    def _ask_who_runs_it(self) -> None:
        fields: dict[str, Any] = self.fields
        people = {person.pk: person.display_name for person in access.people_who_facilitate(self._agencies)}
        if self.session:
            people |= {row.person_id: row.person.display_name for row in self.session.facilitators.all()}
        self._people = [(str(pk), name) for pk, name in people.items()]
        fields["facilitators"].choices = self._people
        for pk, name in people.items():
            fields[f"role_{pk}"] = forms.ChoiceField(label=f"What {name} does", choices=DOES, required=False)

    @property
    def runners(self) -> list[Runner]:
        """Who can run it, for a template."""
        ticked = {str(pk) for pk in self["facilitators"].value() or []}
        return [Runner(pk, name, pk in ticked, self[f"role_{pk}"]) for pk, name in self._people]

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
    def has_licence(self) -> bool:
        """Whether anything of a licence was typed or is wrong."""
        names = ("publisher", "licence_holder", "facilitator_credential")
        return any(self[name].value() or self[name].errors for name in names)

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

    @property
    def plans(self) -> list[SessionPlan]:
        """All sessions that are made or changed, the one that was typed first."""
        return [self.plan]

    def clean_room_address(self) -> str:
        """An https link on a service that the installation allows."""
        typed: str = self.cleaned_data["room_address"].strip()
        hosts = settings.LMS_ROOM_HOSTS
        if typed and not host_allowed(typed, hosts):
            raise ValidationError(f"Use a link that starts with https:// on one of these: {', '.join(hosts)}")
        return typed

    def clean(self) -> dict[str, Any]:
        """Put the plan together; what cannot be is said at its field."""
        data = self.cleaned_data
        for name in ("opens", "closes", "cancel"):
            if data.get(f"{name}_time") and not data.get(f"{name}_date") and f"{name}_date" not in self.errors:
                self.add_error(f"{name}_date", "Choose a date for this time")
        if data.get("where") == Where.VENUE and not data.get("venue") and "venue" not in self.errors:
            self.add_error("venue", "Say where it is. Only people with a place will see it")
        parts = [part for n in range(1, MOST_PARTS + 1) if (part := self._part(n))]
        if not self.errors:
            self._settle(self._plan_of(tuple(parts)))
        return data

    def _settle(self, plan: SessionPlan) -> None:
        """Take ``plan`` for what was typed if its dates can be."""
        try:
            operations.dates_of(plan)
        except PlanRefused as refusal:
            self.refuse(refusal)
        else:
            self._plan = plan
            self.units = [looked_at((part,), zone=plan.zone, which={}) for part in plan.parts]

    def refuse(self, refusal: DomainError) -> None:
        """Say at its field, or at the top, why an operation said no."""
        field = getattr(refusal, "field", None)
        self.add_error(field if field in self.fields else None, refusal.message)

    @property
    def which(self) -> dict[str, bool]:
        """What was said of times that happen twice, by their stamp: whether the second is meant."""
        said = {name.removeprefix("which_"): self.data.get(name) for name in self.data if name.startswith("which_")}
        return {stamp: answer == "second" for stamp, answer in said.items() if answer in {"first", "second"}}

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
        same = ("workshop", "kind", "zone", "where", "venue", "capacity", "waiting_list_cap", "captions",
                "babies_welcome")  # fmt: skip
        people = frozenset(int(pk) for pk in data["facilitators"])
        return SessionPlan(
            parts=parts,
            facilitator_ids=people,
            roles={pk: data[f"role_{pk}"] or FacilitatorRole.LEAD for pk in people},
            room_by=data.get("room_by") or RoomBy.LINK,
            only_for=data.get("only_for", ""),
            may_be_recorded=data.get("may_be_recorded", False),
            room_address=data["room_address"] or None,
            opens=moment(data["opens_date"], data["opens_time"]),
            closes=moment(data["closes_date"], data["closes_time"]),
            cancel_deadline=moment(data["cancel_date"], data["cancel_time"]),
            offer_minutes=data["offer_hours"] and data["offer_hours"] * 60,
            household_limit=HOUSEHOLD if data["household"] else None,
            **{name: data[name] for name in same} | {name: rules.one_line(data[name]) for name in LINES},
        )

    @cached_property
    def clashes(self) -> list[diary.Clash]:
        """Who of those ticked runs something else on one of the dates."""
        dates = [date for plan in self.plans for date in operations.dates_of(plan)]
        agency = self.session.agency if self.session else self.agency_chosen
        return diary.clashes(dates, people=self.plan.facilitator_ids, agency_id=agency.pk, but=self.own_sessions)

    @property
    def own_sessions(self) -> list[int]:
        """The sessions that are being changed: they do not stand in their own way."""
        return [self.session.pk] if self.session else []

    @property
    def fingerprint(self) -> str:
        """Names the dates typed and who cannot be there: what was looked at before it is kept."""
        dates = [
            f"{starts:%Y%m%dT%H%M}{ends:%H%M}" for plan in self.plans for starts, ends in operations.dates_of(plan)
        ]
        return sha256("|".join([*dates, *(clash.said for clash in self.clashes)]).encode()).hexdigest()

    def is_agreed(self) -> bool:
        """Whether these very dates were seen in words, and any clash of people was said to be no matter."""
        if self.cleaned_data["seen"] != self.fingerprint:
            return False
        if self.clashes and not self.cleaned_data["despite"]:
            self.add_error("despite", "Tick this if it is right, or choose somebody else")
            return False
        return True


LINES = (
    "title", "neutral_title", "region", "languages", "interpreter", "camera", "eligibility", "publisher",
    "licence_holder", "facilitator_credential",
)  # fmt: skip
