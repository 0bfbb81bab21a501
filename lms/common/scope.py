"""Who may see whom, enforced where rows are read: a query on a scoped model that names no scope raises."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.db import models


class UnscopedQuery(RuntimeError):
    """A query on people's data ran without saying whose data it may see. This is a fault in our code."""


@dataclass(frozen=True)
class Scope:
    """The agencies whose people a member of staff may see; made by ``lms.agencies.access``."""

    agency_ids: frozenset[int]


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows that belong to an agency and to a person. Say one of the three before reading:

    ``within(scope)`` for staff, ``owned_by(user)`` for a person's own rows, ``unscoped(because=...)``
    for work of the system itself, with the reason in words.
    """

    agency_path: ClassVar[str] = "agency"
    owner_path: ClassVar[str] = "person"
    _said = False

    def _clone(self) -> Self:
        copy = super()._clone()  # type: ignore[misc]
        copy._said = self._said
        return copy

    def _said_so(self) -> Self:
        copy = self._chain()  # type: ignore[attr-defined]
        copy._said = True
        return copy

    def within(self, scope: Scope) -> Self:
        """Only rows of the agencies in ``scope``."""
        return self._said_so().filter(**{f"{self.agency_path}__in": scope.agency_ids})

    def owned_by(self, user: Any) -> Self:
        """Only rows of this person."""
        return self._said_so().filter(**{self.owner_path: user})

    def unscoped(self, *, because: str) -> Self:
        """All rows; ``because`` is for the reader of the code."""
        return self._said_so()

    def _require_scope(self) -> None:
        if not self._said:
            raise UnscopedQuery(f"{self.model.__name__}: say within(scope), owned_by(user) or unscoped(because=...)")

    def _fetch_all(self) -> None:
        self._require_scope()
        super()._fetch_all()  # type: ignore[misc]

    def iterator(self, chunk_size: int | None = None) -> Iterator[Any]:
        self._require_scope()
        return super().iterator(chunk_size=chunk_size)

    def count(self) -> int:
        self._require_scope()
        return super().count()

    def exists(self) -> bool:
        self._require_scope()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._require_scope()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._require_scope()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._require_scope()
        return super().delete()
