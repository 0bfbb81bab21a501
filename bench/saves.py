"""Two hundred learners who answer a question at the same moment, on two web processes: beside a bare save."""

import statistics
from typing import Any
from urllib.parse import urlencode

from bench.data import ROUNDS
from bench.load import Ask
from bench.race import all_at_once, p95
from bench.server import serving

WORKERS = 2  # as the site is run


def _asks(facts: dict[str, Any], path: str, **fields: str) -> list[Ask]:
    body = urlencode({"csrfmiddlewaretoken": facts["csrf"], **fields})
    return [Ask(path, "POST", cookie, body) for cookie in facts["racers"]]


def run(environment: dict[str, str], facts: dict[str, Any]) -> dict[str, Any]:
    """Save on a prepared database; ``odd`` counts what is no clear answer, and there should be none."""
    course = facts["courses"]["20"]
    path = f"/learn/{course['identity']}/{course['question']}/answer/"
    answers = _asks(facts, path, choice=course["option"], next=course["lesson"])
    rounds: list[dict[str, Any]] = []
    with serving(environment, workers=WORKERS) as server:
        all_at_once(server, answers[:8])
        for _ in range(ROUNDS):
            bare, ours = all_at_once(server, _asks(facts, "/floor/save/")), all_at_once(server, answers)
            rounds.append({"bare_s": bare.seconds, "ours_s": ours.seconds, "p95_ms": p95(ours.times), "odd": ours.odd})
    result = {
        "people": len(answers),
        "wall_ratio": round(statistics.median(each["ours_s"] / each["bare_s"] for each in rounds), 2),
        "p95_ms": round(statistics.median(each["p95_ms"] for each in rounds)),
        "odd": {status: n for each in rounds for status, n in each["odd"].items()},
    }
    print(
        f"{result['people']} answers at once: {result['wall_ratio']:.2f} x the bare save, p95 {result['p95_ms']} ms, "
        f"odd answers: {result['odd'] or 'none'}"
    )
    return result
