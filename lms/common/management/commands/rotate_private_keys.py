"""Lock all private writing again with the first of ``LMS_PRIVATE_KEYS``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lms.common import rekeying


class Command(BaseCommand):
    help = "Lock all private writing again with the newest key. Can be stopped and run again."

    def handle(self, **options: Any) -> None:
        """Raise CommandError where something is opened by none of the keys."""
        tally = rekeying.lock_again()
        self.stdout.write(f"Locked again with the newest key: {tally.locked_again}.")
        if tally.unreadable:
            raise CommandError(f"No key opens {tally.unreadable} of them. Keep the old keys and look for others.")
        self.stdout.write("Everything opens with the newest key. The older ones may go once no backup needs them.")
