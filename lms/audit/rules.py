"""The hash chain: each seal covers the entry and the seal before it, so one changed row breaks all that follow."""

import hashlib
import json
from collections.abc import Mapping

FIRST = "0" * 64


def seal(previous: str, deed: Mapping[str, object]) -> str:
    """Return the SHA-256 of ``previous`` and the deed in canonical JSON."""
    body = json.dumps(deed, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(f"{previous}{body}".encode()).hexdigest()
