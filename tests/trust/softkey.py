"""A passkey in software: makes real keys and real signatures, as a phone would, so that nothing is pretended."""

import hashlib
import json
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

FLAG = AuthenticatorData.FLAG


class SoftKey:
    """One passkey for one host. ``make`` answers a registration, ``sign`` a sign-in."""

    def __init__(self, host: str = "testserver") -> None:
        self.host = host
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(32)
        self.user_handle = b""
        self.count = 0

    def _client_data(self, kind: str, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(kind, websafe_decode(challenge), f"https://{self.host}")

    def _data(self, flags: FLAG, credential: bytes = b"") -> AuthenticatorData:
        self.count += 1
        return AuthenticatorData.create(hashlib.sha256(self.host.encode()).digest(), flags, self.count, credential)

    def _answer(self, response: dict) -> str:
        extras = {"clientExtensionResults": {"credProps": {"rk": True}}, "authenticatorAttachment": "platform"}
        name = websafe_encode(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response, **extras})

    def make(self, options: dict) -> str:
        """Return the credential that a registration asks for."""
        public = options["publicKey"]
        self.user_handle = websafe_decode(public["user"]["id"])
        client = self._client_data("webauthn.create", public["challenge"])
        credential = AttestedCredentialData.create(
            bytes(16), self.id, ES256.from_cryptography_key(self.key.public_key())
        )
        data = self._data(FLAG.UP | FLAG.UV | FLAG.AT, credential)
        attested = AttestationObject.create("none", data, {})
        return self._answer({"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(attested)})

    def sign(self, options: dict) -> str:
        """Return the proof that a sign-in asks for."""
        client = self._client_data("webauthn.get", options["publicKey"]["challenge"])
        data = self._data(FLAG.UP | FLAG.UV)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signature),
                "userHandle": websafe_encode(self.user_handle),
            }
        )
