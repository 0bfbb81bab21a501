"""The only door to pyHanko: a PAdES signature under a finished certificate. Loaded in the press and nowhere else.

The signature says who made the file and that nobody changed it since. It is as good as the certificate (the other
kind) it is made with: readers trust it when they trust who gave that. The key is read from a file and kept in the
press; it is in no database, no task and no log.
"""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter

Sign = Callable[[bytes, datetime], bytes]
FIELD = "Issuer"
ROOM = 8192  # bytes kept free for the signature; with a chain of three it takes about 5,000


class KeyUnusable(Exception):
    """The key or certificate file cannot be read, or the password does not fit."""


class _Same(IncrementalPdfFileWriter):
    """Writes the signature behind the file. Signed again, it is the same: its id is worked out, no hour is added."""

    def __init__(self, made: bytes) -> None:
        super().__init__(BytesIO(made))
        half = ByteStringObject(sha256(made).digest()[:16])
        self._document_id = ArrayObject([half, half])

    def _update_meta(self) -> None:
        """Leave the file's description alone: it names no hour, and the signature names its own."""


class _SignerAt(signers.PdfSigner):
    """Signs at a stated moment, so that the same certificate signed again is the same file."""

    at: datetime

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        """Begin, at that moment."""
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.at
        return session


def signer(house: Any) -> Sign:
    """Return what signs with the key that ``house`` names: ``{"key", "certificate", "chain", "password"}``.

    With no ``certificate`` the key file is a PKCS#12 that holds both. Raises KeyUnusable.
    """
    held = _load(house)
    if held is None:
        raise KeyUnusable(str(house["key"]))
    asked = signers.PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, certify=True
    )

    def sign(made: bytes, at: datetime) -> bytes:
        hand = _SignerAt(asked, signer=held)
        hand.at = at
        signed = hand.sign_pdf(_Same(made), bytes_reserved=2 * ROOM)
        return bytes(signed.getbuffer())

    return sign


def _load(house: Any) -> signers.SimpleSigner | None:
    password = house["password"].encode() or None
    if not house["certificate"]:
        return signers.SimpleSigner.load_pkcs12(house["key"], passphrase=password)
    chain = tuple(house["chain"])
    return signers.SimpleSigner.load(house["key"], house["certificate"], ca_chain_files=chain, key_passphrase=password)
