"""Questions that many ask in the same moment: turned into SQL once, asked many times.

Making a statement from lookups takes several times as long as running it. Where two hundred people want the same
thing at once, that is the difference between a page and a queue. The question stays what the models say; only its
blanks are filled in anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models.expressions import Expression
from django.utils.functional import cached_property


class Blank(Expression):
    """A value that is not known yet: stands in a lookup, and is filled in by name."""

    def __init__(self, name: str, field: models.Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """A placeholder, with the blank itself as its parameter."""
        return "%s", [self]

    def filled(self, given: dict[str, object]) -> object:
        """The value as this database takes it."""
        return self.output_field.get_db_prep_value(given[self.name], connection)


@dataclass(frozen=True)
class Statement:
    """A query as SQL, and how a row of it is read. Never changed once made, so that threads may share it."""

    sql: str
    params: tuple[object, ...]
    compiler: Any
    columns: list[int]  # where the model's own stand in a row
    names: list[str]
    added: list[tuple[str, int]]
    converters: dict[int, Any]

    def as_model(self, row: tuple[Any, ...]) -> Any:
        """The row as its model; what it does not hold is read when somebody asks for it."""
        values = next(iter(self.compiler.apply_converters([row], self.converters)))
        found = self.compiler.query.model.from_db(connection.alias, self.names, [values[at] for at in self.columns])
        for name, at in self.added:
            setattr(found, name, values[at])
        return found


def _statement(rows: models.QuerySet[Any]) -> Statement:
    compiler = rows.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    columns = compiler.klass_info["select_fields"]
    return Statement(
        sql=sql,
        params=tuple(params),
        compiler=compiler,
        columns=columns,
        names=[compiler.select[at][0].target.attname for at in columns],
        added=list(compiler.annotation_col_map.items()),
        converters=compiler.get_converters([column[0] for column in compiler.select]),
    )


class Prepared:
    """A query on one model, with blanks: ``Prepared(lambda: rows).first(name=value, ...)``.

    It is made at the first call, of what the lambda returns: whose rows it may read is said there.
    """

    def __init__(self, make: Callable[[], models.QuerySet[Any]]) -> None:
        self._make = make

    @cached_property
    def _statement(self) -> Statement:
        return _statement(self._make())

    def first(self, **given: object) -> Any:
        """The first row as its model with what the query adds to it, or None. Raises KeyError for a blank left open."""
        asked = self._statement
        params: Any = [each.filled(given) if isinstance(each, Blank) else each for each in asked.params]
        with connection.cursor() as cursor:
            cursor.execute(asked.sql, params)
            row = cursor.fetchone()
        return None if row is None else asked.as_model(row)
