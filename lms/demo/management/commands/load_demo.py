"""Make the demo's people and dates, once."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from lms.demo import operations, packages


class Command(BaseCommand):
    help = "Make invented people, sessions and learning for a newcomer's machine; run again it changes nothing."

    def handle(self, **options: Any) -> None:
        if operations.is_loaded():
            packages.show_in_lesson()
            return
        operations.load(now=timezone.now(), say=lambda what: self.stdout.write(f"Hearth: making {what} ..."))
