"""Make pathways ask what their files say."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from lms.certificates import definitions
from lms.certificates.operations.pathways.planning import fit


class Command(BaseCommand):
    help = "Make pathways ask what their files say, of who begins from now on. Nobody loses a step they have."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which folder."""
        parser.add_argument("path", type=Path, help="a folder of .toml files, like fixtures/pathways")

    def handle(self, *, path: Path, **options: Any) -> None:
        """Read all, then write all, or nothing."""
        files = sorted(path.glob("*.toml"))
        if not files:
            raise CommandError(f"There is no .toml file in {path}.")
        now = timezone.now()
        try:
            with transaction.atomic():
                fitted = [fit(plan=definitions.read(file), actor_id=None, now=now) for file in files]
        except definitions.Unfit as refused:
            raise CommandError(f"{refused}\nNothing was changed.") from None
        for one in fitted:
            self.stdout.write(f"{one.pathway.title}: {one.begun} begun, {one.ended} ended, {one.kept} as before")
