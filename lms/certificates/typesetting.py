"""From an award to what the press is asked to draw. Words only become HTML here, and each is escaped."""

from datetime import UTC

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from lms.certificates import logos, rules
from lms.certificates.models import Award, AwardKind, DesignPreview
from lms.certificates.paper import Paper, paper
from lms.certificates.wire import Files, Order

SVG = "image/svg+xml"
SAMPLE_NAME = "Sam Example"


def order(award: Award, *, for_print_shop: bool = False) -> Order:
    """What to draw for ``award``: the same each time it is asked. Only the file people are given is signed."""
    signed_at = award.issued_at.astimezone(UTC) if settings.LMS_SIGNING and not for_print_shop else None
    on_it = paper(award)
    return Order(
        page=render_to_string("certificates/pdf.html", {"paper": on_it}),
        address=on_it.url,
        files=_files(on_it),
        for_print_shop=for_print_shop,
        signed_at=signed_at,
    )


def sample(preview: DesignPreview) -> Award:
    """An award of nobody's, in no database, that carries what a preview is to show. Its code is no certificate's."""
    today = timezone.localdate(preview.asked_at)
    return Award(
        code="0" * rules.CODE_LENGTH,
        kind=preview.kind,
        issuer=preview.issuer,
        name=SAMPLE_NAME,
        title=preview.says["title"],
        neutral_title=preview.says["title"],
        is_neutral=False,
        says=preview.says,
        earned_on=today,
        issued_at=preview.asked_at,
        valid_until=rules.months_after(today, 24) if preview.kind == AwardKind.LEADER else None,
    )


def _files(on_it: Paper) -> Files:
    """The decoration in the agency's colours, as backgrounds, so that a screen reader passes it over; and the logo."""
    drawings = {"side": f"side-{on_it.kind}", "strand": "strand", "mark": "mark"}
    files = {
        name: (SVG, render_to_string(f"certificates/drawings/{drawing}.svg", {"colours": on_it.colours}).encode())
        for name, drawing in drawings.items()
    }
    return files | ({"logo": (logos.KIND, logos.read(on_it.logo.sha256))} if on_it.logo else {})
