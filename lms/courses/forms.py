"""What learners' forms send: read here, judged by the operations."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from math import nan
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict

from lms.courses.asking import BODY, FIELDS, KNOWS, PREFIXES, QUESTION
from lms.courses.models import Added, Corrected
from lms.courses.rules import Altered, Hand, Piece


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


class BesideForm(forms.Form):
    """What to do with words that stand beside a note."""

    number = forms.IntegerField(min_value=0)
    add = forms.BooleanField(required=False)


class WatchForm(SentForm):
    """Which seconds of a video were watched, like ``0-12.5,30-44``. What cannot be read is no second of any."""

    piece = forms.UUIDField(required=False)
    ranges = forms.CharField(required=False, max_length=6_000)
    last = forms.CharField(required=False, max_length=20)
    duration = forms.CharField(required=False, max_length=20)

    def told(self) -> Piece:
        """What the player tells."""
        self.is_valid()
        said = self.cleaned_data
        pairs = (pair.split("-") for pair in said.get("ranges", "").split(",") if pair.count("-") == 1)
        return Piece(
            id=(said.get("piece") or uuid4()).hex[:8],
            ranges=[(_seconds(first), _seconds(last)) for first, last in pairs],
            last=_seconds(said.get("last", "")),
            length=_seconds(said.get("duration", "")),
        )


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return nan


class NoteForm(forms.Form):
    """A note that is changed on its own page."""

    body = forms.CharField(required=False, strip=False, widget=forms.Textarea, label="Your words")


_NUMBER_OF_A_BOX = re.compile(r"[0-9]{1,2}")


def _numbered(data: QueryDict, prefix: str) -> dict[int, str]:
    named = {name.removeprefix(prefix): data.get(name, "") for name in data if name.startswith(prefix)}
    return {int(number): str(text) for number, text in named.items() if _NUMBER_OF_A_BOX.fullmatch(number)}


def bodies(data: QueryDict) -> Mapping[int, str]:
    """Return what was written, by the number of its box."""
    return _numbered(data, BODY)


class HandForm(forms.Form):
    """The opened page that private writing comes from."""

    writer = forms.UUIDField()


def hand(data: QueryDict, *, at: datetime) -> Hand | None:
    """Return who writes, and what their page knew of its boxes; None for a form that does not say it."""
    form = HandForm(data)
    return Hand(str(form.cleaned_data["writer"]), _numbered(data, KNOWS), at) if form.is_valid() else None


def begun(data: QueryDict) -> Mapping[str, list[str]]:
    """Return the fields of a question's form, by name."""
    named = (name for name in data if name in FIELDS or name.startswith(PREFIXES))
    return {name: [str(value) for value in data.getlist(name)] for name in named}


def answers(data: QueryDict) -> Mapping[str, list[str]]:
    """Return what the form of a check says, by question: options, or ``option=place`` where they are put in order."""
    found: dict[str, list[str]] = {}
    for name in data:
        if name.startswith(QUESTION):
            question, _, option = name.removeprefix(QUESTION).partition(".")
            values = [value for value in data.getlist(name) if value]
            found.setdefault(question, []).extend(f"{option}={value}" if option else value for value in values)
    return found


class PublishingForm(forms.Form):
    """What is decided about the people in the middle of a course, before a change is published."""

    added = forms.ChoiceField(
        choices=Added, initial=Added.OFFER, widget=forms.RadioSelect, label="What has been added", required=False
    )

    def __init__(self, *args: Any, corrected: Iterable[Altered], **kwargs: Any) -> None:
        """Ask about each question of which another answer is right now."""
        super().__init__(*args, **kwargs)
        self.corrected = list(corrected)
        for number, one in enumerate(self.corrected):
            self.fields[f"corrected-{number}"] = forms.ChoiceField(
                choices=Corrected, initial=Corrected.KEEP, widget=forms.RadioSelect, label=one.words, required=False
            )

    def choices(self) -> list[dict[str, str]]:
        """Return what was chosen for each of them; the marks stay as they are where nothing was."""
        return [
            {
                "item": one.item,
                "question": one.question,
                "how": self.cleaned_data[f"corrected-{number}"] or Corrected.KEEP.value,
            }
            for number, one in enumerate(self.corrected)
        ]


class MarkForm(forms.Form):
    """An item that is marked as done by hand."""

    item = forms.UUIDField(widget=forms.Select, label="What they have done")
    reason = forms.CharField(max_length=200, label="Why", help_text="They see this, with your name.")


class AdjustForm(forms.Form):
    """More time and more tries in checks with a limit."""

    extra_time = forms.IntegerField(min_value=0, max_value=300, label="More time, in per cent")
    extra_tries = forms.IntegerField(min_value=0, max_value=20, label="More tries")
