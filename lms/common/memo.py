"""Values that every page needs and that hardly ever change, kept in the process for a short while."""

from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

Value = TypeVar("Value")
_forgetting: list[Callable[[], None]] = []


class Memo(Generic[Value]):
    """Keeps one value for ``seconds``. Each process keeps its own, so others see a change after that time."""

    def __init__(self, make: Callable[[], Value], *, seconds: float) -> None:
        self._make = make
        self._seconds = seconds
        self._kept: tuple[float, Value] | None = None
        forgets(self.forget)

    def get(self) -> Value:
        """Return the kept value, made anew if it is too old."""
        kept = self._kept
        if kept is None or monotonic() - kept[0] > self._seconds:
            kept = self._kept = (monotonic(), self._make())
        return kept[1]

    def forget(self) -> None:
        """Make the value anew next time: what it was made of has changed."""
        self._kept = None


def forgets(forget: Callable[[], None]) -> None:
    """Have ``forget`` called when all that processes keep is to be forgotten."""
    _forgetting.append(forget)


def forget_all() -> None:
    """Forget every kept value: the database beneath has changed as a whole."""
    for forget in _forgetting:
        forget()
