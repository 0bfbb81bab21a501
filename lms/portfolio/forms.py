"""What people tick and choose."""

from collections.abc import Iterable
from typing import Any

from django import forms

from lms.agencies.models import StaffRole
from lms.certificates.models import Award
from lms.common.fields import DayField
from lms.courses.models import Reflection
from lms.courses.progress import Progress
from lms.portfolio import operations
from lms.portfolio.models import Form
from lms.portfolio.record import said_award, said_course

LONGEST_LABEL = 120


class FormForm(forms.Form):
    """Which kind of file."""

    form = forms.ChoiceField(choices=Form)


class RecordForm(FormForm):
    """What goes into a learning record. Nothing is ticked beforehand."""

    courses = forms.TypedMultipleChoiceField(
        label="Courses", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    hours = forms.BooleanField(label="Say how long the lessons I did take, for the courses ticked", required=False)
    awards = forms.MultipleChoiceField(label="Certificates", required=False, widget=forms.CheckboxSelectMultiple)
    notes = forms.MultipleChoiceField(label="Notes", required=False, widget=forms.CheckboxSelectMultiple)
    form = forms.ChoiceField(choices=Form, initial=Form.PDF, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        on_courses: Iterable[Progress],
        own_awards: Iterable[Award],
        own_notes: Iterable[Reflection],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer("courses", [(one.course.pk, said_course(one)) for one in on_courses])
        self._offer("awards", [(str(award.uuid), said_award(award)) for award in own_awards])
        self._offer("notes", [(str(note.uuid), _label(note)) for note in own_notes])

    def _offer(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    @property
    def chosen(self) -> dict[str, Any]:
        """What was ticked, as it is kept."""
        return {name: self.cleaned_data[name] for name in ("courses", "hours", "awards", "notes")}

    def clean(self) -> dict[str, Any]:
        """Refuse a record of nothing."""
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.get(name) for name in ("courses", "awards", "notes")):
            raise forms.ValidationError(operations.NothingChosen.message)
        return cleaned


def _label(note: Reflection) -> str:
    """The prompt, not the words: a list of ticks is read by whoever looks over a shoulder."""
    words = note.prompt if len(note.prompt) <= LONGEST_LABEL else f"{note.prompt[: LONGEST_LABEL - 1]}…"
    return f"{words} ({note.lesson_title})" if note.lesson_title else words


class ShareForm(forms.Form):
    """Who may read one entry: one person, by name."""

    reader = forms.ChoiceField(
        label="Who may read it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one person", "invalid_choice": operations.NotAReader.message},
    )

    def __init__(self, *args: Any, readers: Iterable[StaffRole], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reader"]
        field.choices = [(f"{row.person_id}-{row.agency_id}", _said(row)) for row in readers]

    @property
    def chosen(self) -> tuple[int, int]:
        """The ids of the reader and of their agency."""
        reader, _, agency = self.cleaned_data["reader"].partition("-")
        return int(reader), int(agency)


def _said(row: StaffRole) -> str:
    return f"{row.person.display_name}, {row.get_role_display().lower()} at {row.agency}"


class DayForm(forms.Form):
    """A day for a line of a plan."""

    on = DayField(
        label="Which day?",
        error_messages={"required": "Choose a day", "invalid": "Choose a day, like 27 March 2027"},
    )
    by_letter = forms.BooleanField(
        label="Send me a short e-mail that morning",
        help_text="It says that a day you set has come, and nothing of what you wrote.",
        required=False,
    )
