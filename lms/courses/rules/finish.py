"""When a course is finished: all of it, some of its lessons, or all of it with a pass mark."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from lms.courses.rules.answers import FULL_MARKS
from lms.courses.rules.asked import Items
from lms.courses.rules.facts import Standing

ALL, ANY, MARK = "all", "any", "mark"
_HARDNESS = {ANY: 0, ALL: 1, MARK: 2}
NOT_MARKED = frozenset({"text", "scale"})  # questions in which nothing is right or not


@dataclass(frozen=True)
class Finish:
    """A course's rule. needed: how many lessons, for ``any``; per cent, for ``mark``."""

    kind: str = ALL
    needed: int = 0


def kinder(one: Finish, other: Finish) -> Finish:
    """Return the rule that asks less: whoever is in the middle of a course never has it made harder."""
    return min(one, other, key=lambda rule: (_HARDNESS[rule.kind], rule.needed))


@dataclass(frozen=True)
class Tally:
    """How far a round is. total, done: items, or lessons under ``any``. missing: hundredths to the pass mark."""

    total: int
    done: int
    missing: int = 0

    def not_behind(self, *, kind: str, done: int, missing: int) -> "Tally":
        """Keep what was reached before under a rule of the same kind, also where what counted was taken out since."""
        if kind == ANY:
            return replace(self, done=min(max(self.done, done), self.total))
        return replace(self, missing=min(self.missing, missing))


def tally(finish: Finish, *, asked: Collection[str], items: Items, standings: Mapping[str, Standing]) -> Tally:
    """Count a round. asked: what is required of it; items: what the latest version says of them."""
    done = {item for item in asked if item in standings and standings[item].done_at}
    if finish.kind == ANY:
        total = min(finish.needed, len({items[item]["lesson"] for item in asked}))
        return Tally(total, min(lessons_done(asked=asked, items=items, done=done), total))
    marked = [item for item in asked if items[item].get("marked")] if finish.kind == MARK else []
    reached = sum(credit(standings.get(item), pass_mark=finish.needed) for item in marked)
    return Tally(len(asked), len(done), max(finish.needed * len(marked) - reached, 0))


def lessons_done(*, asked: Collection[str], items: Items, done: Collection[str]) -> int:
    """Return in how many lessons all is done that is asked there."""
    lessons: dict[str, list[bool]] = defaultdict(list)
    for item in asked:
        lessons[items[item]["lesson"]].append(item in done)
    return sum(map(all, lessons.values()))


def credit(standing: Standing | None, *, pass_mark: int) -> int:
    """Return what an item brings to a pass mark. One that is done without a mark, like a part left out, is neutral."""
    if standing is None or standing.done_at is None:
        return min(standing.best_score or 0, FULL_MARKS) if standing else 0
    return pass_mark if standing.best_score is None else standing.best_score


def is_new(before: Standing | None, after: Standing) -> bool:
    """Whether an item was done just now."""
    return after.done_at is not None and not (before and before.done_at)


def gain(before: Standing | None, after: Standing, *, pass_mark: int) -> int:
    """Return how much nearer to a pass mark an item has come; never less than nothing."""
    return max(credit(after, pass_mark=pass_mark) - credit(before, pass_mark=pass_mark), 0)
