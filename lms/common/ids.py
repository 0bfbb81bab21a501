"""What may stand in rows that are kept and read by many: ids and fixed words, never what a person wrote."""

import re
from collections.abc import Mapping

FIXED_WORD = re.compile(r"[A-Za-z0-9_.:+-]{0,64}")


def require_ids(values: Mapping[str, object]) -> None:
    """Raise TypeError unless every value is a whole number or a fixed word (a UUID, a date, a state)."""
    for name, value in values.items():
        if not isinstance(value, int) and not (isinstance(value, str) and FIXED_WORD.fullmatch(value)):
            raise TypeError(f"{name}: only ids and fixed words are kept here")
