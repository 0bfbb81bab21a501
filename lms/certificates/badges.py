"""The only door to openbadgeslib, and to PyJWT beneath it: awards as Open Badges 3.0, signed with our own keys.

A badge says what was earned and when. Of its holder it says a random number, and of the paper certificate nothing.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import jwt
from django.conf import settings
from openbadgeslib.keys import KeyEd25519, public_jwk_from_pem
from openbadgeslib.ob3 import (
    Achievement,
    Issuer,
    OB3Signer,
    OpenBadgeCredential,
    build_did_document,
    build_status_list_credential,
    did_web_from_url,
    status_entry,
)
from openbadgeslib.ob3.status_list import DEFAULT_SIZE_BITS

PLACES = DEFAULT_SIZE_BITS  # bits of a status list: so many badges can be told apart
PURPOSES = ("revocation", "suspension")
ALGORITHM = "EdDSA"
_PKCS8 = bytes.fromhex("302e020100300506032b657004220420")  # what stands before the seed of an Ed25519 key
SEED = 32  # bytes


class NoKey(Exception):
    """No badge key is configured, or one cannot be read."""


@dataclass(frozen=True)
class Key:
    """One signing key. name: the fragment under which its public half is found."""

    pem: bytes
    public: dict[str, Any]

    @property
    def name(self) -> str:
        """A short name that follows from the key."""
        return "k" + hashlib.sha256(self.public["x"].encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Addresses:
    """Where the public papers of this issuer are found."""

    site: str
    status: dict[str, str]

    @property
    def issuer(self) -> str:
        """The name of the issuer: a did:web, which stands for an address of ours."""
        return str(did_web_from_url(f"https://{self.site.partition('://')[2]}/badges"))


@dataclass(frozen=True)
class Said:
    """What a badge says."""

    credential: UUID
    subject: UUID
    place: int
    kind: str
    title: str
    statement: str
    criteria: str
    earned_on: date
    valid_until: date | None


def keys() -> tuple[Key, ...]:
    """The configured keys, the one that signs first. Raises NoKey where there is none."""
    if not settings.LMS_BADGE_KEYS:
        raise NoKey("Set LMS_BADGE_KEYS; docs/operations.md says how.")
    return _keys(tuple(settings.LMS_BADGE_KEYS))


@lru_cache(maxsize=4)
def _keys(seeds: tuple[str, ...]) -> tuple[Key, ...]:
    return tuple(_key(seed) for seed in seeds)


def _key(written: str) -> Key:
    try:
        seed = base64.b64decode(written, validate=True)
    except ValueError as fault:
        raise NoKey("A badge key is no base 64.") from fault
    if len(seed) != SEED:
        raise NoKey(f"A badge key has {SEED} bytes.")
    body = base64.b64encode(_PKCS8 + seed).decode()
    pem = f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n".encode()
    pair = KeyEd25519()
    pair.read_private_key(pem)
    pair.pub_key = pair.priv_key.public_key()
    return Key(pem, public_jwk_from_pem(pair.get_pub_key_pem()))


class _Signer(OB3Signer):
    """Signs with a header that names the key, so that what an earlier key signed is still found after a change."""

    def __init__(self, key: Key, issuer: str) -> None:
        super().__init__(key.pem, ALGORITHM)
        self._name = f"{issuer}#{key.name}"

    def sign_payload(self, payload: dict[str, Any]) -> str:
        """Sign as the library does, with ``kid`` beside ``jwk``."""
        headers = {"jwk": self._public_jwk(), "kid": self._name, "typ": "JWT"}
        return jwt.encode(payload, self._load_privkey(), algorithm=self.algorithm, headers=headers)


def _signer(addresses: Addresses) -> _Signer:
    return _Signer(keys()[0], addresses.issuer)


# --- A badge -------------------------------------------------------------------------------------------------------


def credential(said: Said, *, issuer_name: str, addresses: Addresses) -> str:
    """Return the signed credential, the same each time. Raises NoKey."""
    return _signer(addresses).sign(_unsigned(said, issuer_name, addresses))


def baked(said: Said, *, picture: bytes, issuer_name: str, addresses: Addresses) -> bytes:
    """Return ``picture``, an SVG or a PNG, with the signed credential inside. Raises NoKey."""
    signer, unsigned = _signer(addresses), _unsigned(said, issuer_name, addresses)
    bake = signer.sign_into_png if picture.startswith(b"\x89PNG") else signer.sign_into_svg
    return bake(unsigned, picture)


def _unsigned(said: Said, issuer_name: str, addresses: Addresses) -> OpenBadgeCredential:
    return OpenBadgeCredential(
        issuer=Issuer(id=addresses.issuer, name=issuer_name, url=addresses.site),
        recipient_id=f"urn:uuid:{said.subject}",
        achievement=Achievement(
            id=f"urn:uuid:{uuid5(NAMESPACE_URL, f'{addresses.issuer} {said.kind} {said.title}')}",
            name=said.title,
            description=said.statement,
            criteria_narrative=said.criteria,
            achievement_type="Certificate",
        ),
        id=f"urn:uuid:{said.credential}",
        issuance_date=_midnight(said.earned_on),
        expiration_date=_midnight(said.valid_until + timedelta(days=1)) if said.valid_until else None,
        credential_status=[status_entry(url, purpose, said.place) for purpose, url in addresses.status.items()],
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


# --- What is public of the issuer ----------------------------------------------------------------------------------


def status_list(purpose: str, places: list[int], *, addresses: Addresses, now: datetime, until: datetime) -> str:
    """Return the signed list of the badges that were stopped. Raises NoKey."""
    listed = build_status_list_credential(
        addresses.issuer, addresses.status[purpose], purpose, places, issued=now, valid_until=until
    )
    registered = {"iss": listed["issuer"], "jti": listed["id"], "nbf": int(now.timestamp())}
    return _signer(addresses).sign_payload({**listed, **registered, "exp": int(until.timestamp())})


def did_document(addresses: Addresses) -> dict[str, Any]:
    """Return the issuer's paper with all public keys, those that no longer sign too. Raises NoKey."""
    return build_did_document(addresses.issuer, [(key.name, dict(key.public)) for key in keys()])


def key_set(addresses: Addresses) -> dict[str, Any]:
    """Return the public keys as a JSON Web Key Set. Raises NoKey."""
    named = ({**key.public, "kid": f"{addresses.issuer}#{key.name}", "alg": ALGORITHM, "use": "sig"} for key in keys())
    return {"keys": list(named)}


def profile(issuer_name: str, addresses: Addresses) -> dict[str, Any]:
    """Return who issues, as the badge says it."""
    context = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
    said = Issuer(id=addresses.issuer, name=issuer_name, url=addresses.site).to_dict()
    return {"@context": context, **said}
