"""``make bench``: measure on SQLite, then on PostgreSQL where there is one, and keep one small file a run."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import race, saves
from bench.certificate import AFTER_A_SESSION, IN_A_ROW, WARM
from bench.data import ROUNDS
from bench.load import Measured, measure
from bench.scenarios import FLOOR, SCENARIOS, Scenario
from bench.server import ROOT, Server, serving
from bench.workbook import ENTRIES

RESULTS = ROOT / "bench" / "results"
HEADINGS = f"{'':34}{'req/s':>7}{'p50 ms':>8}{'p95 ms':>8}{'queries':>8}{'kB':>7}{'CPU ms':>8}{'x floor':>9}{'goal':>7}"


def _round(server: Server, scenario: Scenario, facts: dict[str, Any], number: int) -> tuple[Measured, float]:
    """One round of a scenario between two half rounds of the floor: the ratio of their CPU."""
    asks = FLOOR.batch(facts, number)
    before = measure(server, asks[: len(asks) // 2])
    taken = measure(server, scenario.batch(facts, number), wanted=scenario.wanted)
    after = measure(server, asks[len(asks) // 2 :])
    return taken, taken.cpu_ms / max((before.cpu_ms + after.cpu_ms) / 2, 0.001)


def _line(scenario: Scenario, rounds: list[tuple[Measured, float]]) -> dict[str, Any]:
    measured = [taken for taken, _ in rounds]
    return {
        "name": scenario.name,
        "per_second": round(statistics.median(m.requests / m.seconds for m in measured), 1),
        "p50_ms": round(statistics.median(m.p50 for m in measured), 1),
        "p95_ms": round(statistics.median(m.p95 for m in measured), 1),
        "queries": max(m.queries for m in measured),
        "kB": round(max(m.weight for m in measured) / 1000, 1),
        "cpu_ms": round(statistics.median(m.cpu_ms for m in measured), 2),
        "ratio": round(statistics.median(ratio for _, ratio in rounds), 2),
        "goal": scenario.goal,
        "most_queries": scenario.queries,
        "odd": {status: n for m in measured for status, n in m.odd.items()},
    }


def _say(line: dict[str, Any]) -> None:
    goal = f"{line['goal']:.1f}" if line["goal"] else ""
    figures = (
        f"{line['per_second']:7.0f}{line['p50_ms']:8.1f}{line['p95_ms']:8.1f}{line['queries']:8d}{line['kB']:7.1f}"
    )
    odd = f"   odd answers: {line['odd']}" if line["odd"] else ""
    print(f"{line['name']:34}{figures}{line['cpu_ms']:8.2f}{line['ratio']:9.2f}{goal:>7}{odd}", flush=True)


def _pages(environment: dict[str, str], facts: dict[str, Any]) -> list[dict[str, Any]]:
    lines = []
    with serving(environment) as server:
        for scenario in (FLOOR, *SCENARIOS):
            measure(server, scenario.batch(facts, 0)[:8] if scenario.wanted == 200 else [])
            line = _line(scenario, [_round(server, scenario, facts, number) for number in range(ROUNDS)])
            _say(line)
            lines.append(line)
    return lines


def _apart(module: str, environment: dict[str, str]) -> dict[str, float]:
    """What a module measures in a process of its own."""
    command = [sys.executable, "-m", module]
    printed = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
    figures: dict[str, float] = json.loads(printed)
    return figures


def _workbook(environment: dict[str, str]) -> dict[str, float]:
    figures = _apart("bench.workbook", environment)
    ratio = round(figures["ours"] / figures["bare"], 2)
    print(
        f"workbook of {ENTRIES} entries: {figures['ours']:.0f} ms CPU, {ratio:.2f} x bare WeasyPrint (goal 1.3), "
        f"{figures['kB']} kB"
    )
    return {**figures, "ratio": ratio}


def _certificate(environment: dict[str, str]) -> dict[str, float]:
    figures = _apart("bench.certificate", environment)
    ratio = figures["ours"] / figures["bare"]
    print(
        f"certificate PDF: {figures['ours']:.0f} ms CPU, {ratio:.2f} x bare WeasyPrint (goal 1.3), "
        f"{1000 / figures['ours']:.0f} a second a core (goal 20), signed {1000 / figures['signed']:.0f} (goal 6)\n"
        f"certificates in a press: {AFTER_A_SESSION} in {figures['thirty_s']:.1f} s (goal 10), {IN_A_ROW} in a row: "
        f"{figures['warm_mb']} MB after {WARM}, {figures['after_a_thousand_mb']} MB at the end (goal +20, 220)"
    )
    return {**figures, "ratio": round(ratio, 2)}


def run(database: str) -> None:
    """Measure on the database of this process's environment and keep the result."""
    folder = Path(tempfile.mkdtemp(prefix="hearth-bench-"))
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "bench.settings", "LMS_DATA": str(folder)}
    try:
        print(f"\n{database}: preparing ...", flush=True)
        facts_file = folder / "facts.json"
        prepare = [sys.executable, "-m", "bench.data", str(facts_file)]
        subprocess.run(prepare, cwd=ROOT, env=environment, check=True, stderr=subprocess.DEVNULL)
        facts = json.loads(facts_file.read_text())
        print(HEADINGS)
        result = {"database": database, "pages": _pages(environment, facts), "certificate": _certificate(environment)}
        result["workbook"] = _workbook(environment)
        result["saves"] = saves.run(environment, facts)
        result["race"] = race.run(environment, facts, database)
        RESULTS.mkdir(exist_ok=True)
        stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
        (RESULTS / f"{stamp}-{database.lower()}.json").write_text(json.dumps(result, indent=1) + "\n")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """SQLite here; PostgreSQL in a process of its own, with a private server beside it."""
    sys.path.insert(0, str(ROOT / "scripts"))
    from with_postgresql import binaries

    if os.environ.get("DATABASE_URL", "").startswith("postgresql"):
        run("PostgreSQL")
        return
    run("SQLite")
    if binaries():
        beside = [sys.executable, "scripts/with_postgresql.py", sys.executable, "-m", "bench"]
        subprocess.run(beside, cwd=ROOT, check=True)
    else:
        print("PostgreSQL: left out, there is no server on this machine (sudo apt-get install postgresql)")


if __name__ == "__main__":
    main()
