"""Whether what somebody types says that it cannot wait. Sums only: nothing is stored, nothing is counted."""

import re

_SELF = r"(?:myself|himself|herself|themsel(?:f|ves)|me|him|her|them)"
_PHRASES = (
    r"suicid\w*",
    rf"kill(?:ing|s)? {_SELF}",
    r"(?:want|wants|wanted|going) to (?:die|hurt|kill)\b",
    r"end (?:it all|it|my life)",
    r"self[ -]?harm\w*",
    rf"(?:cut|cuts|cutting|hurt|hurts|hurting|harm|harms|harming) {_SELF}",
    r"overdos\w*",
    r"can'?t (?:go on|cope|do this any ?more|keep (?:her|him|them|us|me|everyone) safe)",
    r"(?:not|isn'?t|aren'?t|don'?t feel) safe",
    r"unsafe|danger\w*|emergenc\w*|999",
    r"knife|knives|weapon\w*",
    r"violen\w*|attack\w*|strangl\w*|choking|chok(?:e|ed) me",
    r"(?:hit|hits|hitting|punch\w*|kick\w*|bit|bites|biting|beat|beats|beating) (?:me|us|him|her|his|my)",
    r"abus\w*|rape[ds]?|assault\w*|molest\w*",
    r"groom(?:ed|ing|er)|sextort\w*|blackmail\w*|nudes?|naked|sexual (?:image|photo|picture)s?",
    r"missing|r[au]n(?:ning)? (?:away|off)|(?:not|hasn'?t) come home",
    r"threat\w*",
    r"domestic",
)
_URGENT = re.compile(r"\b(?:" + "|".join(_PHRASES) + r")\b")


def is_urgent(text: str) -> bool:
    """Whether numbers to ring should come before anything else. Better once too often than once too seldom."""
    return bool(_URGENT.search(text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")))
