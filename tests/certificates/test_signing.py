"""A signature under the file: made in the press with a configured key, and broken by one changed byte."""

import contextlib
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key, pkcs12
from cryptography.x509 import load_pem_x509_certificate
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.misc import PdfError, PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from bench.certificate import signing_house
from lms.certificates import signing
from lms.certificates.press import Press, RenderFailed
from lms.certificates.typesetting import order
from lms.settings.env import signing as from_environment
from tests.certificates.papers import drawn, opened, paper_award

AT = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return signing_house(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def signed(house):
    return signing.signer(house)(drawn(paper_award()), AT)


def looked_at(made, house):
    """What pyHanko's own validator says of the file, trusting our key."""
    trusting = ValidationContext(trust_roots=[load_cert_from_pemder(house["certificate"])], moment=datetime.now(UTC))
    (found,) = PdfFileReader(io.BytesIO(made)).embedded_signatures
    return validate_pdf_signature(found, trusting)


def test_the_signature_holds_and_covers_the_whole_file(signed, house):
    status = looked_at(signed, house)
    assert status.intact
    assert status.valid
    assert status.trusted
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.docmdp_ok


@pytest.mark.parametrize("where", [0.2, 0.5, 0.7])
def test_one_changed_byte_breaks_it(signed, house, where):
    place = int(len(drawn(paper_award())) * where)
    broken = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
    with contextlib.suppress(PdfReadError, PdfError):  # broken in its structure it is not read at all: as good
        assert not looked_at(broken, house).intact


def test_it_is_pades_and_the_page_stays_as_it_was(signed):
    plain = drawn(paper_award())
    assert signed.startswith(plain)
    assert b"/ETSI.CAdES.detached" in signed
    with opened(signed) as book:
        assert len(book.pages) == 1
        assert book.Root.Lang == "en-GB"
        assert book.open_metadata()["pdfuaid:part"] == "1"


def test_signed_again_it_is_the_same_file(signed, house):
    assert signing.signer(house)(drawn(paper_award()), AT) == signed


def test_the_press_signs_what_people_are_given_and_nothing_else(settings, house):
    settings.LMS_SIGNING = house
    press = Press()
    try:
        asked = order(paper_award())
        assert asked.signed_at
        made = press.draw(asked).pdf
        assert looked_at(made, house).valid
        assert b"/ByteRange" not in press.draw(order(paper_award(), for_print_shop=True)).pdf
    finally:
        press.close()


def test_without_a_key_nothing_is_signed(monkeypatch):
    assert order(paper_award()).signed_at is None
    monkeypatch.delenv("LMS_SIGNING_KEY", raising=False)
    assert from_environment() is None


def test_a_key_in_one_file_with_a_password_does_as_well(tmp_path, house):
    key, own = (Path(house[name]).read_bytes() for name in ("key", "certificate"))
    pair = load_pem_private_key(key, None), load_pem_x509_certificate(own)
    packed = pkcs12.serialize_key_and_certificates(b"x", *pair, None, BestAvailableEncryption(b"open sesame"))
    (tmp_path / "key.p12").write_bytes(packed)
    one = {"key": str(tmp_path / "key.p12"), "certificate": "", "chain": [], "password": "open sesame"}
    assert looked_at(signing.signer(one)(drawn(paper_award()), AT), house).valid
    with pytest.raises(signing.KeyUnusable):
        signing.signer({**one, "password": "close sesame"})


def test_a_key_that_cannot_be_read_makes_no_unsigned_certificate(settings, house):
    settings.LMS_SIGNING = {**house, "key": "/nowhere/key.pem"}
    press = Press()
    try:
        with pytest.raises(RenderFailed):
            press.draw(order(paper_award()))
    finally:
        press.close()
