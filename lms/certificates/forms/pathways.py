"""What people type about pathways."""

from collections.abc import Iterable
from typing import Any

from django import forms

from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.certificates import steps
from lms.certificates.forms.fields import KindTextField, OneOfOursForm, day_field
from lms.certificates.models import CheckLevel, Pathway, TieKind
from lms.webinars.models import Session

SEEN = [(steps.Seen.MET.value, "Met"), (steps.Seen.NEARLY.value, "Nearly"), (steps.Seen.NOT_YET.value, "Not yet")]


def _chosen(label: str, rows: Any, *, words: str, hint: str = "", **kwargs: Any) -> Any:
    told = {"required": words, "invalid_choice": words}
    return forms.ModelChoiceField(rows, label=label, help_text=hint, error_messages=told, **kwargs)


# --- A candidate's -------------------------------------------------------------------------------------------------


class InterestForm(forms.Form):
    """Which agency somebody would like to begin with."""

    def __init__(self, *args: Any, agency_ids: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Agency.objects.filter(pk__in=list(agency_ids))
        self.fields["agency"] = _chosen(
            "Your agency", rows, words="Choose the agency that knows you.", empty_label=None, initial=rows.first()
        )


class EntryForm(forms.Form):
    """A note of practice. The words are kept as they are typed."""

    happened_on = day_field("When was it?")
    body = forms.CharField(
        label="What happened?",
        help_text="What you did, what went well, what you'd do again. No names, please: initials are enough.",
        required=False,
        strip=False,
        widget=forms.Textarea,
    )


class StatementForm(forms.Form):
    """A reflective statement."""

    body = forms.CharField(
        label="Your statement",
        help_text="What you've learned about yourself as a leader, and what you'll keep an eye on. No names, please.",
        required=False,
        strip=False,
        widget=forms.Textarea,
    )


class TieForm(forms.Form):
    """Somebody who must not sign."""

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"] = _chosen("Who is it?", people, words="Choose somebody from the list.")
        self.fields["kind"] = forms.ChoiceField(
            label="They are", choices=[(kind.value, kind.label.capitalize()) for kind in TieKind]
        )


# --- The desk's ----------------------------------------------------------------------------------------------------


class BeginForm(OneOfOursForm):
    """Whom to put on which pathway."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Pathway.objects.order_by("title")
        self.fields["pathway"] = _chosen(
            "Which pathway", rows, words="Choose a pathway from the list.", empty_label=None, initial=rows.first()
        )


class SignOffForm(forms.Form):
    """What a member of staff says of one step."""

    verdict = forms.ChoiceField(
        label="Is this step met?",
        choices=[("met", "Yes, it's met"), ("not_yet", "Not yet")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the two."},
    )
    comment = KindTextField(
        label="A few kind words", help_text="They will read this. If it's not yet, say what is to come."
    )

    @property
    def is_met(self) -> bool:
        """Whether the step is met."""
        return bool(self.cleaned_data["verdict"] == "met")


class DocumentForm(forms.Form):
    """That a background check was seen. There is no box for its number."""

    level = forms.ChoiceField(label="Which check", choices=CheckLevel.choices)
    covers = forms.CharField(
        label="Which role it covers",
        help_text="Like: group leader, adults only. Leave out the number of the certificate.",
        max_length=80,
    )
    seen_on = day_field("Seen on")
    review_on = day_field("Look at it again by")


class ObservationForm(forms.Form):
    """What an observer saw: ten points, each met, nearly or not yet, and a few words."""

    observed_on = day_field("When was it?")

    def __init__(self, *args: Any, sessions: Iterable[Session], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sessions = {str(session.uuid): session for session in sessions}
        listed = [(key, f"{one.title}, {one.day} {one.local_start.year}") for key, one in self._sessions.items()]
        self.fields["session"] = forms.ChoiceField(
            label="Which session", choices=[("", "None of these"), *listed], required=False
        )
        for number, words in enumerate(steps.POINTS, start=1):
            self.fields[f"point_{number}"] = forms.ChoiceField(
                label=words,
                choices=SEEN,
                widget=forms.RadioSelect,
                error_messages={"required": f"Choose one for “{words}”."},
            )
        self.fields["comment"] = KindTextField(label="A few kind words", help_text="They will read this.")

    @property
    def points(self) -> list[str]:
        """What was said of each point, in their order."""
        return [str(self.cleaned_data[f"point_{number}"]) for number in range(1, len(steps.POINTS) + 1)]

    @property
    def point_fields(self) -> list[forms.BoundField]:
        """The ten points, for a template."""
        return [self[f"point_{number}"] for number in range(1, len(steps.POINTS) + 1)]

    @property
    def session(self) -> Session | None:
        """The session chosen, if any."""
        return self._sessions.get(self.cleaned_data["session"])


class SupervisionForm(forms.Form):
    """A date of supervision."""

    held_on = day_field("Held on")


class AppointForm(forms.Form):
    """Who stands beside a candidate."""

    ROLES = (
        ("link_worker", "Link worker", "Whom they turn to first."),
        ("assessor", "Assessor", "Alone reads the reflective statement."),
        ("supervisor", "Supervisor", "Puts down the dates of supervision."),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label, hint in self.ROLES:
            self.fields[name] = _chosen(
                label,
                people,
                words="Choose somebody from the list.",
                hint=hint,
                required=False,
                empty_label="Nobody yet",
            )

    @property
    def named(self) -> dict[str, User | None]:
        """Who was chosen for what."""
        return {name: self.cleaned_data[name] for name, _, _ in self.ROLES}


class TransferForm(forms.Form):
    """Which agency may take over."""

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_agency"] = _chosen("Which agency", agencies, words="Choose an agency from the list.")
