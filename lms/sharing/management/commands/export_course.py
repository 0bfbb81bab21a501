"""Save a course as one file, for another installation."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cms.courseformat import archives
from cms.models import CoursePage


class Command(BaseCommand):
    help = (
        "Save a course as one zip: its text files, and what they show. The same course is the same file, to the byte."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the last part of the course's address")
        parser.add_argument("file", type=Path, help="where to write it, like telling-the-story.zip")

    def handle(self, *, slug: str, file: Path, **options: Any) -> None:
        """Write the file, or nothing."""
        course = CoursePage.objects.filter(slug=slug).first()
        if course is None:
            raise CommandError(f"There is no course {slug}.")
        if file.is_dir():
            raise CommandError(f"{file} is a folder. Name the file to write.")
        unfinished = file.with_suffix(".unfinished")
        try:
            with unfinished.open("w+b") as out:
                archives.write(course, out)
            unfinished.replace(file)
        except archives.NotSound as refusal:
            raise CommandError(f"{refusal}\nNothing was written.") from None
        except OSError as fault:
            raise CommandError(f"{file} can't be written: {fault.strerror}.") from None
        finally:
            unfinished.unlink(missing_ok=True)
        self.stdout.write(f"{course.title}: {file}, {file.stat().st_size:,} bytes.")
