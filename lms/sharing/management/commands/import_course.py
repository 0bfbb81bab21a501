"""Bring a course in that another installation has saved."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cms.courseformat import archives, drafting, importing
from cms.courseformat.drafting import Foreseen
from cms.courseformat.loading import Unwritable
from lms.agencies.models import Agency
from lms.common.archives import ArchiveRefused


class Command(BaseCommand):
    help = "Bring a course in as drafts, from a zip that export_course or the desk has written. All of it or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check everything and say what would change")
        parser.add_argument("--agency", default="", help="whose the packages in it will be, like fellside")

    def handle(self, *, file: Path, dry_run: bool, agency: str, **options: Any) -> None:
        """Check all, then write all, or nothing."""
        try:
            with file.open("rb") as opened, archives.unpacked(opened) as folder:
                library, problems = importing.read(folder)
                if problems:
                    raise CommandError("\n".join([*map(str, problems), "Nothing was changed."]))
                done = drafting.foresee(library) if dry_run else drafting.bring_in(library, home=_home(agency))
        except (ArchiveRefused, Unwritable) as refused:
            raise CommandError(f"{refused}\nNothing was changed.") from None
        except OSError as fault:
            raise CommandError(f"{file} can't be read: {fault.strerror}.") from None
        self._tell(done, would="would be " if dry_run else "")

    def _tell(self, done: Foreseen, *, would: str) -> None:
        for step in done.steps:
            if step.deed in {drafting.NEW, drafting.CHANGED}:
                self.stdout.write(f"{step.path}: {step.title}: {would}{step.deed}")
        for title in done.left:
            self.stdout.write(f"{title}: not in the archive; it stays")
        for title in done.apart:
            self.stdout.write(f"{title}: in another part of the archive's course; it stays where it is")
        self.stdout.write("Nothing to change." if done.changes_nothing else f"{done.title}: as drafts.")


def _home(slug: str) -> int | None:
    """The agency of this address. Raises CommandError for one that is not there."""
    found = Agency.objects.filter(slug=slug).values_list("pk", flat=True).first()
    if slug and found is None:
        raise CommandError(f"There is no agency {slug}.")
    return found
