"""What many ask and write in the same moment: turned into SQL once, run many times.

Making a statement from lookups takes several times as long as running it. Where two hundred people want the same
thing at once, that is the difference between a page and a queue. The statement stays what the models say; only its
blanks are filled in anew.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.constants import OnConflict
from django.db.models.expressions import Expression
from django.db.models.fields.json import KeyTransform
from django.db.models.query import get_related_populators
from django.db.models.sql import InsertQuery, UpdateQuery
from django.utils.functional import cached_property


class Blank(Expression):
    """A value that is not known yet: stands in a lookup, and is filled in by name."""

    def __init__(self, name: str, field: "models.Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """A placeholder, with the blank itself as its parameter."""
        return "%s", [self]

    def filled(self, given: dict[str, Any]) -> object:
        """The value as this database takes it."""
        return self.output_field.get_db_prep_save(given[self.name], connection)


class _Key(Blank):
    """The name of an entry."""

    def filled(self, given: dict[str, Any]) -> object:
        """The name itself, or the path that SQLite wants."""
        name = str(given[self.name])
        return f"$.{json.dumps(name)}" if connection.vendor == "sqlite" else name


class BlankKey(KeyTransform):
    """An entry of a JSON field whose name is not known yet."""

    def __init__(self, name: str, field: str) -> None:
        super().__init__(name, field)
        self._key = _Key(name, models.CharField())

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """As for a name that is known."""
        sql, params = super().as_postgresql(compiler, connection)
        return sql, [*params[:-1], self._key]

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> tuple[str, Any]:
        """As for a name that is known: it stands there three times."""
        sql, params = super().as_sqlite(compiler, connection)
        return sql, [self._key for _ in params]


def _filled(params: Sequence[object], given: dict[str, Any]) -> Any:
    return [each.filled(given) if isinstance(each, Blank) else each for each in params]


@dataclass(frozen=True)
class _Question:
    """A query as SQL, and how a row of it is read. Never changed once made, so that threads may share it."""

    sql: str
    params: tuple[object, ...]
    compiler: Any
    columns: slice  # where the model's own stand in a row
    names: list[str]
    added: list[tuple[str, int]]
    related: list[Any]

    def as_model(self, row: Sequence[Any]) -> Any:
        """The row as its model; what it does not hold is read when somebody asks for it."""
        found = self.compiler.query.model.from_db(connection.alias, self.names, row[self.columns])
        for each in self.related:
            each.populate(row, found)
        for name, at in self.added:
            setattr(found, name, row[at])
        return found


def _question(rows: models.QuerySet[Any]) -> _Question:
    compiler: Any = rows.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    known = compiler.klass_info or {"select_fields": []}  # a values_list fills no model
    related = get_related_populators(known, compiler.select, connection.alias)  # type: ignore[call-arg]  # stubs of 6
    columns = known["select_fields"]
    return _Question(
        sql=sql,
        params=tuple(params),
        compiler=compiler,
        columns=slice(columns[0], columns[-1] + 1) if columns else slice(0),
        names=[compiler.select[at][0].target.attname for at in columns],
        added=list(compiler.annotation_col_map.items()),
        related=list(related),
    )


class Prepared:
    """A query on one model, with blanks: ``Prepared(lambda: rows).first(name=value, ...)``.

    It is made at the first call, of what the lambda returns: whose rows it may read is said there. Raises KeyError
    for a blank that is left open.
    """

    def __init__(self, make: Callable[[], models.QuerySet[Any]]) -> None:
        self._make = make

    @cached_property
    def _question(self) -> _Question:
        return _question(self._make())

    @cached_property
    def _converters(self) -> Any:
        compiler = self._question.compiler
        return compiler.get_converters([column[0] for column in compiler.select])

    def rows(self, **given: object) -> list[Sequence[Any]]:
        """What ``values_list`` asks for, a row each. Many of them cost several times as much as models."""
        try:
            asked = self._question
        except EmptyResultSet:  # one of no blanks at all
            return []
        with connection.cursor() as cursor:
            cursor.execute(asked.sql, _filled(asked.params, given))
            rows = cursor.fetchall()
        return list(asked.compiler.apply_converters(rows, self._converters))

    def all(self, **given: object) -> list[Any]:
        """The rows as their model, with what the query adds to them."""
        return [self._question.as_model(row) for row in self.rows(**given)]

    def first(self, **given: object) -> Any:
        """The first row as its model, or None."""
        return next(iter(self.all(**given)), None)


class PreparedInsert:
    """Adds one row, or many, of a model. ``unique``: the fields by which a row may be there already.

    anew: the fields that such a row then takes over; none, and it is left as it is. The rows get no ids.
    """

    def __init__(self, model: type[models.Model], *, unique: Sequence[str], anew: Sequence[str] = ()) -> None:
        self._model, self._unique, self._anew = model, list(unique), list(anew)

    @cached_property
    def _fields(self) -> list[Any]:
        return [field for field in self._model._meta.concrete_fields if not field.primary_key]

    @cached_property
    def _sql(self) -> str:
        on_conflict = OnConflict.UPDATE if self._anew else OnConflict.IGNORE
        named = self._model._meta.get_field
        query = InsertQuery(
            self._model,
            on_conflict=on_conflict,
            update_fields=[named(name) for name in self._anew],
            unique_fields=[named(name) for name in self._unique],
        )
        query.insert_values(self._fields, [self._model()])
        ((sql, _),) = query.get_compiler(connection=connection).as_sql()
        return str(sql)

    def add(self, rows: Sequence[models.Model]) -> None:
        """Add them in one statement."""
        if len(rows) == 1:  # what nearly everybody does; more of them have no statement of one shape
            with connection.cursor() as cursor:
                cursor.execute(self._sql, [self._value(field, rows[0]) for field in self._fields])
        elif self._anew:
            self._model._default_manager.bulk_create(
                rows, update_conflicts=True, unique_fields=self._unique, update_fields=self._anew
            )
        else:
            self._model._default_manager.bulk_create(rows, ignore_conflicts=True)

    def _value(self, field: Any, row: models.Model) -> Any:
        return field.get_db_prep_save(field.pre_save(row, add=True), connection)


class PreparedUpdate:
    """Writes some fields of one row, which the caller holds."""

    def __init__(self, model: type[models.Model], *names: str) -> None:
        self._model = model
        self._fields: list[Any] = [model._meta.get_field(name) for name in names]

    @cached_property
    def _statement(self) -> tuple[str, Sequence[object]]:
        query = UpdateQuery(self._model)
        query.add_update_values({field.name: Blank(field.attname, field) for field in self._fields})
        query.add_q(models.Q(pk=Blank("pk", self._model._meta.pk)))
        sql, params = query.get_compiler(connection=connection).as_sql()
        return str(sql), tuple(params)

    def save(self, row: models.Model) -> None:
        """Write them."""
        sql, params = self._statement
        values = {"pk": row.pk, **{field.attname: getattr(row, field.attname) for field in self._fields}}
        with connection.cursor() as cursor:
            cursor.execute(sql, _filled(params, values))
