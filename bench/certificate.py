"""The certificate's PDF: against bare WeasyPrint on the same page, signed, thirty after a session, a thousand in a row.

CPU milliseconds in this process for the first two, in turns; seconds by the clock and memory of a real press for the
others.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

ROUNDS, EACH = 5, 10
AFTER_A_SESSION, IN_A_ROW, WARM = 30, 1000, 100


def cpu_ms(work: Callable[[], object], *, each: int = EACH) -> float:
    """CPU milliseconds of this process for one piece of work, of ``each``."""
    begun = time.process_time()
    for _ in range(each):
        work()
    return (time.process_time() - begun) * 1000 / each


def _against_bare(award: Any, order: Callable[[Any], Any]) -> dict[str, float]:
    """Ours from the award to the bytes, and the engine alone from the same page: the smallest of several rounds."""
    from weasyprint import HTML

    from lms.certificates import pdf

    asked = order(award)
    faces, sheets = pdf.faces_and_sheets()
    shelf = pdf.Shelf(pdf.own_files() | asked.files | {"qr": pdf._qr_picture(asked.address)})

    def bare() -> bytes:
        html = HTML(string=asked.page, base_url=pdf.SHELF, url_fetcher=shelf)
        return bytes(html.write_pdf(font_config=faces, stylesheets=sheets, pdf_variant="pdf/ua-1"))

    pairs = [(cpu_ms(lambda: pdf.draw(order(award))), cpu_ms(bare)) for _ in range(ROUNDS)]
    return {"ours": min(p[0] for p in pairs), "bare": min(p[1] for p in pairs)}


def signing_house(folder: Path) -> dict[str, Any]:
    """A key of an hour's life with a certificate that it gave itself, in files."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Wrenbrook Adoption")])
    now = datetime.now(UTC)
    own = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1))
    plain = serialization.NoEncryption()
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(pem, form, plain))
    (folder / "certificate.pem").write_bytes(own.sign(key, hashes.SHA256()).public_bytes(pem))
    files = {"key": str(folder / "key.pem"), "certificate": str(folder / "certificate.pem")}
    return {**files, "chain": [], "password": ""}


def _signed(award: Any, order: Callable[[Any], Any]) -> float:
    from lms.certificates import pdf, signing

    with tempfile.TemporaryDirectory() as folder:
        sign = signing.signer(signing_house(Path(folder)))

    def draw_and_sign() -> bytes:
        return sign(pdf.draw(order(award)).pdf, award.issued_at)

    draw_and_sign()
    return min(cpu_ms(draw_and_sign) for _ in range(ROUNDS))


def _memory(pid: int) -> int:
    """Megabytes that the process holds."""
    return int(Path(f"/proc/{pid}/status").read_text().partition("VmRSS:")[2].split()[0]) // 1024


def _in_the_press(award: Any, order: Callable[[Any], Any]) -> dict[str, float]:
    from lms.certificates.press import Press

    press, begun, warm = Press(), time.monotonic(), 0
    try:
        for number in range(IN_A_ROW):
            press.draw(order(award))
            if number + 1 == AFTER_A_SESSION:
                thirty = time.monotonic() - begun
            if number + 1 == WARM:
                warm = _memory(press.pid or 0)
        held = _memory(press.pid or 0)
    finally:
        press.close()
    return {"thirty_s": round(thirty, 2), "warm_mb": warm, "after_a_thousand_mb": held}


def main() -> None:
    """Print the figures as JSON."""
    django.setup()
    from lms.certificates.models import Award
    from lms.certificates.typesetting import order

    award = Award.objects.unscoped(because="measured").get(earned_by="measured:1")
    figures = _against_bare(award, order) | {"signed": _signed(award, order)} | _in_the_press(award, order)
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main()
