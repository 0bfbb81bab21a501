"""What was watched of a video or heard of a recording, in seconds of it. At any speed; what is jumped over is not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

ENOUGH = 90  # per cent
LONGEST = 3 * 60 * 60  # seconds
MOST_RANGES = 200
MOST_KNOWN = 20  # pieces that are told apart from a repeat
JOINED = 1  # second between two ranges that a player reports apart and people see as one
ENDS = 5  # seconds from either end within which one begins again

Range = tuple[float, float]


@dataclass(frozen=True)
class Piece:
    """What a player tells. id: the same for a repeat. length: of the whole, as the player knows it."""

    id: str
    ranges: Sequence[Range]
    last: float
    length: float


def merged(ranges: Iterable[Sequence[float]], *, length: float) -> list[list[float]]:
    """Put ranges together, in order. What lies outside of the video, ends before it begins, or is no number is none."""
    told = [(max(first, 0.0), min(last, length)) for first, last in ranges if isfinite(first) and isfinite(last)]
    found: list[list[float]] = []
    for first, last in sorted((round(first, 1), round(last, 1)) for first, last in told if last > first):
        if found and first <= found[-1][1] + JOINED:
            found[-1][1] = max(found[-1][1], last)
        else:
            found.append([first, last])
    return found[:MOST_RANGES]


def length_of(told: float, *, known: float, minutes: int) -> float:
    """Return the length of a video: as the player tells it, or told before (0 for never), else as its writer does."""
    return told if isfinite(told) and 1 <= told <= LONGEST else known or 60.0 * minutes


def watch(known: Mapping[str, Any], piece: Piece, *, minutes: int) -> dict[str, Any]:
    """Add a piece to what is known: ``{"ranges", "last", "length", "pieces"}``. A piece that is known changes nothing.

    minutes: how long the video is by its writer's word.
    """
    pieces: list[str] = list(known.get("pieces", ()))
    if piece.id in pieces:
        return dict(known)
    length = length_of(piece.length, known=known.get("length", 0), minutes=minutes)
    last = piece.last if isfinite(piece.last) and 0 <= piece.last <= length else known.get("last", 0)
    return {
        "ranges": merged([*known.get("ranges", ()), *piece.ranges], length=length),
        "last": round(last, 1),
        "length": round(length, 1),
        "pieces": [*pieces, piece.id][-MOST_KNOWN:],
    }


def watched_share(known: Mapping[str, Any]) -> int:
    """How many hundredths were watched, rounded down."""
    length = known.get("length", 0)
    seconds = sum(last - first for first, last in known.get("ranges", ()))
    return min(int(100 * seconds / length + 1e-6), 100) if length else 0


def is_watched(known: Mapping[str, Any]) -> bool:
    """Whether enough of it was watched."""
    return watched_share(known) >= ENOUGH


def carry_on_at(known: Mapping[str, Any]) -> int:
    """The second to carry on from; 0 where it was hardly begun, or seen to its end."""
    last = int(known.get("last", 0))
    return last if ENDS <= last <= known.get("length", 0) - ENDS else 0
