"""Tokens that providers read, and the signatures of providers: always one named algorithm, compared evenly."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import jwt


class BadSignature(Exception):
    """What came in was not signed with the secret that it should have been, or is not from now."""


def signed(claims: Mapping[str, Any], *, secret: str, kid: str = "") -> str:
    """Return ``claims`` as a token: signed with RSA where the secret is a private key, else with HMAC-SHA256.

    kid: which key, where there are several. Raises BadSignature for a private key that is none.
    """
    algorithm = "RS256" if secret.startswith("-----BEGIN") else "HS256"
    try:
        return jwt.encode(dict(claims), secret, algorithm=algorithm, headers={"kid": kid} if kid else None)
    except (jwt.PyJWTError, ValueError, TypeError) as bad:
        raise BadSignature from bad


def opened(token: str, *, secret: str, algorithm: str, now: datetime, needs: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what is in ``token``. Raises BadSignature for a wrong secret or algorithm, and one that ran out."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token, secret, algorithms=[algorithm], options={"verify_exp": False, "require": list(needs)}
        )
    except jwt.InvalidTokenError as bad:
        raise BadSignature from bad
    if not isinstance(until := claims.get("exp", now.timestamp()), int | float) or until < now.timestamp():
        raise BadSignature
    return claims


def mac(secret: str, message: bytes) -> str:
    """HMAC-SHA256 in hexadecimal."""
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two signatures are equal, in the same time whatever they are."""
    return hmac.compare_digest(one.encode(), other.encode())
