"""What adopters ask for, why a session is cancelled, and who was there."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from lms.webinars import operations, rules
from lms.webinars.models import Booking, Verdict, Why
from lms.webinars.registers import Line, Register


class NeedsForm(forms.Form):
    """What would help somebody take part: a request, not a diagnosis."""

    access_needs = forms.CharField(
        label="What would help you take part?",
        help_text="Like captions, large print or sitting near the door. Only the person who runs the session reads "
        "this. We delete it 30 days after.",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReasonForm(forms.Form):
    """Why a session is cancelled, for everybody who was coming."""

    reason = forms.CharField(
        label="Why is it cancelled?",
        help_text="Everyone who booked or waits reads this. Don't name anybody.",
        max_length=200,
        error_messages={"required": "Say in a few words why it's cancelled"},
    )

    def clean_reason(self) -> str:
        """One line, as it stands in a mail."""
        return rules.one_line(self.cleaned_data["reason"])


class MarksForm(forms.Form):
    """One choice a person on the register but the viewer. A name that is not on it refuses the whole."""

    def __init__(self, *args: Any, register: Register, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lines = [line for line in register.lines if not line.is_own]
        self.fields["why"] = forms.ChoiceField(choices=[("", "Nothing to say"), *Why.choices], required=False)
        for line in self._lines:
            self.fields[self.name_of(line.booking)] = forms.ChoiceField(choices=Verdict.choices, required=False)

    @staticmethod
    def name_of(booking: Booking) -> str:
        """The name of the choice for one booking."""
        return f"mark_{booking.pk}"

    def clean(self) -> dict[str, Any]:
        """Refuse marks for anybody else: somebody cancelled since the page was opened, or it was made up."""
        strange = {name for name in self.data if name.startswith("mark_")} - self.fields.keys()
        if strange:
            raise ValidationError(operations.NotOnRegister.message)
        return self.cleaned_data

    @property
    def refusal(self) -> str:
        """Why the marks were not taken."""
        return " ".join(map(str, self.non_field_errors())) or "Choose one of the marks for each person."

    @property
    def typed(self) -> dict[int, str]:
        """What was chosen, by booking id, so that a refusal loses nothing."""
        chosen = {line.booking.pk: str(self.data.get(self.name_of(line.booking), "")) for line in self._lines}
        return {pk: verdict for pk, verdict in chosen.items() if verdict in Verdict.values}

    @property
    def marks(self) -> dict[int, str]:
        """Verdicts by booking id. Who has no mark yet and got none gets what a button says of them all, if one does."""
        chosen = {}
        for line in self._lines:
            typed = self.cleaned_data[self.name_of(line.booking)]
            if verdict := typed or (self._of_the_rest(line) if not line.verdict else ""):
                chosen[line.booking.pk] = verdict
        return chosen

    def _of_the_rest(self, line: Line) -> str:
        """Here, where "everyone else here" was pressed; what speaks for them, where that was."""
        if "rest" in self.data:
            return Verdict.PRESENT
        return line.proposed if "take" in self.data else ""


class CodeForm(forms.Form):
    """The code that is shown in the room."""

    code = forms.CharField(
        label="The code in the room",
        help_text="Five letters and numbers. It changes every few minutes.",
        max_length=20,
        error_messages={"required": "Type the code that is shown in the room"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
