"""Reading a list of addresses that somebody kept in a spreadsheet: what each line says, or what is wrong with it."""

import csv
import re
from dataclasses import dataclass
from io import StringIO

LARGEST = 200_000  # bytes
MOST_LINES = 2_000
LONGEST_ADDRESS = 254
ADDRESS_HEADS = ("email", "e-mail", "address", "e-mail address", "email address")
GROUP_HEADS = ("group", "cohort")
LOOKS_RIGHT = re.compile(r"[^@\s,;<>()\[\]\"'\\\x00-\x1f]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z]{2,}")


class UnreadableList(ValueError):
    """The file as a whole cannot be read; the words say why, and on which line."""


@dataclass(frozen=True)
class ListLine:
    """One line. number: in the file, the heading being line 1. problem: empty where it can be used."""

    number: int
    address: str
    group: str = ""
    problem: str = ""


def decoded(data: bytes) -> str:
    """Return the text of a file. Raises UnreadableList, which names the line where letters cannot be read."""
    if len(data) > LARGEST:
        raise UnreadableList(f"This file is too large. Send at most {MOST_LINES:,} lines at once.")
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        raise UnreadableList(f"Line {line} has letters we can't read. Save the file as “CSV UTF-8”.") from fault
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise UnreadableList(f"Line {line} has a character that no list should have. Save the file as “CSV UTF-8”.")
    return text


def lines_of(text: str) -> list[ListLine]:
    """Read a list: a column of addresses, and one of groups if there are any. Raises UnreadableList."""
    first = text.partition("\n")[0]
    reader = csv.reader(StringIO(text), delimiter=max(",;\t", key=first.count))
    try:
        rows = [(reader.line_num, [_plain(cell) for cell in row]) for row in reader]
    except csv.Error as fault:
        raise UnreadableList(f"Line {reader.line_num} can't be read as a line of a list.") from fault
    if not rows:
        raise UnreadableList("This file is empty.")
    heads = [head.casefold() for head in rows[0][1]]
    address_at, group_at = _column(heads, ADDRESS_HEADS), _column(heads, GROUP_HEADS)
    if address_at is None:
        raise UnreadableList("The first line must name the columns: “email”, and “group” if you use groups.")
    filled = [(number, row) for number, row in rows[1:] if any(row)]
    if len(filled) > MOST_LINES:
        raise UnreadableList(f"This list has more than {MOST_LINES:,} lines. Send it in parts.")
    return [_line(number, row, address_at, group_at) for number, row in filled]


def _plain(cell: str) -> str:
    """What was in the cell before a spreadsheet was kept from taking it for a formula."""
    return cell.strip().removeprefix("'")


def _column(heads: list[str], names: tuple[str, ...]) -> int | None:
    return next((at for at, head in enumerate(heads) if head in names), None)


def _line(number: int, row: list[str], address_at: int, group_at: int | None) -> ListLine:
    address = row[address_at].lower() if address_at < len(row) else ""
    group = row[group_at] if group_at is not None and group_at < len(row) else ""
    return ListLine(number, address[: LONGEST_ADDRESS + 1], group[:80], fault_of(address))


def fault_of(address: str) -> str:
    """Say what is wrong with an address; nothing where it looks right."""
    if not address:
        return "There's no address on this line."
    if len(address) > LONGEST_ADDRESS or not LOOKS_RIGHT.fullmatch(address):
        return "This doesn't look like an e-mail address."
    return ""
