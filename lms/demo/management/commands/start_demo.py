"""What ``make run`` does once the packages are there: migrate, load, say where everything is, and serve."""

import hashlib
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from cms.models import CoursePage
from lms.common.management.commands.serve import port_number, refuse_taken_port
from lms.demo import people

CONTENT = Path("fixtures/workshops")


def digest_of(folder: Path) -> str:
    """Change when any content file does."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(str(path).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


class Command(BaseCommand):
    help = "Prepare the demo (once) and serve it; Ctrl-C stops."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", default=os.environ.get("PORT", "8000"))

    def handle(self, *, port: str, **options: Any) -> None:
        refuse_taken_port("127.0.0.1", port_number(port))
        self.stdout.write("Hearth: bringing the database up to date ...")
        call_command("migrate", verbosity=0)
        self.load_content()
        call_command("load_demo", stdout=self.stdout)
        self.say_where(port)
        call_command("serve", port=port)

    def load_content(self) -> None:
        """Load the courses and workshops, unless these very files were loaded into this database before."""
        stamp = settings.DATA / "content-loaded"
        digest = f"{digest_of(CONTENT)} {settings.DATABASES['default']['NAME']}"
        if stamp.exists() and stamp.read_text() == digest and CoursePage.objects.exists():
            return
        call_command("load_workshops", str(CONTENT), stdout=self.stdout)
        stamp.write_text(digest)

    def say_where(self, port: str) -> None:
        """Print the addresses and the demo sign-ins."""
        base = f"http://127.0.0.1:{port}"
        rows = [("The site", "/"), ("The desk", "/desk/"), ("The editor", "/cms/"), ("Check a certificate", "/verify/")]
        rows += [("E-mails sent", "/dev/mailbox/"), ("All components", "/dev/gallery/")]
        listed = [person for person in (*people.LEARNERS, *people.STAFF) if person.is_listed]
        lines = ["", "Hearth is here:", *(f"  {label:<22}{base}{path}" for label, path in rows)]
        lines += ["", f"Sign in with any of these and the password  {people.PASSWORD}"]
        lines += [f"  {person.email:<34}{person.is_a}" for person in listed]
        self.stdout.write("\n".join([*lines, "", "Ctrl-C stops the web server and the worker.", ""]))
        self.stdout.flush()
