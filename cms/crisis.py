"""Whether what somebody types says that it cannot wait. Sums only: nothing is stored, nothing is counted."""

import re

from cms import spelling

_SELF = r"(?:myself|himself|herself|themsel(?:f|ves)|yourself|me|him|her|them|us)"
_PHRASES = (
    r"suicid\w*|unalive|kms|kys",
    rf"kill(?:ing|s|ed)? {_SELF}",
    r"(?:want|wants|wanted|wann?a|going?|gonn?a|ready|try|trying|tried|wish|wishes) "
    r"(?:to |2 |i could |he could |she could )?(?:die|dye|hurt|kill|harm|be dead)\b",
    r"wish(?:es)? (?:i|he|she|they) (?:was|were|wasnt here|wasnt alive|had never been born)",
    r"better off? (?:dead|without (?:me|us))",
    r"(?:dont|doesnt|not) (?:wann?a|want to|want 2) (?:be here|live?|be alive|wake up)",
    r"no (?:point|reason) (?:in |to )?(?:living|live|going on)",
    r"end (?:it all|it|(?:my|his|her) li(?:fe|ef))",
    r"s(?:elf|lef|efl) ?harm\w*|selfh arm\w*",
    rf"(?:cut|cuts|cutting|hurt|hurts|hurting|harm|harms|harming) {_SELF}",
    r"(?:cut|cuts|cutting) (?:his|her|my|their) (?:arms?|legs?|wrists?)",
    r"overdos\w*|(?:taken|took|swallowed|eaten) (?:\w+ ){0,2}(?:tablets|pills|paracetamol|bleach)",
    r"(?:cant|cannot|can not|not|couldnt) (?:go on|cope|coping|take (?:it )?any ?more|do this any ?more"
    r"|keep (?:her|him|them|us|me|everyone|everybody) safe)",
    r"(?:might|could|gonna|going to|afraid ill|scared ill|scared i will) (?:\w+ )?(?:hurt|hit|harm|shake|hurting|kill) "
    r"(?:him|her|them|my|the)",
    r"sh(?:ook|aken|aking) (?:my|the|him|her)\b",
    r"(?:not|isnt|arent|dont feel|never) safe",
    r"unsafe|danger\w*|emergenc\w*|999",
    r"k?nife?|knives|hang(?:ing|s|ed)? (?:myself|himself|herself|themself)|weapon\w*",
    r"violen\w*|attack\w*|strangl\w*|choking|chok(?:e|ed) me|hands round my (?:neck|throat)",
    r"not breathing|unconscious|wont wake up|bleeding",
    r"(?:hit|hits|hitting|punch\w*|kick\w*|bit|bites|biting|beat|beats|beating) (?:me|us|him|her|his|my)",
    r"abus\w*|rape[ds]?|assault\w*|molest\w*|touch(?:ed|es|ing) (?:her|him|them|my|me)",
    r"groom(?:ed|ing|er)|sextor\w*|blackmail\w*|nudes?|naked|sexual (?:image|photo|picture)s?",
    r"missing|r[au]n(?:ning)? (?:away|off)|(?:not|hasnt|didnt) come home",
    r"threat\w*",
    r"domestic|(?:scared|afraid|frightened) of my (?:husband|wife|partner|ex)",
)
_URGENT = re.compile(r"\b(?:" + "|".join(_PHRASES) + r")\b")
_KNOWN = """
abuse abused abusing abusive assault assaulted attack attacked attacking blackmail blackmailed blackmailing bleeding
choking cutting danger dangerous domestic emergency groomed grooming hanging harming herself himself hitting hurting
kicked kicking killing knife missing molested myself naked overdose overdosed punched raped selfharm sextortion
strangled strangling suicidal suicide themself themselves threat threaten threatened threatening threatens threats
unconscious violence violent weapon weapons
"""
_SHORT = ("kill", "hurt", "harm", "want")  # one slip in these still tells, among the words around them
# Words of every day that are a slip or two away from those above.
_EVERY_DAY = """
amused attach attached attaches attaching attachment attachments breeding checking choosing closing cooking counting
dancer dancers feeding growing hacking ham handing hard hare harp hart hearing hoarding humming hunt hurl hurts hut
kiln kilt messing minding mission named overdue wait wand wants wart went wont
picking rated shaking stranded strange stranger strangers struggling thread threads throat treat treated treating
treats violet violin
"""
_ORDINARY = frozenset(_EVERY_DAY.split())
_APART = re.compile(r"\b(my|him|her|them) self\b")
_SPELLER = spelling.Speller(_KNOWN.split())


def is_urgent(text: str) -> bool:
    """Whether numbers to ring should come before anything else. Better once too often than once too seldom.

    Words are known with a slip or two in them, and with or without an apostrophe.
    """
    typed = spelling.words(
        text.replace("my self", "myself").replace("him self", "himself").replace("her self", "herself")
    )
    return bool(_URGENT.search(" ".join(typed)) or _URGENT.search(" ".join(map(_meant, typed))))


def _meant(word: str) -> str:
    """Return the word that stands for danger and was most likely meant; any other as it is."""
    if len(word) < 3 or word in _ORDINARY:
        return word
    if len(word) < 6:
        short = [one for one in _SHORT if one[0] == word[0] and spelling.distance(word, one, most=1) == 1]
        if short or len(word) < 5:
            return next(iter(short), word)
    likely = {one: surely for one, surely in _SPELLER.meant(word).items() if one[0] == word[0]}
    return max(likely, key=lambda one: likely[one], default=word)
