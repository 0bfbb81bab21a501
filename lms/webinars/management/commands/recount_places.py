"""Whether the counters of places say what the rows say."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lms.webinars import operations


class Command(BaseCommand):
    help = "Compare each session's counter of places with its bookings; --fix writes the true count."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fix", action="store_true", help="write (default: report, and fail where one is wrong)")

    def handle(self, *, fix: bool, **options: Any) -> None:
        wrong = operations.miscounts()
        for miscount in wrong:
            self.stdout.write(f"session {miscount.session_id}: {miscount.counted} counted, {miscount.true} true")
            if fix:
                operations.put_right(miscount.session_id)
        if wrong and not fix:
            raise CommandError(f"{len(wrong)} counters are wrong; --fix puts them right")
        self.stdout.write("all counters are right" if not wrong else f"{len(wrong)} counters put right")
