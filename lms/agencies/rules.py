"""Who may give which role. Nobody gives a right that is not theirs to give, and nobody gives one to themselves."""

import hashlib
from collections.abc import Iterable

GIVES = {
    "administrator": frozenset(
        {"trainer", "coordinator", "manager", "safeguarding_lead", "editor", "administrator"},
    ),
    "manager": frozenset({"trainer", "coordinator", "manager"}),
    "safeguarding_lead": frozenset({"safeguarding_lead"}),
}


def roles_to_give(held: Iterable[str]) -> frozenset[str]:
    """Return the roles that somebody who holds ``held`` may give and take away."""
    return frozenset().union(*(GIVES.get(role, frozenset()) for role in held))


def hash_of(secret: str) -> str:
    """Return what is kept of the secret in an invitation: enough to know it again, useless to a thief."""
    return hashlib.sha256(secret.encode()).hexdigest()
