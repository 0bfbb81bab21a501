"""In which order the parts of a package open, as its manifest asks: sums over plain data, like rules.

Two ways are heeded. A manifest of 2004 may say that what is in a group opens one after the other (``in_order``); an
item of 1.2 may name what it ``needs`` first, as AICC wrote it: names with ``&``, ``|``, ``~``, brackets and
``name="passed"``. What cannot be understood locks nobody out.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from lms.packages.rollup import WHOLE

Part = Mapping[str, Any]
TOKEN = re.compile(r'\s*(<>|[&|~()=]|"[^"]*"|[^\s&|~()="<>{},*]+)')
DEEPEST = 20  # brackets


class NotUnderstood(ValueError):
    """Words that are no condition."""


def open_parts(
    parts: Sequence[Part], *, done: Collection[str], passed: Collection[str], in_order: Collection[str]
) -> set[str]:
    """Return the ids of the parts that may be opened now. What is done stays open; the first always is.

    in_order: the ids of the groups that are gone through one after the other.
    """
    met, have_passed = _with_groups(parts, done), _with_groups(parts, passed)
    found = set(done)
    waiting: set[str] = set()  # groups in which something is still to do
    for part in parts:
        homes = {WHOLE, *part.get("within", ())} & set(in_order)
        if not homes & waiting and _is_open(str(part.get("needs", "")), met, have_passed):
            found.add(part["id"])
        if part["id"] not in done:
            waiting |= homes
    return found | {parts[0]["id"]}


def is_understood(needs: str) -> bool:
    """Whether a condition can be read at all."""
    try:
        return not needs or _Condition(needs, (), ()).holds() in {True, False}
    except NotUnderstood:
        return False


def following(parts: Sequence[Part], here: str) -> Part | None:
    """Return the part after ``here``, in the order of the manifest."""
    ids = [part["id"] for part in parts]
    place = ids.index(here) + 1 if here in ids else len(ids)
    return parts[place] if place < len(parts) else None


def _with_groups(parts: Iterable[Part], ids: Collection[str]) -> set[str]:
    """The parts, with the groups of the manifest of which every part is among them."""
    inside: dict[str, list[str]] = {}
    for part in parts:
        for group in part.get("within", ()):
            inside.setdefault(group, []).append(part["id"])
    return {*ids, *(group for group, members in inside.items() if all(one in ids for one in members))}


def _is_open(needs: str, done: Collection[str], passed: Collection[str]) -> bool:
    try:
        return not needs or _Condition(needs, done, passed).holds()
    except NotUnderstood:
        return True


class _Condition:
    """One condition, read from left to right."""

    def __init__(self, text: str, done: Collection[str], passed: Collection[str]) -> None:
        self._left = TOKEN.findall(text)
        if "".join(self._left) != re.sub(r"\s", "", text):
            raise NotUnderstood(text)
        self._done, self._passed, self._depth = done, passed, 0

    def holds(self) -> bool:
        """Whether it is met. Raises NotUnderstood."""
        met = self._either()
        if self._left:
            raise NotUnderstood(self._left[0])
        return met

    def _either(self) -> bool:
        return self._joined("|", lambda: self._joined("&", self._one, all), any)

    def _joined(self, mark: str, read: Callable[[], bool], of: Callable[[Iterable[bool]], bool]) -> bool:
        met = [read()]
        while self._left[:1] == [mark]:
            self._left.pop(0)
            met.append(read())
        return of(met)

    def _one(self) -> bool:
        word = self._next()
        if word == "~":
            return not self._one()
        if word == "(":
            return self._bracket()
        if word in {")", "&", "|", "=", "<>"} or word.startswith('"'):
            raise NotUnderstood(word)
        if self._left[:1] not in (["="], ["<>"]):
            return word in self._done
        is_not, status = self._next() == "<>", self._next().strip('"').lower()
        return self._stands(word, status) is not is_not

    def _bracket(self) -> bool:
        self._depth += 1
        if self._depth > DEEPEST:
            raise NotUnderstood("too many brackets")
        met = self._either()
        if self._next() != ")":
            raise NotUnderstood("a bracket is open")
        return met

    def _stands(self, name: str, status: str) -> bool:
        if status in {"passed", "p"}:
            return name in self._passed
        if status in {"completed", "complete", "c"}:
            return name in self._done
        raise NotUnderstood(status)

    def _next(self) -> str:
        if not self._left:
            raise NotUnderstood("it ends too soon")
        return self._left.pop(0)
