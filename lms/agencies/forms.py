"""What is typed about agencies."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from lms.agencies.models import Agency, Role

AS_ADOPTER = ("", "As an adopter")


class AskForm(forms.Form):
    """Which agency knows you."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label="Your agency",
        help_text="The agency you adopted through, or are adopting through.",
        empty_label="Choose",
        error_messages={"required": "Choose your agency", "invalid_choice": "Choose an agency from the list"},
    )

    def __init__(self, *args: Any, agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]  # the stubs see a plain field


class InviteForm(forms.Form):
    """Whom to ask in, for which agency, as what."""

    address = forms.EmailField(
        label="E-mail address",
        max_length=254,
        error_messages={
            "required": "Add an e-mail address",
            "invalid": "Check the address: it should look like name@example.org",
        },
    )
    agency = forms.ModelChoiceField(
        Agency.objects.none(), label="Agency", error_messages={"invalid_choice": "Choose an agency from the list"}
    )
    role = forms.ChoiceField(label="Invite them", required=False, choices=())

    def __init__(self, *args: Any, agencies: QuerySet[Agency], roles: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]  # the stubs see a plain field
        given = [(role.value, f"As {role.label.lower()}") for role in Role if role in roles]
        self.fields["role"].choices = [AS_ADOPTER, *given]  # type: ignore[attr-defined]  # as above
