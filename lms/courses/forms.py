"""What learners' forms send: read here, judged by the operations."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict

from lms.courses.asking import BODY, QUESTION


class SentForm(forms.Form):
    """What every form of a lesson carries: the id that makes a repeat of the same deed count once."""

    client_id = forms.UUIDField(required=False)

    @property
    def fact(self) -> UUID:
        """The form's own id; a new one where there is none that can be read."""
        self.is_valid()
        return self.cleaned_data.get("client_id") or uuid4()


class PlaceForm(SentForm):
    """Where the reader is: the anchor of the block in view, and how much of the lesson lies before it."""

    place = forms.RegexField(r"^[A-Za-z0-9-]{0,80}$", required=False)
    share = forms.IntegerField(min_value=0, max_value=100, required=False)


class PartForm(SentForm):
    """A part that is left out for now: the items in it."""

    def items(self) -> list[UUID]:
        """The items; none if any of them cannot be read."""
        sent = self.data.getlist("item") if isinstance(self.data, QueryDict) else []
        try:
            return [UUID(item) for item in sent]
        except ValueError:
            return []


class EndingForm(SentForm):
    """The card that ends a scenario."""

    card = forms.CharField(max_length=40)


class NoteForm(forms.Form):
    """A note that is changed on its own page."""

    body = forms.CharField(required=False, strip=False, widget=forms.Textarea, label="Your words")


def bodies(data: QueryDict) -> Mapping[int, str]:
    """Return what was written, by the number of its box."""
    named = {name.removeprefix(BODY): data.get(name, "") for name in data if name.startswith(BODY)}
    return {int(number): str(text) for number, text in named.items() if number.isascii() and number.isdigit()}


def answers(data: QueryDict) -> Mapping[str, list[str]]:
    """Return what the form of a check says, by question: options, or ``option=place`` where they are put in order."""
    found: dict[str, list[str]] = {}
    for name in data:
        if name.startswith(QUESTION):
            question, _, option = name.removeprefix(QUESTION).partition(".")
            values = [value for value in data.getlist(name) if value]
            found.setdefault(question, []).extend(f"{option}={value}" if option else value for value in values)
    return found
