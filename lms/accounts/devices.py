"""What a browser says of itself, in words by which somebody knows their own phone again."""

import re

_BROWSERS = {  # the first that is named counts: most also name those that they are like
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
_MACHINES = {
    "iPhone": "an iPhone",
    "iPad": "an iPad",
    "Android": "Android",
    "CrOS": "a Chromebook",
    "Windows": "Windows",
    "Macintosh": "a Mac",
    "Linux": "Linux",
}
LONGEST = 90  # characters of what we do not know


def device(user_agent: str) -> str:
    """Return words like "Safari on an iPhone"; what cannot be read stays as it is, and nothing is "A browser"."""
    browser, machine = (
        next((words for name, words in known.items() if name in user_agent), "") for known in (_BROWSERS, _MACHINES)
    )
    if browser or machine:
        return f"{browser or 'A browser'} on {machine}" if machine else browser
    return user_agent[:LONGEST] or "A browser"


def without_version(user_agent: str) -> str:
    """Return it without its numbers: a browser is the same one after an update."""
    return re.sub("[0-9]+", "", user_agent)
