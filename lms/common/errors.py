"""Errors that a person can act on. Each is declared beside the operation that raises it."""

from typing import ClassVar


class DomainError(Exception):
    """A rule said no. ``message`` is for the person; ``code`` and the ids are for the log."""

    code: ClassVar[str]
    message: ClassVar[str]

    def __init__(self, **ids: object) -> None:
        super().__init__(self.code, ids)
