"""Choosing a page of the editor."""

from typing import TYPE_CHECKING, Any

from django import forms
from wagtail.models import Page

LONGEST_NUMBER = 18  # digits

if TYPE_CHECKING:
    _Choice = forms.ModelChoiceField[Page]
else:
    _Choice = forms.ModelChoiceField  # takes no type where it runs


class PageField(_Choice):
    """One of some pages. A number that no page can have is one that is not in the list, as it is for other tables.

    A page is looked up through the table that all kinds of pages share, and there Django lets a number of any length
    through to the database, which breaks over it.
    """

    def to_python(self, value: Any) -> Any:
        """Raise ValidationError for what is not in the list."""
        return super().to_python("none" if isinstance(value, str) and len(value) > LONGEST_NUMBER else value)
