"""Fields that forms of certificates and pathways share."""

from typing import Any

from django import forms

from lms.common.html import plain


class KindTextField(forms.CharField):
    """Some lines of plain text."""

    def __init__(self, *, required_words: str = "", **kwargs: Any) -> None:
        messages = {"max_length": "Please keep it under 1,000 characters.", "required": required_words}
        kwargs["required"] = bool(required_words)
        super().__init__(max_length=1000, widget=forms.Textarea, error_messages=messages, **kwargs)

    def clean(self, value: Any) -> str:
        """Clean without what cannot be seen."""
        return plain(super().clean(value)).strip()
