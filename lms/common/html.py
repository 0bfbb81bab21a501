"""The only door to bleach: which tags somebody's text may keep. Every place that shows rich text goes through here."""

import re
import unicodedata
from urllib.parse import urlsplit

import bleach
from django.utils.safestring import SafeString, mark_safe

TAGS = frozenset({"p", "br", "h2", "h3", "h4", "strong", "b", "em", "i", "ul", "ol", "li", "a", "blockquote", "hr"})
ATTRIBUTES = {"a": ["href"]}
PROTOCOLS = frozenset({"https", "mailto", "tel"})

# Characters that cannot be seen and change how text reads: bidi overrides, zero-width, soft hyphen, tags.
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
# What nobody types, and XML and databases choke on: controls, halves of characters, and two that are none.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def plain(text: str) -> str:
    """Return ``text`` in NFC without control, bidi or invisible characters. Line breaks and tabs stay."""
    text = CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", INVISIBLE.sub("", text))


def _keep_href(tag: str, name: str, value: str) -> bool:
    """Keep own paths and https, mailto and tel links; ``//host`` looks like a path and leads elsewhere."""
    if tag != "a" or name != "href":
        return False
    address = value.strip().replace("\\", "/")
    parts = urlsplit(address)
    if address.startswith("//") or (parts.scheme == "https" and not parts.netloc):
        return False
    return parts.scheme in PROTOCOLS or address.startswith(("/", "#"))


def sanitise(text: str) -> SafeString:
    """Return HTML that is safe to show: only ``TAGS``, only links that ``_keep_href`` lets through."""
    cleaned = bleach.clean(plain(text), tags=TAGS, attributes=_keep_href, protocols=PROTOCOLS, strip=True)
    return mark_safe(plain(cleaned))  # noqa: S308 - this is the one place that may
