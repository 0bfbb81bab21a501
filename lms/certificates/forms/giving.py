"""What staff type when they give certificates."""

from datetime import datetime, timedelta
from typing import Any

from django import forms

from lms.certificates.forms.fields import KindTextField, OneOfOursForm
from lms.common.scope import Scope
from lms.courses.models import Course
from lms.webinars.models import Session, SessionState

LOOKS_BACK = timedelta(days=180)  # sessions longer ago are on paper somewhere, and need no list of hundreds


class ByHandForm(OneOfOursForm):
    """To whom, for what, and why. What can be chosen is of the reader's own agencies."""

    def __init__(self, *args: Any, scope: Scope, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, scope=scope, **kwargs)
        since = Session.objects.within(scope).filter(ends_at__range=(now - LOOKS_BACK, now))
        self._sessions = since.exclude(state=SessionState.CANCELLED).select_related("agency")
        self._courses = Course.objects.filter(is_open=True)
        self.fields["what"] = forms.ChoiceField(
            label="What for?",
            choices=[("", "Choose"), ("Courses", self._course_choices()), ("Sessions", self._session_choices())],
            error_messages={"required": "Choose what it's for.", "invalid_choice": "Choose one from the list."},
        )
        self.fields["reason"] = KindTextField(
            label="Why by hand?",
            help_text="Kept with the certificate, for safeguarding leads. No children's names, please.",
            required_words="Write why.",
        )

    def _course_choices(self) -> list[tuple[str, str]]:
        rows = self._courses.order_by("title").values_list("pk", "title")
        return [(f"course:{pk}", title) for pk, title in rows]

    def _session_choices(self) -> list[tuple[str, str]]:
        return [
            (f"session:{session.pk}", f"{session.title}, {session.local_start:%d %B %Y}")
            for session in self._sessions.order_by("-starts_at", "pk")
        ]

    def clean(self) -> dict[str, Any]:
        """Find who and what is meant."""
        cleaned = super().clean()
        kind, _, pk = str(cleaned.get("what", "")).partition(":")
        return {
            **cleaned,
            "session": self._sessions.filter(pk=pk).first() if kind == "session" else None,
            "course": self._courses.filter(pk=pk).first() if kind == "course" else None,
        }


class LookForm(forms.Form):
    """What a member of staff says of one certificate that waits for a look."""

    verdict = forms.ChoiceField(
        label="What should happen?",
        choices=[("give", "Give it"), ("decline", "Don't give it")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the two."},
    )
    reason = KindTextField(label="If not, why?", help_text="Kept with the certificate. They don't read it.")

    @property
    def gives(self) -> bool:
        """Whether it is to be given."""
        return bool(self.cleaned_data["verdict"] == "give")


class TermsForm(forms.Form):
    """How an agency gives certificates."""

    approves = forms.BooleanField(
        label="Each certificate waits until one of us has looked at it",
        help_text="Group leader awards don't wait: two people have signed them already.",
        required=False,
    )
    by_hand = forms.BooleanField(label="Coordinators and managers may give one by hand, with a reason", required=False)
    grace_days = forms.IntegerField(
        label="Days of grace",
        help_text="Who renews so many days late still goes on from the old end date.",
        min_value=0,
        max_value=365,
        error_messages={
            "required": "Type a number of days. 0 means none.",
            "invalid": "Type a whole number of days.",
            "min_value": "Type 0 or more days.",
            "max_value": "A year is the most: 365 days.",
        },
    )
