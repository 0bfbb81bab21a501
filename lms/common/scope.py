"""Who may see whom, enforced where rows are read: a query on a scoped model that names no scope raises.

The word is kept on the query itself and asked for when it is turned into SQL, so it does not matter which way
somebody reads: iterating, counting, aggregating, prefetching, as a subquery or in a union.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Self, cast

from django.db import models
from django.db.models import sql


class UnscopedQuery(RuntimeError):
    """A query on people's data ran without saying whose data it may see. This is a fault in our code."""


@dataclass(frozen=True)
class Scope:
    """The agencies whose people a member of staff may see; made by ``lms.agencies.access``."""

    agency_ids: frozenset[int]


class ScopedQuery(sql.Query):
    """A query that refuses to become SQL until somebody has said whose rows it may read."""

    said = False

    def require_scope(self) -> None:
        """Raise UnscopedQuery unless a scope was named, or the query is empty by construction."""
        if not self.said and not self.is_empty():
            model = getattr(self.model, "__name__", "")
            raise UnscopedQuery(f"{model}: say within(scope), owned_by(user) or unscoped(because=...)")

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        """Every read ends here, subqueries and the parts of a union too."""
        self.require_scope()
        return super().get_compiler(*args, **kwargs)

    def chain(self, klass: Any = None) -> Any:
        """An update leaves this class, so it is asked here."""
        if klass is not None:
            self.require_scope()
        return super().chain(klass)

    def combine(self, rhs: Any, connector: str) -> None:
        """``|``, ``&`` and ``^`` have a scope only when both sides have one."""
        self.said = self.said and getattr(rhs, "said", False)
        super().combine(rhs, connector)

    def split_exclude(self, *args: Any, **kwargs: Any) -> Any:
        """``exclude`` over many rows asks an inner question of our own making, about the outer rows only."""
        condition, needed = super().split_exclude(*args, **kwargs)
        for leaf in condition.leaves():
            inner = getattr(getattr(leaf, "lhs", None), "query", None)  # the leaf says: Exists(inner) is true
            if isinstance(inner, ScopedQuery):
                inner.said = True
        return condition, needed


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows that belong to an agency and to a person. Say one of the three before reading:

    ``within(scope)`` for staff, ``owned_by(user)`` for a person's own rows, ``unscoped(because=...)``
    for work of the system itself, with the reason in words.
    """

    agency_path: ClassVar[str] = "agency"
    owner_path: ClassVar[str] = "person"

    def __init__(self, model: Any = None, query: Any = None, using: str | None = None, hints: Any = None) -> None:
        super().__init__(model, query or ScopedQuery(model), using, hints)

    def _said_so(self) -> Self:
        copy = self.all()
        cast(ScopedQuery, copy.query).said = True
        return copy

    def within(self, scope: Scope) -> Self:
        """Only rows of the agencies in ``scope``."""
        return self._said_so().filter(**{f"{self.agency_path}__in": scope.agency_ids})

    def owned_by(self, user: Any) -> Self:
        """Only rows of this person."""
        return self._said_so().filter(**{self.owner_path: user})

    def unscoped(self, *, because: str) -> Self:
        """All rows; ``because`` is for the reader of the code. Raises ValueError when it says nothing."""
        if not because.strip():
            raise ValueError("Say why this reads everybody's rows.")
        return self._said_so()

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        """Raise UnscopedQuery: no scope narrows SQL written by hand."""
        raise UnscopedQuery(f"{self.model.__name__}: raw SQL is not narrowed by any scope")

    def _raw_delete(self, using: str | None) -> int:
        cast(ScopedQuery, self.query).require_scope()
        return super()._raw_delete(using)
