"""How soon a certificate is there: one on an idle queue, then thirty as after a session, made by a real worker.

``python -m bench.prompt`` makes a database of its own, starts the worker as an installation does, and looks at the rows
until the files are written down. By the clock, from the moment somebody has earned it; it keeps a file in results/.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.reminders import start_worker

ALONE, AFTER_A_SESSION = 10, 30
LOOK = 0.02  # seconds between two looks
PATIENCE = 120  # seconds
RESULTS = Path(__file__).resolve().parent / "results"


def make_people(people: int) -> list[Any]:
    """An empty site with some people on it."""
    from django.core.management import call_command

    from lms.accounts.models import User

    call_command("migrate", verbosity=0)
    rows = [User(email=f"person{n}@example.org", display_name=f"Person {n}", password="!") for n in range(people)]
    return User.objects.bulk_create(rows)


def seconds_until_made(people: list[Any], *, first: int) -> float:
    """Give each of them a certificate, and wait until the last file is there."""
    from django.utils import timezone

    from bench.data import made_out
    from lms.certificates.models import Award

    begun = time.monotonic()
    for number, person in enumerate(people, start=first):
        made_out(person, number=number, now=timezone.now())
    while Award.objects.unscoped(because="measured").filter(pdf="").exists():
        if time.monotonic() - begun > PATIENCE:
            raise SystemExit("the worker makes nothing")
        time.sleep(LOOK)
    return time.monotonic() - begun


def run(folder: Path) -> dict[str, Any]:
    """Start a worker, let it warm up with one, and measure."""
    people = make_people(ALONE + AFTER_A_SESSION + 1)
    (folder / "bench_worker.py").write_text("from bench.settings import *\n")
    worker = start_worker(folder)
    try:
        first = seconds_until_made(people[:1], first=1)
        alone = [seconds_until_made([person], first=2 + n) for n, person in enumerate(people[1 : ALONE + 1])]
        thirty = seconds_until_made(people[ALONE + 1 :], first=ALONE + 2)
    finally:
        worker.terminate()
        worker.wait(60)
    return {
        "first_with_start_of_worker_s": round(first, 2),
        "alone_median_s": round(statistics.median(alone), 2),
        "alone_slowest_s": round(max(alone), 2),
        "thirty_s": round(thirty, 2),
        "load": round(os.getloadavg()[0], 1),
        "cores": os.cpu_count(),
    }


def main() -> None:
    """Measure, print one line of JSON and keep it."""
    with tempfile.TemporaryDirectory() as name:
        os.environ["LMS_DATA"] = name
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
        import django

        django.setup()
        figures = run(Path(name))
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    (RESULTS / f"{stamp}-prompt.json").write_text(json.dumps(figures, indent=1) + "\n")
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main()
