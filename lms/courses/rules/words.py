"""Each rule in a sentence for who it is for: what does an item, and what finishes a course."""

from collections.abc import Mapping

BY_KIND: Mapping[str, str] = {
    "lesson": "Read it, and press the button at the end.",
    "question": "Give any answer.",
    "bank": "Pass the check.",
    "scenario": "Walk it to any ending.",
    "reflection": "Nothing is asked. Write if you like.",
    "plan": "Nothing is asked. Fill it in if you like.",
    "video": "Nothing is asked. Watch it, or read it instead.",
    "audio": "Nothing is asked. Listen, or read it instead.",
    "package": "Go through it to its end.",
}


def rule(kind: str) -> str:
    """Say what does an item of this kind."""
    return BY_KIND.get(kind, "")


def lesson_rule(kinds: Mapping[str, int]) -> str:
    """Say what does a lesson. kinds: how many required items of each kind it has."""
    parts = ["you've read it"] if kinds.get("lesson") else []
    if questions := kinds.get("question", 0):
        parts.append("answered its question" if questions == 1 else f"answered its {questions} questions")
    if checks := kinds.get("bank", 0):
        parts.append("passed its check" if checks == 1 else f"passed its {checks} checks")
    if packages := kinds.get("package", 0):
        parts.append("gone through its package" if packages == 1 else f"gone through its {packages} packages")
    return f"Done when {' and '.join(parts)}." if parts else "You may leave this lesson out."
