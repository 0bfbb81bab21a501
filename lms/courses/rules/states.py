"""Which state of an enrolment may follow which."""

from collections.abc import Mapping

# Which state of an enrolment may follow which; "" is the state before there was one.
CHANGES: Mapping[str, frozenset[str]] = {
    "": frozenset({"requested", "invited", "waiting", "coming", "active"}),
    "requested": frozenset({"active", "waiting", "coming", "left"}),
    "invited": frozenset({"active", "waiting", "coming", "left"}),
    "waiting": frozenset({"active", "coming", "left"}),
    "coming": frozenset({"active", "left"}),
    "active": frozenset({"paused", "completed", "left"}),
    "paused": frozenset({"active", "completed", "left"}),
    "completed": frozenset({"active"}),
    "left": frozenset({"requested", "waiting", "coming", "active"}),
}


def may_change(before: str, after: str) -> bool:
    """Whether an enrolment in the state ``before`` may come into the state ``after``."""
    return after in CHANGES[before]
