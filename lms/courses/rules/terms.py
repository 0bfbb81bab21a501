"""What a course says as a whole: when it is finished, whether its lessons go in order, what comes first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lms.common.identifiers import listed
from lms.courses.rules.finish import ANY, MARK, Finish

FINISH, ORDER, FIRST = "finish", "order", "first"


@dataclass(frozen=True)
class Terms:
    """The rules of a course. lessons: how many it has. first: titles of the courses to finish before, by identity.

    in_order, first: None of a version from before they were kept.
    """

    finish: Finish
    lessons: int
    in_order: bool | None
    first: Mapping[str, str] | None


@dataclass(frozen=True)
class Turn:
    """A rule that became another. kind: finish, order or first."""

    kind: str
    words: str


def finish_words(finish: Finish, *, lessons: int) -> str:
    """Say by what a course is finished, for who plans it."""
    if finish.kind == ANY:
        return f"any {finish.needed} of its {lessons} lessons"
    if finish.kind == MARK:
        return f"every lesson, with {finish.needed} out of 100 over all its questions"
    return "every lesson"


def turns(before: Terms, after: Terms) -> list[Turn]:
    """Say in words which rules are other ones; of what was not kept, nothing."""
    return [*_finish(before, after), *_order(before, after), *_first(before, after)]


def _finish(before: Terms, after: Terms) -> Iterator[Turn]:
    if before.finish != after.finish:
        was, is_now = (finish_words(one.finish, lessons=one.lessons) for one in (before, after))
        yield Turn(FINISH, f"What finishes it was {was}. Now it's {is_now}.")


def _order(before: Terms, after: Terms) -> Iterator[Turn]:
    if None in (before.in_order, after.in_order) or before.in_order == after.in_order:
        return
    if after.in_order:
        yield Turn(ORDER, "Its lessons go in order now: each opens when the one before it is done.")
    else:
        yield Turn(ORDER, "Its lessons can be taken in any order now.")


def _first(before: Terms, after: Terms) -> Iterator[Turn]:
    if before.first is None or after.first is None:
        return
    new = [title for course, title in after.first.items() if course not in before.first]
    gone = [title for course, title in before.first.items() if course not in after.first]
    if new:
        yield Turn(FIRST, f"To be finished first, from now on: {listed(sorted(new))}.")
    if gone:
        yield Turn(FIRST, f"No longer to be finished first: {listed(sorted(gone))}.")


def touched(turn: Turn, *, learners: int, eased: int) -> str:
    """Say whom a new rule touches. learners: in the middle of the course; eased: of whom it asks less than before."""
    if turn.kind == FIRST:
        return "It touches nobody who is on the course. It's for who joins from now on."
    people = "1 person is" if learners == 1 else f"{learners} people are"
    if turn.kind == ORDER:
        return f"{people} in the middle of the course, and it's for them too. What they've done stays done."
    if not eased:
        return f"{people} in the middle of the course. Their rule stays the one they began with."
    whom = "them" if eased == learners else f"{eased} of them"
    return f"{people} in the middle of the course. It asks less of {whom}, and counts for {whom} at once."
