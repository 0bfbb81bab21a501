"""The certificate's PDF against bare WeasyPrint on the same page, in one process: CPU milliseconds each."""

import json
import sys
import time
from collections.abc import Callable

import django

ROUNDS, EACH = 5, 10


def _cpu_ms(work: Callable[[], object]) -> float:
    begun = time.process_time()
    for _ in range(EACH):
        work()
    return (time.process_time() - begun) * 1000 / EACH


def main() -> None:
    """Print both figures as JSON: the smallest of several rounds, taken in turns."""
    django.setup()
    from django.template.loader import render_to_string
    from weasyprint import HTML

    from lms.certificates import pdf
    from lms.certificates.models import Award
    from lms.certificates.paper import paper

    award = Award.objects.unscoped(because="measured").get(earned_by="measured:1")
    award.qr = pdf.qr_drawing(award)
    faces, sheets = pdf._faces()
    page = render_to_string("certificates/pdf.html", {"paper": paper(award)})
    shelf = pdf.Shelf({**pdf._own_files(), **pdf._drawings(paper(award))})

    def bare() -> bytes:
        html = HTML(string=page, base_url=pdf.SHELF, url_fetcher=shelf)
        return bytes(html.write_pdf(font_config=faces, stylesheets=sheets, pdf_variant="pdf/ua-1"))

    pairs = [(_cpu_ms(lambda: pdf.render(award)), _cpu_ms(bare)) for _ in range(ROUNDS)]
    json.dump({"ours": min(p[0] for p in pairs), "bare": min(p[1] for p in pairs)}, sys.stdout)


if __name__ == "__main__":
    main()
