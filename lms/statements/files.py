"""Statements as a file that is written while it is read."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse


def _written(statements: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield "["
    for number, one in enumerate(statements):
        yield ("," if number else "") + "\n" + json.dumps(one, ensure_ascii=False)
    yield "\n]\n"


def as_file(statements: Iterable[dict[str, Any]], *, name: str) -> StreamingHttpResponse:
    """Answer with statements as JSON, to be kept as a file."""
    answer = StreamingHttpResponse(_written(statements), content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return answer
