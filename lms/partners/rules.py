"""How long an ask is open, and codes that are read out across a sofa."""

from datetime import timedelta

ASK_LASTS = timedelta(days=7)
NO_HOLDS = timedelta(days=90)  # who said no is not asked again by the same person for so long
LETTERS = "BCDFGHJKMNPQRSTVWXZ23456789"  # no vowels, so no words; nothing that looks like something else
CODE_LENGTH = 10
GROUP = 5


def spaced(code: str) -> str:
    """Write a code as people read it out: in two groups."""
    return f"{code[:GROUP]} {code[GROUP:]}".strip()


def tidied(typed: str) -> str:
    """What was meant by a code as it was typed: in any case, with spaces and dashes anywhere."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())
