"""Finding a text by how it begins, with the plain index of a column on either database."""

from typing import Any

from django.db.models import BooleanField, F, Func


class Begins(Func):
    """Whether a column of texts in lower case begins with what was typed: ``filter(Begins("email", typed))``.

    The database puts what was typed in lower case, as it did with the column: what its own rules hold to be the
    same letter is the same on both sides. The index that Django gives a column of texts serves this: PostgreSQL reads
    the one for patterns, SQLite a range of the only one.
    """

    output_field = BooleanField()

    def __init__(self, column: str, typed: str) -> None:
        super().__init__(F(column))
        self.typed = typed

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, tuple[Any, ...]]:
        """A pattern with a fixed beginning."""
        column, params = compiler.compile(self.source_expressions[0])
        return f"{column} LIKE LOWER(%s)", (*params, f"{connection.ops.prep_for_like_query(self.typed)}%")

    def as_sqlite(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, tuple[Any, ...]]:
        """From the beginning itself to the last text that begins so."""
        column, params = compiler.compile(self.source_expressions[0])
        upto = "LOWER(%s) || char(1114111)"
        return f"({column} >= LOWER(%s) AND {column} < {upto})", (*params, self.typed, *params, self.typed)
