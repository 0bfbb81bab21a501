"""Many people after thirty places, through the real web server: ours beside the bare race, in the same minute.

The bare race is a signed-in POST that does one conditional UPDATE and one INSERT and says which of the two it was.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.data import PLACES, ROUNDS
from bench.load import Ask, Measured, _walk
from bench.server import ROOT, Server, serving

PEOPLE = {"PostgreSQL": 200, "SQLite": 100}


def all_at_once(server: Server, asks: list[Ask]) -> Measured:
    """Send every request from a browser of its own, all at the same moment; ``odd`` counts what is no clear answer."""
    into, lock, start = Measured(len(asks), 0, 0), threading.Lock(), threading.Barrier(len(asks) + 1)

    def go(ask: Ask) -> None:
        start.wait(60)
        _walk(server, [ask], 302, into, lock)

    crowd = [threading.Thread(target=go, args=[ask]) for ask in asks]
    for one in crowd:
        one.start()
    start.wait(60)
    begun = time.perf_counter()
    for one in crowd:
        one.join()
    into.seconds = time.perf_counter() - begun
    return into


def p95(times: list[float]) -> float:
    """The time within which nineteen of twenty were answered."""
    return sorted(times)[int(len(times) * 0.95) - 1]


def _asks(facts: dict[str, Any], path: str, people: int) -> list[Ask]:
    body = urlencode({"csrfmiddlewaretoken": facts["csrf"], "access_needs": ""})
    return [Ask(path, "POST", cookie, body) for cookie in facts["racers"][:people]]


def _rounds(server: Server, facts: dict[str, Any], people: int) -> list[dict[str, Any]]:
    warm = _asks(facts, f"/sessions/{facts['races'][-1]}/book/", 8) + _asks(facts, f"/floor/race/{ROUNDS}/", 8)
    for ask in warm:
        all_at_once(server, [ask])
    found = []
    for number in range(ROUNDS):
        bare = all_at_once(server, _asks(facts, f"/floor/race/{number}/", people))
        ours = all_at_once(server, _asks(facts, f"/sessions/{facts['races'][number]}/book/", people))
        found.append(
            {
                "bare_s": round(bare.seconds, 2),
                "ours_s": round(ours.seconds, 2),
                "bare_p95_ms": round(p95(bare.times), 1),
                "ours_p95_ms": round(p95(ours.times), 1),
                "wall_ratio": round(ours.seconds / bare.seconds, 2),
                "p95_ratio": round(p95(ours.times) / p95(bare.times), 2),
                "odd": {**bare.odd, **ours.odd},
            }
        )
    return found


def run(environment: dict[str, str], facts: dict[str, Any], database: str) -> dict[str, Any]:
    """Race on a prepared database; say what came of it, and how many have a place: thirty each time, or it is wrong."""
    people = min(PEOPLE[database], len(facts["racers"]))
    with serving(environment) as server:
        rounds = _rounds(server, facts, people)
    counted = [sys.executable, "-m", "bench.race", "count", *facts["races"][:ROUNDS]]
    booked = subprocess.run(counted, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
    result = {
        "people": people,
        "booked": json.loads(booked),
        "wall_ratio": statistics.median(each["wall_ratio"] for each in rounds),
        "p95_ratio": statistics.median(each["p95_ratio"] for each in rounds),
        "goal": 2.0,
        "rounds": rounds,
    }
    print(
        f"{people} people after {PLACES} places: {result['booked']} booked; {result['wall_ratio']:.2f} x the bare race,"
        f" p95 {result['p95_ratio']:.2f} x"
    )
    return result


def count(sessions: list[str]) -> None:
    """Print how many have a place in each session, as JSON."""
    import django

    django.setup()
    from lms.webinars.models import Booking, BookingState

    rows = Booking.objects.unscoped(because="measured")
    found = [rows.filter(session__uuid=uuid, state=BookingState.BOOKED).count() for uuid in sessions]
    print(json.dumps(found))


def main() -> None:
    """Race alone, on a database of its own: ``python -m bench.race``."""
    if sys.argv[1:2] == ["count"]:
        count(sys.argv[2:])
        return
    folder = Path(tempfile.mkdtemp(prefix="hearth-race-"))
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "bench.settings", "LMS_DATA": str(folder)}
    try:
        prepare = [sys.executable, "-m", "bench.data", str(folder / "facts.json")]
        subprocess.run(prepare, cwd=ROOT, env=environment, check=True, stderr=subprocess.DEVNULL)
        is_server = os.environ.get("DATABASE_URL", "").startswith("postgresql")
        run(environment, json.loads((folder / "facts.json").read_text()), "PostgreSQL" if is_server else "SQLite")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
