"""Each rule in a sentence for who it is for: what does an item, and what finishes a course."""

from collections.abc import Mapping

from lms.common.identifiers import listed
from lms.courses.rules.finish import ANY, MARK, Finish

BY_KIND: Mapping[str, str] = {
    "lesson": "Done when you've read it and pressed the button at its end.",
    "question": "Done when you've given an answer, whatever it is.",
    "bank": "Done when you've passed it.",
    "scenario": "Done when you've walked it to any of its endings.",
    "reflection": "Nothing is asked. Write if you like.",
    "plan": "Nothing is asked. Fill it in if you like.",
    "video": "Done when you've watched most of it, at any speed, or read it instead.",
    "audio": "Done when you've heard most of it, at any speed, or read it instead.",
    "package": "Done when you've gone through it to its end.",
    "workshop": "Done when you've been to a live session of it.",
}
# What somebody has done who has done all of a lesson: by kind, where there is one of them, and where there are more.
_DONE: Mapping[str, tuple[str, str]] = {
    "question": ("answered its question", "answered its {} questions"),
    "scenario": ("walked its scenario", "walked its {} scenarios"),
    "video": ("watched or read its video", "watched or read its {} videos"),
    "audio": ("heard or read its recording", "heard or read its {} recordings"),
    "bank": ("passed its check", "passed its {} checks"),
    "package": ("gone through its package", "gone through its {} packages"),
    "workshop": ("been to its live workshop", "been to its {} live workshops"),
}


def rule(kind: str) -> str:
    """Say what does an item of this kind."""
    return BY_KIND.get(kind, "")


def lesson_rule(kinds: Mapping[str, int]) -> str:
    """Say what does a lesson. kinds: how many required items of each kind it has."""
    parts = ["read it"] if kinds.get("lesson") else []
    for kind, (one, more) in _DONE.items():
        if count := kinds.get(kind, 0):
            parts.append(one if count == 1 else more.format(count))
    return f"Done when you've {listed(parts)}." if parts else "You may leave this lesson out."


def course_rule(finish: Finish, *, lessons: int) -> str:
    """Say what finishes a course. lessons: how many it has."""
    if finish.kind == ANY:
        some = (
            "any one lesson is done" if finish.needed == 1 else f"any {finish.needed} of its {lessons} lessons are done"
        )
        return f"You finish when {some if finish.needed < lessons else 'every lesson is done'}."
    if finish.kind == MARK:
        mark = f"your answers come to {finish.needed} out of 100 or more"
        return f"You finish when every lesson is done and {mark}. You can try any question again: the best counts."
    return "You finish when every lesson is done."
