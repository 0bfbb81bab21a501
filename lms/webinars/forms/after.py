"""What people say after a session, what they ask, and what staff answer and write."""

from datetime import datetime, time
from typing import Any, cast
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from cms.models import CoursePage
from lms.common.fields import DayField
from lms.common.html import plain
from lms.common.identifiers import identifiers, listed
from lms.webinars import rules
from lms.webinars.forms.pages import PageField
from lms.webinars.models import Audience, Consent, Recording
from lms.webinars.operations import Answers, Showing

SCALE = [
    ("5", "Very much"),
    ("4", "Mostly"),
    ("3", "Partly"),
    ("2", "A little"),
    ("1", "Not at all"),
    ("", "I'd rather not say"),
]
LONDON = ZoneInfo("Europe/London")


class PlainText(forms.CharField):
    """Somebody's own words: what cannot be seen is taken out, line breaks stay."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """Take out control and bidi characters."""
        return plain(super().to_python(value) or "").strip()


def nudge(text: str) -> str:
    """Like "a phone number and a postcode" where ``text`` seems to hold them; nothing where it does not."""
    return listed(identifiers(text))


def _scale(label: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=SCALE, required=False, coerce=int, empty_value=None, widget=forms.RadioSelect, initial=""
    )


class FeedbackForm(forms.Form):
    """How it was. Everything may be left out."""

    worth_it = _scale("It was worth my time")
    took_part = _scale("I could take part in the way I wanted")
    can_use = _scale("I can use something from it")
    one_change = PlainText(
        label="One thing you'd change",
        help_text="Read by who ran it, once at least five people have answered. Name nobody. Not for emergencies.",
        required=False,
        max_length=1000,
    )

    def answers(self) -> Answers:
        """What was said; only after ``is_valid``."""
        return Answers(**self.cleaned_data)


class QuestionForm(forms.Form):
    """A question to who runs a session."""

    words = PlainText(
        label="Your question",
        help_text="Read by who runs it or their agency, usually within a few days. Not for emergencies. "
        "Please use no names.",
        max_length=1000,
        error_messages={"required": "Write your question"},
    )


class AnswerForm(forms.Form):
    """An answer, for its asker alone or for everybody with a place."""

    said = PlainText(
        label="The question in your own words",
        help_text="What others read. Take out anything that points to a family.",
        required=False,
        max_length=300,
        widget=forms.Textarea,
    )
    answer = PlainText(label="Your answer", max_length=4000, error_messages={"required": "Write an answer"})
    publish = forms.BooleanField(
        label="Let everybody with a place read it",
        help_text="Nobody's name is shown. Without the tick only who asked can read it.",
        required=False,
    )

    def clean_said(self) -> str:
        """One line, as a heading."""
        return rules.one_line(self.cleaned_data["said"])

    def clean(self) -> dict[str, Any]:
        """Ask for the question where it is to be published."""
        cleaned = super().clean() or {}
        if cleaned.get("publish") and not cleaned.get("said"):
            self.add_error("said", "Write the question as others may read it")
        return cleaned


class RecordingForm(forms.Form):
    """A recording to keep."""

    title = forms.CharField(label="What it is", help_text="Like: the talk, 40 minutes.", max_length=100)
    address = forms.CharField(
        label="Link to the recording",
        help_text="It's kept locked up and shown to nobody: people get a link of ours.",
        max_length=500,
        widget=forms.URLInput,
    )

    def clean_title(self) -> str:
        """One line."""
        return rules.one_line(self.cleaned_data["title"])


class ShowingForm(forms.Form):
    """Who may see a recording, and until when."""

    consent = forms.ChoiceField(label="Has everyone in it agreed?", choices=Consent)
    audience = forms.ChoiceField(label="Who may see it", choices=Audience)
    course = PageField(CoursePage.objects.none(), label="Which course", required=False, empty_label="No course")
    until = DayField(label="Last day")

    def __init__(self, data: Any = None, *, recording: Recording) -> None:
        known = {
            "consent": recording.consent,
            "audience": recording.audience,
            "course": recording.course_id,
            "until": recording.expires_at.astimezone(LONDON).date().isoformat(),
        }
        super().__init__(data, initial=known, prefix=f"r{recording.pk}")
        course = cast(PageField, self.fields["course"])
        course.queryset = CoursePage.objects.live().order_by("title")

    def showing(self) -> Showing:
        """What was chosen; only after ``is_valid``."""
        chosen = dict(self.cleaned_data)
        until = datetime.combine(chosen.pop("until"), time(23, 59), LONDON)
        return Showing(**chosen, expires_at=until)


class NoteForm(forms.Form):
    """A message to everybody with a place, looked at before it goes."""

    words = PlainText(
        label="Your message",
        help_text="Each person gets a mail of their own. Name no family, and no way into the room: it's on their page.",
        max_length=2000,
        error_messages={"required": "Write a message"},
    )
    note_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def clean_words(self) -> str:
        """Refuse a link into a room: it would be the way in for whoever reads the mail."""
        words: str = self.cleaned_data["words"]
        signs = ("://", "www.", *(f"{host}/" for host in settings.LMS_ROOM_HOSTS))
        if any(sign in words.lower() for sign in signs):
            raise ValidationError("Leave links out. People find the way in on the page of their booking.")
        return words

    def clean_note_id(self) -> Any:
        """The number under which it goes out once; a fresh one where there is none."""
        return self.cleaned_data["note_id"] or uuid4()
