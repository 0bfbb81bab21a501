"""Where the mail server hands over what comes to the return address: one mail on standard input."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from lms.outbox import bounces

PIECE = 65_536  # bytes


class Command(BaseCommand):
    help = "Read one returned mail from standard input. Anything that is no report of a letter of ours changes nothing."
    requires_system_checks = ()  # it runs once for each mail

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", default="", help="whom the mail server says that it is for")

    def handle(self, *, to: str, **options: Any) -> None:
        raw = sys.stdin.buffer.read(bounces.LONGEST)
        while sys.stdin.buffer.read(PIECE):  # the mail server wants to get rid of the whole
            pass
        try:
            came_to = bounces.take_in(raw=raw, to=to, now=timezone.now())
        except DatabaseError as away:
            raise CommandError("The database is away. Keep the mail.", returncode=os.EX_TEMPFAIL) from away
        self.stdout.write(came_to)
