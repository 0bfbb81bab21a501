"""Ten thousand reminders due in one hour: two real workers, one of them killed five times, a mail server of our own.

``python -m bench.reminders [people] [kills]`` makes a database of its own, has the clock's jobs post and sweep as the
workers run them, and counts at the mail server what arrived: each reminder once, or known not to be known.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

PEOPLE, KILLS, A_SESSION = 10_000, 5, 50
ROOT = Path(__file__).resolve().parent.parent
WORKERS = """
from lms.settings.local import *
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", {port}
"""


class Sink:
    """Takes every letter and counts by Message-ID."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        head = envelope.content.partition(b"\r\n\r\n")[0].decode("latin-1")
        line = next(line for line in head.splitlines() if line.lower().startswith("message-id:"))
        self.seen[line.partition(":")[2].strip()] += 1
        return "250 OK"


def make_people(people: int) -> None:
    """Sessions of fifty, all of them tomorrow, with everybody booked."""
    from django.core.management import call_command
    from django.utils import timezone

    from lms.accounts.models import User
    from lms.agencies.models import Agency
    from lms.webinars.models import Booking, BookingState, Session, SessionPart, SessionState

    call_command("migrate", verbosity=0)
    now = timezone.now()
    agency = Agency.objects.create(slug="bench", name="Bench", region="North")
    users = User.objects.bulk_create(
        [User(email=f"person{n}@example.org", display_name=f"Person {n}", password="!") for n in range(people)],
        batch_size=2000,
    )
    for first in range(0, people, A_SESSION):
        starts = now.replace(second=0, microsecond=0) + timedelta(hours=23)
        session = Session.objects.create(
            title="Staying in touch",
            agency=agency,
            state=SessionState.PUBLISHED,
            starts_at=starts,
            ends_at=starts + timedelta(minutes=90),
            booking_closes_at=starts,
            created_at=now,
        )
        facts = {"number": 1, "local_start": f"{starts:%Y-%m-%dT%H:%M}", "minutes": 90}
        SessionPart.objects.create(session=session, starts_at=session.starts_at, ends_at=session.ends_at, **facts)
        some = users[first : first + A_SESSION]
        Booking.objects.bulk_create(
            Booking(session=session, person=user, state=BookingState.BOOKED, booked_at=now - timedelta(days=9))
            for user in some
        )


def start_worker(folder: Path) -> "subprocess.Popen[bytes]":
    """A worker as an installation starts it."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "bench_worker", "PYTHONPATH": f"{folder}:{ROOT}"}
    with (folder / f"worker-{time.monotonic()}.log").open("wb") as log:
        command = [sys.executable, "manage.py", "qcluster"]
        return subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True)


def run(people: int, kills: int, folder: Path) -> dict[str, Any]:
    """Post, send and kill; return what came of it."""
    from aiosmtpd.controller import Controller
    from django.utils import timezone

    from lms.outbox.models import Message, State
    from lms.webinars import operations

    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=8026)
    controller.start()
    (folder / "bench_worker.py").write_text(WORKERS.format(port=8026))
    begun = time.monotonic()
    posted = operations.remind(now=timezone.now())
    posting = time.monotonic() - begun
    workers = [start_worker(folder) for _ in range(2)]
    killed, open_states = 0, [State.QUEUED, State.SENDING]
    while Message.objects.filter(state__in=open_states).exists() and time.monotonic() - begun < 3600:
        if killed < kills and sum(sink.seen.values()) > people * (killed + 1) / (kills + 2):
            os.killpg(workers[0].pid, signal.SIGKILL)
            workers[0].wait()
            workers[0], killed = start_worker(folder), killed + 1
        time.sleep(0.5)
    seconds = time.monotonic() - begun
    for worker in workers:
        worker.terminate()
        worker.wait(60)
    controller.stop()
    states = Counter(Message.objects.values_list("kind", "state"))
    return {
        "people": people,
        "posted": posted,
        "posting_s": round(posting, 1),
        "all_out_s": round(seconds),
        "kills": killed,
        "letters_taken": sum(sink.seen.values()),
        "taken_twice": sum(1 for times in sink.seen.values() if times > 1),
        "states": {" ".join(row): times for row, times in states.items()},
    }


def main() -> None:
    """Measure, and print one line of JSON."""
    people, kills = ([*map(int, sys.argv[1:]), PEOPLE, KILLS][:2]) if len(sys.argv) > 2 else (PEOPLE, KILLS)
    with tempfile.TemporaryDirectory() as name:
        os.environ["LMS_DATA"] = name
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
        import django

        django.setup()
        make_people(people)
        print(json.dumps(run(people, kills, Path(name))))


if __name__ == "__main__":
    main()
