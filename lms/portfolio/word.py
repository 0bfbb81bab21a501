"""The only door to python-docx: a document with headings, language and title set, as Word and others open it."""

from io import BytesIO
from typing import Any

import docx
from docx.oxml.ns import qn

from lms.common.html import CONTROLS
from lms.portfolio.rules import Document, Entry, Section

LANGUAGE = "en-GB"


def written(document: Document) -> bytes:
    """Return the document as a DOCX file."""
    file = docx.Document()
    _say_what_it_is(file, document)
    file.add_heading(_clean(document.title), level=0)
    for line in document.over:
        file.add_paragraph(_clean(line))
    for section in document.sections:
        _section(file, section)
    made = BytesIO()
    file.save(made)
    return made.getvalue()


def _say_what_it_is(file: Any, document: Document) -> None:
    file.core_properties.title = _clean(document.title)[:255]
    file.core_properties.author = ""
    file.core_properties.comments = ""
    file.core_properties.language = LANGUAGE
    for language in file.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)


def _section(file: Any, section: Section) -> None:
    file.add_heading(_clean(section.heading), level=1)
    for line in section.lines:
        file.add_paragraph(_clean(line), style="List Bullet")
    for entry in section.entries:
        _entry(file, entry)


def _entry(file: Any, entry: Entry) -> None:
    file.add_heading(_clean(entry.prompt), level=2)
    for paragraph in _clean(entry.text).split("\n\n"):
        if paragraph.strip():
            file.add_paragraph(paragraph.strip("\n"))
    if entry.note:
        file.add_paragraph().add_run(_clean(entry.note)).italic = True


def _clean(text: str) -> str:
    """XML has no place for control characters, not even written as numbers."""
    return CONTROLS.sub("", text)
