"""What a name may be: a person's own, in any script, and never one that looks like staff."""

import unicodedata

LONGEST_NAME = 80  # visible characters
STAFF_WORDS = ("admin", "administrator", "moderator", "support team", "social worker", "hearth team", "staff", "trainer")

# Letters of other scripts that look like Latin ones; enough to fold "Mоderator" and "Αdmin" onto the plain words.
_LOOKS_LIKE = str.maketrans(
    "аеорсухіјѕԁɡһӏԛԝьвкмнт" + "αβεηικμνορτυχ" + "013457$@!|",
    "aeopcyxijsdghlqwbbkmht" + "abenikmvoptux" + "oieastsail",
)


def folded(text: str) -> str:
    """Return ``text`` as the eye reads it: compatibility forms, accents and look-alikes folded, spaces single."""
    wide = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(c for c in wide if not unicodedata.combining(c))
    return " ".join(bare.translate(_LOOKS_LIKE).split())


def looks_like_staff(name: str) -> bool:
    """Whether a reader could take ``name`` for somebody who works here."""
    seen = folded(name)
    squeezed = seen.replace(" ", "").replace(".", "").replace("-", "")
    return any(seen == word or squeezed == word.replace(" ", "") for word in STAFF_WORDS)


def same_name(typed: str, written: str) -> bool:
    """Whether two spellings are the same name: case, accents, spaces, hyphens and apostrophes do not matter."""
    return bool(typed.strip()) and _letters(typed) == _letters(written)


def _letters(text: str) -> str:
    wide = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(c for c in wide if c.isalnum())
