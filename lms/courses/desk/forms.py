"""What staff type about who is on a course."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from lms.agencies.models import Agency
from lms.common.fields import DayField
from lms.courses import rules
from lms.courses.models import Cohort, EnrolmentState, Outcome


class AgencyForm(forms.Form):
    """For which agency; asked only of whoever works for several."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(), label="Agency", error_messages={"invalid_choice": "Choose an agency from the list"}
    )

    def __init__(self, *args: Any, agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agency"]
        field.queryset = agencies  # type: ignore[attr-defined]  # the stubs see a plain field
        field.initial = agencies.first()


LONGEST_TYPED = 200_000  # characters of addresses in a box


class InviteForm(AgencyForm):
    """Addresses to invite, and the group they come into."""

    addresses = forms.CharField(
        widget=forms.Textarea,
        max_length=LONGEST_TYPED,
        label="E-mail addresses",
        help_text="One on each line. It doesn't matter whether they have an account.",
        error_messages={"required": "Add at least one address"},
    )
    cohort = forms.ModelChoiceField(
        Cohort.objects.none(), required=False, label="Group", empty_label="No group", to_field_name="uuid"
    )

    def __init__(self, *args: Any, cohorts: QuerySet[Cohort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = cohorts  # type: ignore[attr-defined]  # as above

    def clean_addresses(self) -> list[str]:
        """The addresses in lower case. What does not look like one is named by its line."""
        lines = enumerate(self.cleaned_data["addresses"].splitlines(), start=1)
        typed = [(number, one) for number, line in lines for one in line.replace(",", " ").split()]
        faults = [f"Line {number}: {rules.fault_of(one)}" for number, one in typed if rules.fault_of(one)]
        if faults:
            raise forms.ValidationError(faults[:10])
        return [one.lower() for _, one in typed]


class ListForm(AgencyForm):
    """A list from a spreadsheet."""

    file = forms.FileField(
        label="Your list",
        help_text=f"A CSV file with a column “email”, and “group” if you use them. At most {rules.MOST_LINES:,} lines. "
        "We read no other column, and don't keep the file.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        error_messages={"required": "Choose a file", "empty": "This file is empty"},
    )

    def clean_file(self) -> list[rules.ListLine]:
        """The lines of the file, which is read in full only where it is small enough."""
        try:
            return rules.lines_of(rules.decoded(self.cleaned_data["file"].read(rules.LARGEST + 1)))
        except rules.UnreadableList as fault:
            raise forms.ValidationError(str(fault)) from fault


class ShowForm(forms.Form):
    """Which lines of a list are shown."""

    show = forms.ChoiceField(required=False, choices=Outcome.choices)


class GroupForm(forms.Form):
    """A group: its name, its days and its places."""

    name = forms.CharField(max_length=80, label="Name", help_text="Like “Autumn evenings”. Learners see it.")
    starts_on = DayField(
        required=False,
        label="First day",
        help_text="The course opens for the group then, and we write to everybody in it.",
    )
    ends_on = DayField(
        required=False,
        label="Last day",
        help_text="After it, whoever hasn't finished needs more time from you. What they did is kept.",
    )
    capacity = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=10_000,
        label="Places",
        help_text="Leave it empty for as many as like. When all are taken, people wait and move up in their order.",
    )

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        said: dict[str, Any] = super().clean() or {}
        starts_on, ends_on = said.get("starts_on"), said.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "The last day can't be before the first")
        return said


class NewGroupForm(GroupForm, AgencyForm):
    """A new group of an agency."""

    field_order = ("agency", "name", "starts_on", "ends_on", "capacity")


class ReasonForm(forms.Form):
    """Why something is changed."""

    reason = forms.CharField(max_length=300, label="Why", help_text="Kept with the change, for them to read.")


WHAT_CHANGES = {
    EnrolmentState.ACTIVE: {
        "": "They go on",
        EnrolmentState.WAITING: "They get a place, if there is one",
        EnrolmentState.COMING: "They begin now",
        EnrolmentState.INVITED: "They begin now",
        EnrolmentState.LEFT: "They come back",
    },
    EnrolmentState.PAUSED: {"": "They pause"},
    EnrolmentState.LEFT: {"": "They leave the course", EnrolmentState.WAITING: "They leave the waiting list"},
}


class StateForm(ReasonForm):
    """How somebody stands from now on: what can follow on how they stand now."""

    after = forms.ChoiceField(label="What changes", error_messages={"invalid_choice": "Choose from the list"})
    field_order = ("after", "reason")

    def __init__(self, *args: Any, before: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["after"].choices = [  # type: ignore[attr-defined]  # the stubs see a plain field
            (after.value, words.get(EnrolmentState(before), words[""]))
            for after, words in WHAT_CHANGES.items()
            if after != before and rules.may_change(before, after)
        ]


class TimeForm(ReasonForm):
    """Until when somebody has time."""

    until = DayField(label="They have time until")
    field_order = ("until", "reason")


class PlaceForm(forms.Form):
    """The group somebody is in."""

    cohort = forms.ModelChoiceField(
        Cohort.objects.none(), required=False, label="Group", empty_label="No group", to_field_name="uuid"
    )

    def __init__(self, *args: Any, cohorts: QuerySet[Cohort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = cohorts  # type: ignore[attr-defined]  # the stubs see a plain field


class FilterForm(forms.Form):
    """Which enrolments are looked for."""

    q = forms.CharField(required=False, max_length=100, label="Name or e-mail address begins with")
    course = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    state = forms.ChoiceField(required=False, label="State", choices=[("", "Any"), *EnrolmentState.choices])
    cohort = forms.UUIDField(required=False, label="Group")
    agency = forms.UUIDField(required=False, label="Agency")
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62)
