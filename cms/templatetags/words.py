"""How an editor's words are shown. Rich text always goes through ``words``: Wagtail's own filter does not sanitise."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.utils.safestring import SafeString
from wagtail.rich_text import RichText, expand_db_html

from lms.common.html import sanitise

register = template.Library()

# The same few thousand passages are read over and over, and cleaning one takes longer than drawing a page.
_clean = lru_cache(maxsize=4096)(sanitise)


@register.filter
def words(value: Any) -> SafeString:
    """Show rich text: links to pages of ours are resolved first, then only what may stay is kept."""
    source = value.source if isinstance(value, RichText) else str(value or "")
    return _clean(expand_db_html(source))


@register.filter
def places(nations: Sequence[str]) -> str:
    """Say where something holds: "In England and Wales"."""
    names = list(nations or ())
    if not names:
        return "Where you live"
    return "In " + " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
