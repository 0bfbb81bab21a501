"""Load courses, workshops and pages that were written as text files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cms.courseformat import loading, tree
from cms.courseformat.checking import check, check_packages
from cms.courseformat.directory import look_up
from cms.courseformat.entries import Library
from cms.courseformat.memory import Deed
from cms.courseformat.planning import Report
from cms.courseformat.problems import Problems


class Command(BaseCommand):
    help = "Load courses, workshops and pages from text files; the format is in fixtures/workshops/README.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which folder, and how."""
        parser.add_argument("path", type=Path, help="the whole tree, or the folder of one course or workshop")
        parser.add_argument("--dry-run", action="store_true", help="check everything and say what would change")
        parser.add_argument("--overwrite", action="store_true", help="also what was edited on the site since")

    def handle(self, *, path: Path, dry_run: bool, overwrite: bool, **options: Any) -> None:
        """Check all, then write all, or nothing."""
        library = self._read(path)
        try:
            if dry_run:
                report = loading.foresee(library, overwrite=overwrite)
            else:
                report = loading.load(library, overwrite=overwrite, say=self.stdout.write)
        except loading.Unwritable as refused:
            raise CommandError(f"{refused}\nNothing was changed.") from None
        self._tell(report, would="would be " if dry_run else "")

    def _read(self, path: Path) -> Library:
        if not path.is_dir():
            raise CommandError(f"There is no folder {path}.")
        problems = Problems()
        library = tree.read(path.resolve(), problems)
        directory = look_up()
        check(library, directory, problems)
        check_packages(library, directory, problems)
        if problems:
            found = problems.in_order()
            for problem in found:
                self.stderr.write(str(problem))
            raise CommandError(f"{len(found)} to put right. Nothing was changed.")
        return library

    def _tell(self, report: Report, *, would: str) -> None:
        for entry in report.kept:
            self.stdout.write(
                f"{entry.path}: {entry.title}: changed on the site since, so it stays; --overwrite replaces it"
            )
        for name in report.gone:
            self.stdout.write(f"{name}: in no file any more; it stays on the site until an editor takes it out")
        counts = [f"{report.deeds[deed]} {would}{deed.value}" for deed in Deed if report.deeds[deed]]
        nothing = not (report.deeds[Deed.MAKE] or report.deeds[Deed.CHANGE])
        self.stdout.write(
            f"{'Nothing to change' if nothing else 'Done' if not would else 'Checked'}: {', '.join(counts)}."
        )
