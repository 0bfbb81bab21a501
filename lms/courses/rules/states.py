"""Which state of an enrolment may follow which."""

from collections.abc import Mapping

# Which state of an enrolment may follow which; "" is the state before there was one.
CHANGES: Mapping[str, frozenset[str]] = {
    "": frozenset({"requested", "invited", "waiting", "active"}),
    "requested": frozenset({"active", "waiting", "left"}),
    "invited": frozenset({"active", "waiting", "left"}),
    "waiting": frozenset({"active", "left"}),
    "active": frozenset({"paused", "completed", "left"}),
    "paused": frozenset({"active", "completed", "left"}),
    "completed": frozenset({"active"}),
    "left": frozenset({"requested", "waiting", "active"}),
}


def may_change(before: str, after: str) -> bool:
    """Whether an enrolment in the state ``before`` may come into the state ``after``."""
    return after in CHANGES[before]
