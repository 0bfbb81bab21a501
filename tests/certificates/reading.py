"""What a person reads on a page."""

import re
from html import unescape

_HOOK = "\u2019"  # the apostrophe of good print


def words(answer):
    """Return the words of the main part, apostrophes as they are typed."""
    main = answer.content.decode().partition("<main")[2].partition(">")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).replace(_HOOK, "'").split())
