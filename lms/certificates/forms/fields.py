"""What forms of certificates and pathways share."""

from collections.abc import Callable
from typing import Any

from django import forms

from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.common.errors import DomainError
from lms.common.fields import DayField
from lms.common.html import plain
from lms.common.scope import Scope

NOBODY = "We don't know that address at your agency. Check how it's spelt."


def goes_through(form: forms.Form, deed: Callable[[], object]) -> bool:
    """Do ``deed`` if the form is in order, and say whether it was done. What refuses it is put on the form."""
    if not form.is_valid():
        return False
    try:
        deed()
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


def day_field(label: str, **kwargs: Any) -> DayField:
    """Ask for a day."""
    words = {"required": f"Choose a day for “{label}”.", "invalid": "Write the day like 2026-03-12."}
    return DayField(label=label, error_messages=words, **kwargs)


class KindTextField(forms.CharField):
    """Some lines of plain text."""

    def __init__(self, *, required_words: str = "", **kwargs: Any) -> None:
        messages = {"max_length": "Please keep it under 1,000 characters.", "required": required_words}
        kwargs["required"] = bool(required_words)
        super().__init__(max_length=1000, widget=forms.Textarea, error_messages=messages, **kwargs)

    def clean(self, value: Any) -> str:
        """Clean without what cannot be seen."""
        return plain(super().clean(value)).strip()


class OneOfOursForm(forms.Form):
    """An adopter whom one of the reader's own agencies has verified, found by their address."""

    address = forms.EmailField(
        label="Their e-mail address",
        help_text="The one they sign in with.",
        error_messages={"required": "Type their e-mail address.", "invalid": "Type a whole address, like sam@abc.org."},
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._agencies = Agency.objects.filter(pk__in=scope.agency_ids)

    def clean(self) -> dict[str, Any]:
        """Find who is meant; an address that nobody has is said as one of somebody elsewhere is."""
        cleaned = super().clean() or {}
        person = User.objects.filter(email__iexact=cleaned.get("address", ""), is_active=True).first()
        mine = self._agencies.filter(memberships__person=person, memberships__state="verified") if person else None
        agency = mine.order_by("pk").first() if mine is not None else None
        if cleaned.get("address") and agency is None:
            self.add_error("address", NOBODY)
        return {**cleaned, "person": person, "agency": agency}
