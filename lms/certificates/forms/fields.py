"""What forms of certificates and pathways share."""

from collections.abc import Callable
from typing import Any

from django import forms

from lms.common.errors import DomainError
from lms.common.html import plain


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


def day_field(label: str, **kwargs: Any) -> forms.DateField:
    """Ask for a day."""
    words = {"required": f"Choose a day for “{label}”.", "invalid": "Write the day like 2026-03-12."}
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), error_messages=words, **kwargs
    )


class KindTextField(forms.CharField):
    """Some lines of plain text."""

    def __init__(self, *, required_words: str = "", **kwargs: Any) -> None:
        messages = {"max_length": "Please keep it under 1,000 characters.", "required": required_words}
        kwargs["required"] = bool(required_words)
        super().__init__(max_length=1000, widget=forms.Textarea, error_messages=messages, **kwargs)

    def clean(self, value: Any) -> str:
        """Clean without what cannot be seen."""
        return plain(super().clean(value)).strip()
