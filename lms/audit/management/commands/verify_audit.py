"""Check the record of deeds from its first entry to its last."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lms.audit import operations


class Command(BaseCommand):
    help = "Check that no sealed audit entry was changed, removed or put in between."

    def handle(self, **options: Any) -> None:
        """Raise CommandError with the first entry that does not fit."""
        broken = operations.first_broken_link()
        if broken is not None:
            raise CommandError(f"The chain breaks at entry {broken}.")
        number, seal = operations.head()
        self.stdout.write(f"The chain is whole: {number} entries, last seal {seal}.")
