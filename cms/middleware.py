"""Wagtail's editor under our content security policy.

A few of its widgets start themselves with a script in the page. Such a script is given the page's nonce only if all of
it is one of the known forms: a name from a short list, called with nothing but JSON. Anything else stays without, so
what somebody managed to write into a page is not run. Styles are looser there, and only there: the editor sets them in
attributes.
"""

import json
import re
from collections.abc import Callable

from csp.constants import SELF, UNSAFE_INLINE
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from cms.models.review import UnfitToPublish

EDITOR = "/cms/"
IN_ITS_FRAME = {"frame-ancestors": [SELF]}
LOOSER = {"style-src": [SELF, UNSAFE_INLINE], **IN_ITS_FRAME}
_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)

_TEXT = r'"(?:[^"\\<>]|\\.)*"'
_STARTS = re.compile(rf"(?:initDateChooser|initTimeChooser|initDateTimeChooser)\(({_TEXT}), (\{{.*\}})\);", re.DOTALL)
_CHOOSES = re.compile(rf"(?:new [A-Za-z]+Chooser|createTaskChooser)\(({_TEXT})(?:, (\{{.*\}}))?\);", re.DOTALL)
_PANEL = re.compile(
    r"\(function\(\) \{\s*var panel = new (?:InlinePanel|MultipleChooserPanel)"
    rf"\(JSON\.parse\(({_TEXT})\)\);\s*\}}\)\(\);"
)


def _is_json(text: str | None) -> bool:
    try:
        json.loads(text or "{}")
    except ValueError:
        return False
    return True


def _is_known(script: str) -> bool:
    """Whether the whole of a script is one call that Wagtail makes, with constants only."""
    script = script.strip()
    if found := _STARTS.fullmatch(script) or _CHOOSES.fullmatch(script):
        return _is_json(found[2])
    return bool(_PANEL.fullmatch(script))


def with_nonce(body: bytes, nonce: Callable[[], str]) -> bytes:
    """Return a page in which the scripts of known form carry the nonce. It is asked for only if there is one."""

    def marked(found: re.Match[bytes]) -> bytes:
        if not _is_known(found[1].decode(errors="replace")):
            return found[0]
        return b'<script nonce="' + nonce().encode() + b'">' + found[1] + b"</script>"

    return _INLINE.sub(marked, body)


class EditorScripts:
    """Stands below the policy's own middleware, and works on HTML of the editor only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Mark the scripts of the editor, loosen the rule for its styles, and let previews stand in its frame."""
        response = self.get_response(request)
        if request.path.startswith(EDITOR):
            response._csp_replace = LOOSER  # type: ignore[attr-defined]  # django-csp's own
            if isinstance(response, HttpResponse) and response.get("Content-Type", "").startswith("text/html"):
                self._mark(request, response)
        elif getattr(request, "is_preview", False):  # a page as its reader will see it, answered within the editor's
            response._csp_replace = IN_ITS_FRAME  # type: ignore[attr-defined]  # django-csp's own
        return response

    @staticmethod
    def _mark(request: HttpRequest, response: HttpResponse) -> None:
        response.content = with_nonce(response.content, lambda: str(getattr(request, "csp_nonce", "")))
        if "Content-Length" in response:
            response["Content-Length"] = str(len(response.content))


class UnfitDrafts:
    """Where Wagtail publishes without asking its form (an approval, many pages at once), a refusal is told kindly."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Look at nothing here."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say what to put right, in the editor of that page."""
        if not isinstance(exception, UnfitToPublish) or not request.path.startswith(EDITOR):
            return None
        messages.error(request, f"This page isn't published yet. {' '.join(exception.messages)}")
        if exception.page_id is None:
            return redirect("wagtailadmin_home")
        return redirect("wagtailadmin_pages:edit", exception.page_id)
