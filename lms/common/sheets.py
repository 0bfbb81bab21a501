"""The only door to openpyxl: rows as a file that opens in a spreadsheet, in which nothing runs as a formula."""

import csv
import re
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO
from itertools import chain

from django.http import HttpResponse, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

# Also after spaces and marks that cannot be seen, and as wide as they are written in the Far East.
BEGINS_A_FORMULA = re.compile("[\\s\\x00\ufeff\u200b-\u200f\u2060]*[=+@\uff1d\uff0b\uff0d\uff20-]|[\\t\\r\\n]")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def not_a_formula(value: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{value}" if BEGINS_A_FORMULA.match(value) else value


def as_csv(rows: Iterable[Iterable[str]]) -> bytes:
    """Return rows as CSV, with the mark by which spreadsheets know the letters."""
    file = StringIO()
    csv.writer(file).writerows([not_a_formula(value) for value in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterable[Iterable[str]], *, title: str) -> bytes:
    """Return rows as a workbook of one sheet; every cell is text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for row in rows:
        sheet.append(list(_cells(sheet, row)))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _cells(sheet: object, row: Iterable[str]) -> Iterator[WriteOnlyCell]:
    for value in row:
        cell = WriteOnlyCell(sheet, value=not_a_formula(ILLEGAL_CHARACTERS_RE.sub("", value)))
        cell.data_type = "s"
        yield cell


def download(rows: Iterable[Iterable[str]], *, name: str, kind: str) -> HttpResponse:
    """Answer with a file to keep. kind: csv or xlsx. name: without its ending."""
    if kind == "xlsx":
        answer = HttpResponse(as_xlsx(rows, title=name), content_type=XLSX)
    else:
        answer = HttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


class _Echo:
    """A file that hands back each line as it is written."""

    def write(self, line: str) -> str:
        """Return the line."""
        return line


def stream(rows: Iterable[Iterable[str]], *, name: str) -> StreamingHttpResponse:
    """Answer with a CSV file line by line, however many there are. name: without its ending."""
    writer = csv.writer(_Echo())
    lines = (writer.writerow([not_a_formula(value) for value in row]) for row in rows)
    answer = StreamingHttpResponse(chain(["\ufeff"], lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
