"""Values that every page needs and that hardly ever change, kept in the process for a short while."""

from collections.abc import Callable
from time import monotonic
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")
_all: list["Memo[Any]"] = []


class Memo(Generic[Value]):
    """Keeps one value for ``seconds``. Each process keeps its own, so others see a change after that time."""

    def __init__(self, make: Callable[[], Value], *, seconds: float) -> None:
        self._make = make
        self._seconds = seconds
        self._kept: tuple[float, Value] | None = None
        _all.append(self)

    def get(self) -> Value:
        """Return the kept value, made anew if it is too old."""
        kept = self._kept
        if kept is None or monotonic() - kept[0] > self._seconds:
            kept = self._kept = (monotonic(), self._make())
        return kept[1]

    def forget(self) -> None:
        """Make the value anew next time: what it was made of has changed."""
        self._kept = None


def forget_all() -> None:
    """Forget every kept value: the database beneath has changed as a whole."""
    for memo in _all:
        memo.forget()
