"""Videos and recordings in a lesson: where their viewer stopped, and whether they are done."""

from dataclasses import dataclass
from typing import Any

from lms.courses import rules
from lms.courses.asking.learning import Learning


@dataclass(frozen=True)
class MediaShown:
    """carry_on_at: the second at which it was left; 0 where it begins. rule: what does it, in words."""

    item: str
    carry_on_at: int
    rule: str
    is_done: bool
    skipped: bool

    @property
    def carry_on(self) -> str:
        """The second as a clock says it, like 3:12."""
        return f"{self.carry_on_at // 60}:{self.carry_on_at % 60:02}"


def media(value: Any, kind: str, learning: Learning | None) -> MediaShown:
    """Return a video or an audio block as its reader has it."""
    item = str(value["item_id"])
    if learning is None:
        return MediaShown(item, 0, rules.rule(kind), is_done=False, skipped=False)
    held = learning.held(item)
    at = rules.carry_on_at(held.watched)
    return MediaShown(item, at, rules.rule(kind), is_done=held.done and not held.skipped, skipped=held.skipped)
