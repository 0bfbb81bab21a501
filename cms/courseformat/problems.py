"""What is not right in a file, said so that its writer finds it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to put right. ``path`` is relative to the folder that was read; ``line`` counts from 1."""

    path: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.words}"


@dataclass
class Problems:
    """All of them, so that a writer need not run into one after the other."""

    found: list[Problem] = field(default_factory=list)

    def add(self, path: str, line: int, words: str) -> None:
        """Note a problem."""
        self.found.append(Problem(path, line, words))

    def __bool__(self) -> bool:
        return bool(self.found)

    def in_order(self) -> list[Problem]:
        """Return them by file and line, each once."""
        return sorted(set(self.found))


@dataclass(frozen=True)
class Place:
    """Where a reader is: notes problems about one file."""

    path: str
    problems: Problems

    def wrong(self, line: int, words: str) -> None:
        """Note a problem in this file."""
        self.problems.add(self.path, line, words)
