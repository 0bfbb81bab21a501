"""Reading a list of addresses that somebody kept in a spreadsheet: what each line says, or what is wrong with it."""

import csv
import re
import unicodedata
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any

LARGEST = 2_000_000  # bytes
MOST_LINES = 10_000
MOST_COLUMNS = 100
LONGEST_ADDRESS = 254
ADDRESS_HEADS = ("email", "e-mail", "address", "e-mail address", "email address")
GROUP_HEADS = ("group", "cohort")
# What nobody becomes by standing in a list. Left out in silence, whoever sent it might think that it was done.
NOT_FROM_A_LIST = frozenset(
    {"admin", "agency", "agency_id", "is_admin", "is_staff", "is_superuser", "is_verified", "password", "permission"}
    | {"permissions", "role", "roles", "staff", "superuser", "verified"}
)
GUARDED = re.compile("'\\s*[=+@\uff1d\uff0b\uff0d\uff20-]")
QUOTES = "Look for a quotation mark without its other one."
LOOKS_RIGHT = re.compile(r"[^@\s,;<>()\[\]\"'\\\x00-\x1f\x7f]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z]{2,}")


class UnreadableList(ValueError):
    """The file as a whole cannot be read; the words say why, and on which line."""


@dataclass(frozen=True)
class ListLine:
    """One line. number: in the file, the heading being line 1.

    problem: of its address, empty where the line can be used. same_as: the line before with this address, or 0.
    """

    number: int
    address: str
    group: str = ""
    problem: str = ""
    same_as: int = 0


def decoded(data: bytes) -> str:
    """Return the text of a file. Raises UnreadableList, which names the line where letters cannot be read.

    What is not Unicode is read as Windows keeps it here; ``fault_of`` refuses an address that rests on such a guess.
    """
    if len(data) > LARGEST:
        raise UnreadableList(f"This file is too large. Send at most {MOST_LINES:,} lines at once.")
    try:
        text = _text(data)
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        raise UnreadableList(f"Line {line} has letters we can't read. Save the file as “CSV UTF-8”.") from fault
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise UnreadableList(f"Line {line} has a character that no list should have. Save the file as “CSV UTF-8”.")
    return text.replace("\r\n", "\n").replace("\r", "\n")  # old Macs end their lines with the one alone


def _text(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def lines_of(text: str) -> list[ListLine]:
    """Read a list: a column of addresses, and one of groups if there are any. Raises UnreadableList."""
    first = text.partition("\n")[0]
    reader = csv.reader(StringIO(text), delimiter=max(",;\t", key=first.count), strict=True)
    heads, *filled = _rows(reader)
    address_at, group_at = _columns(heads[1])
    if len(filled) > MOST_LINES:
        raise UnreadableList(f"This list has more than {MOST_LINES:,} lines. Send it in parts.")
    if not filled:
        raise UnreadableList("This list names nobody: there's nothing below its first line.")
    lines = [_line(number, row, address_at, group_at) for number, row in filled]
    return _each_once(lines)


def _rows(reader: Any) -> list[tuple[int, list[str]]]:
    """The lines that say anything, with their numbers; the first of them, the heading, at least."""
    rows: list[tuple[int, list[str]]] = []
    try:
        for row in reader:
            if len(row) > MOST_COLUMNS:
                raise UnreadableList(f"Line {reader.line_num} has more than {MOST_COLUMNS} columns.")
            cells = [_plain(cell) for cell in row]
            if any(cells) or not rows:
                rows.append((reader.line_num, cells))
    except csv.Error as fault:
        raise UnreadableList(f"Line {reader.line_num} can't be read as a line of a list. {QUOTES}") from fault
    if not rows:
        raise UnreadableList("This file is empty.")
    return rows


def _columns(heads: list[str]) -> tuple[int, int | None]:
    """Where the addresses are, and the groups. Raises UnreadableList."""
    known = [head.casefold() for head in heads]
    asked = next((head for head in heads if "_".join(head.casefold().split()) in NOT_FROM_A_LIST), "")
    if asked:
        raise UnreadableList(f"The column “{asked}” can't come from a list. Take it out and send the file again.")
    address_at = _column(known, ADDRESS_HEADS)
    if address_at is None:
        raise UnreadableList("The first line must name the columns: “email”, and “group” if you use groups.")
    return address_at, _column(known, GROUP_HEADS)


def _each_once(lines: list[ListLine]) -> list[ListLine]:
    """The same lines; one whose address stood further up says where."""
    first = {line.address: line.number for line in reversed(lines)}
    return [
        line if line.problem or first[line.address] == line.number else replace(line, same_as=first[line.address])
        for line in lines
    ]


def _plain(cell: str) -> str:
    """What was in the cell before a spreadsheet was kept from taking it for a formula."""
    text = cell.strip()
    return text[1:] if GUARDED.match(text) else text


def _column(heads: list[str], names: tuple[str, ...]) -> int | None:
    return next((at for at, head in enumerate(heads) if head in names), None)


def _line(number: int, row: list[str], address_at: int, group_at: int | None) -> ListLine:
    address = row[address_at].removeprefix("'") if address_at < len(row) else ""
    group = row[group_at] if group_at is not None and group_at < len(row) else ""
    return ListLine(number, address.lower()[: LONGEST_ADDRESS + 1], as_named(group)[:80], fault_of(address))


def as_named(group: str) -> str:
    """The name of a group, its letters put together one way."""
    return unicodedata.normalize("NFC", group)


def fault_of(address: str) -> str:
    """Say what is wrong with an address as it was typed; nothing where it looks right.

    In lower case the sign of Kelvin is a plain k, and the address another one.
    """
    if not address:
        return "There's no address on this line."
    if len(address) > LONGEST_ADDRESS or not LOOKS_RIGHT.fullmatch(address):
        return "This doesn't look like an e-mail address."
    if not address.isascii():
        return "This address has a letter that we can't write to. Look at it again."
    return ""
