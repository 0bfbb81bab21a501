"""How lists say how long a thing takes and what it is. Sums only."""

KINDS = {
    "course": "Course",
    "workshop": "Live workshop",
    "lesson": "Lesson",
    "card": "For right now",
    "resource": "Worth keeping",
}


def lasts(minutes: int) -> str:
    """Say a length: "50 minutes", "1 hour", "2 hours 15"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} minute{'' if rest == 1 else 's'}"
    return f"{hours} hour{'' if hours == 1 else 's'}" + (f" {rest}" if rest else "")


def roughly(minutes: int) -> str:
    """Say a sum of many short lengths, to five minutes, as nobody reads to the minute."""
    return f"about {lasts(max(5, round(minutes / 5) * 5))}"


def first_sentence(text: str) -> str:
    """Return what comes before the first full stop: enough for a list."""
    return text.split(". ", 1)[0].rstrip(".")
