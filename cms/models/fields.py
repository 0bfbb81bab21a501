"""Fields that keep lists and are edited as people write them: an agenda in lines, ages as boxes to tick."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

AGES = [("under-5", "Under 5"), ("5-7", "5 to 7"), ("8-11", "8 to 11"), ("12-17", "12 to 17"), ("any", "Any age")]
_AGENDA_LINE = re.compile(r"(\d{1,3})\s*\|\s*(\S.*)")


class AgendaFormField(forms.CharField):
    """An agenda as lines: ``10 | Welcome``."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        super().__init__(**{**kwargs, "widget": forms.Textarea(attrs={"rows": 8})})

    def prepare_value(self, value: Any) -> Any:
        """Show the kept list as lines; leave what was just typed as it was typed."""
        if not isinstance(value, list):
            return value
        return "\n".join(f"{part['minutes']} | {part['title']}" for part in value)

    def to_python(self, value: Any) -> Any:
        """Read the lines. Raises ValidationError that names the line that cannot be read."""
        if isinstance(value, list):
            return value
        lines = [line.strip() for line in str(value or "").splitlines() if line.strip()]
        return [self._part(line) for line in lines]

    @staticmethod
    def _part(line: str) -> dict[str, Any]:
        found = _AGENDA_LINE.fullmatch(line)
        if not found:
            raise ValidationError(f'Write "{line}" as minutes, a bar and a title, like 10 | Welcome.')
        return {"minutes": int(found[1]), "title": found[2]}


class AgendaField(models.JSONField):
    """What happens in a workshop: ``[{"minutes": 10, "title": "Welcome"}]``."""

    def formfield(self, **kwargs: Any) -> Any:
        """Edit it as lines."""
        return super().formfield(**{**kwargs, "form_class": AgendaFormField})


class AgesFormField(forms.MultipleChoiceField):
    """Ages as boxes to tick."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        super().__init__(**{**kwargs, "choices": AGES, "widget": forms.CheckboxSelectMultiple()})


class AgesField(models.JSONField):
    """Which ages of children it is about: a list of the first halves of ``AGES``."""

    def formfield(self, **kwargs: Any) -> Any:
        """Edit it as boxes."""
        return super().formfield(**{**kwargs, "form_class": AgesFormField})
