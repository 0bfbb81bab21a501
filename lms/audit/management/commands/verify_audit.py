"""Check the record of deeds from its first entry to its last."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lms.audit import operations


class Command(BaseCommand):
    help = "Check that no sealed audit entry was changed, removed or put in between."

    def handle(self, **options: Any) -> None:
        broken = operations.first_broken_link()
        if broken is not None:
            raise CommandError(f"The chain breaks at entry {broken}.")
        self.stdout.write("The chain is whole.")
