"""A self-check: a few statements that people answer for themselves, and what may help with each."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from cms.models.identity import Identified
from cms.models.review import Reviewed

HELP_FIRST = "help"  # in the place of a course: whoever answers "not yet" is shown who to ring before anything else
MOST = 20


def statement(line: str) -> dict[str, Any]:
    """Read ``key | words | slugs``. Raises ValidationError that says what is missing."""
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != 3 or not all(parts):
        raise ValidationError(f'Write "{line}" as a key, the words, and what may help, with bars between them.')
    key, words, leads = parts
    slugs = [slug.strip() for slug in leads.split(",") if slug.strip()]
    return {"key": key[:40], "words": words[:200], "leads_to": slugs}


def statements(lines: list[str]) -> list[dict[str, Any]]:
    """Read all of them. Raises ValidationError, also for two with the same key or for too many."""
    found = [statement(line) for line in lines if line.strip()]
    if len({one["key"] for one in found}) < len(found):
        raise ValidationError("Two statements have the same key.")
    if len(found) > MOST:
        raise ValidationError(f"There's room for {MOST} statements.")
    return found


class StatementsFormField(forms.CharField):
    """Statements as lines."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        super().__init__(**{**kwargs, "widget": forms.Textarea(attrs={"rows": 12})})

    def prepare_value(self, value: Any) -> Any:
        """Show the kept list as lines; leave what was just typed as it was typed."""
        if not isinstance(value, list):
            return value
        return "\n".join(f"{one['key']} | {one['words']} | {', '.join(one['leads_to'])}" for one in value)

    def to_python(self, value: Any) -> Any:
        """Read the lines. Raises ValidationError that names the line that cannot be read."""
        return value if isinstance(value, list) else statements(str(value or "").splitlines())


class StatementsField(models.JSONField):
    """What is asked: ``[{"key": "S1", "words": "We ...", "leads_to": ["a-course"]}]``."""

    def formfield(self, **kwargs: Any) -> Any:
        """Edit it as lines."""
        return super().formfield(**{**kwargs, "form_class": StatementsFormField})


class SelfCheckPage(Reviewed, Identified, Page):
    """Where am I now? No score and no label comes of it; what somebody answers is theirs alone."""

    introduction = models.CharField(max_length=300, help_text="What it is for, and that nobody else sees the answers.")
    statements = StatementsField(
        default=list,
        help_text="One a line: a key, a bar, the words, a bar, and the slugs of courses or workshops that may help. "
        "Write help in their place where 'not yet' means that somebody should be rung. Keep the key when you change "
        "the words.",
    )
    ending = models.TextField(help_text="Kind words under whatever was answered.")

    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("statements"), FieldPanel("ending")]
    content_panels += Reviewed.review_panels
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []
    max_count = 1
