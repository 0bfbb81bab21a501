#!/usr/bin/env python3
"""All checks, in the order in which they are quickest to fail. ``--lint`` stops before the tests.

On a machine without a PostgreSQL server or Chromium the tests that need them are left out, with a line that says so;
with HEARTH_SKIP_NOTHING=1 a missing one is a failure.
"""

import os
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path

from with_postgresql import binaries

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
PYTEST = [str(BIN / "python"), "-m", "pytest", "-q"]
# Random keys and reserved names: enough for Django to judge the production settings.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "lms.settings.production",
    "SECRET_KEY": secrets.token_urlsafe(60),
    "LMS_PRIVATE_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "ALLOWED_HOSTS": "learn.hearth.example",
    "LMS_BASE_URL": "https://learn.hearth.example",
    "EMAIL_HOST": "mail.hearth.example",
}
LINT = [
    ("style", [str(BIN / "ruff"), "check", "."], {}),
    ("format", [str(BIN / "ruff"), "format", "--check", "."], {}),
    ("templates", [str(BIN / "djlint"), "templates", "--lint", "--quiet"], {}),
    ("types", [str(BIN / "mypy"), "lms", "cms"], {}),
    ("structure", [str(BIN / "lint-imports"), "--no-cache"], {}),
    ("migrations", [str(BIN / "python"), "manage.py", "makemigrations", "--check", "--dry-run"], {}),
    ("deploy", [str(BIN / "python"), "manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
]


def step(name: str, command: list[str], extra: dict[str, str]) -> None:
    """Run one check; leave with its output and exit code when it fails."""
    begun = time.monotonic()
    print(f"--- {name}", flush=True)
    code = subprocess.run(command, cwd=ROOT, env={**os.environ, **extra}).returncode
    if code:
        sys.exit(f"{name} failed ({' '.join(command)})")
    print(f"    {name} passed in {time.monotonic() - begun:.0f} s", flush=True)


def left_out(what: str, needs: str) -> None:
    """Say that something was not tested, or fail where nothing may be left out."""
    line = f"LEFT OUT: {what}: this machine has no {needs} (sudo apt-get install {needs})"
    if os.environ.get("HEARTH_SKIP_NOTHING"):
        sys.exit(line)
    print(line, flush=True)


def tests() -> None:
    """The suite on SQLite, again on PostgreSQL with the races, then the journeys in Chromium."""
    step("tests on SQLite", [*PYTEST, "-n", "2", "-m", "not journey"], {"DATABASE_URL": ""})
    if binaries():
        beside = [sys.executable, "scripts/with_postgresql.py"]
        step("tests on PostgreSQL", [*beside, *PYTEST, "-n", "2", "-m", "not journey"], {})
    else:
        left_out("the suite on PostgreSQL", "postgresql")
    if shutil.which("chromium"):
        in_order = ["--dist", "loadfile", "-p", "no:randomly"]
        step("journeys", [*PYTEST, "-n", "2", *in_order, "-m", "journey"], {"DATABASE_URL": ""})
    else:
        left_out("the journeys", "chromium")


def main() -> None:
    """Lint, then test."""
    for name, command, extra in LINT:
        step(name, command, extra)
    if "--lint" not in sys.argv:
        tests()


if __name__ == "__main__":
    main()
