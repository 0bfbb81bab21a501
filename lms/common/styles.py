"""One style sheet on the wire, many in the house: a static-files finder that inlines the imports of ``site.css``."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

SHEET = "lms/css/site.css"
_IMPORT = re.compile(r'@import url\("([\w/.-]+)"\)( print)?;\n?')


def flatten(sheet: Path) -> str:
    """Return ``sheet`` with each of its imports in its place; one meant for print is wrapped in its medium.

    Addresses inside an imported file are read from the sheet's folder, so only files beside it may have any.
    """

    def inline(found: re.Match[str]) -> str:
        text = (sheet.parent / found[1]).read_text()
        return f"@media print {{\n{text}}}\n" if found[2] else text

    return _IMPORT.sub(inline, sheet.read_text())


class FlatSheets(BaseFinder):
    """Stands first among the finders and answers for ``site.css`` alone, with a file made on the spot."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=settings.DATA / "styles")

    def _made(self) -> str:
        path = Path(self.storage.path(SHEET))
        text = flatten(settings.STATICFILES_DIRS[0] / SHEET)
        if not path.exists() or path.read_text() != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return str(path)

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing that could be set up wrongly."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return where ``site.css`` lies; nothing for any other file."""
        if path != SHEET:
            return []
        return [self._made()] if find_all else self._made()

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Yield the one file this finder answers for."""
        self._made()
        yield SHEET, self.storage
