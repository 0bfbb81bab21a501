"""Numbers to ring, as Get help now and the cards show them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cms import keeping
from cms.models import Brand, ContactLine

DUTY, OUT_OF_HOURS = "agency-duty-line", "out-of-hours"


@dataclass(frozen=True)
class Line:
    """Somebody to ring, to text or to look up. href: what a tap does."""

    name: str
    purpose: str
    hours: str
    shown: str
    href: str


def _href(number: str, *, by_text: bool) -> str:
    return f"{'sms' if by_text else 'tel'}:{re.sub('[^0-9+]', '', number)}"


def _line(row: ContactLine, brand: Brand) -> Line:
    """The agency's own two lines have one place where their number is kept: its settings."""
    number = {DUTY: brand.duty_number, OUT_OF_HOURS: brand.out_of_hours_number}.get(row.slug, row.number)
    hours = brand.duty_hours if row.slug == DUTY else row.hours
    if not number:
        return Line(row.name, row.purpose, hours, row.link, f"https://{row.link}/")
    by_text = "text" in row.name.lower()
    shown = f"Text {number}" if by_text else number
    return Line(row.name, row.purpose, hours, shown, _href(number, by_text=by_text))


def said(rows: Iterable[ContactLine], brand: Brand) -> list[Line]:
    """Return the lines as they are shown."""
    return [_line(row, brand) for row in rows]


def _agency_rows() -> list[ContactLine]:
    """What is shown of the agency where nobody has written its lines down as contacts."""
    day = ContactLine(slug=DUTY, name="Your agency's duty line", purpose="A worry, a bad day, or a question.", order=2)
    night = ContactLine(
        slug=OUT_OF_HOURS,
        name="Children's services out of hours",
        hours="Evenings, nights, weekends and bank holidays",
        purpose="A child isn't safe and it can't wait until morning.",
        order=3,
    )
    return [day, night]


def everyone(brand: Brand) -> list[Line]:
    """Return everybody to ring, in order; the agency's own lines are always among them."""
    rows = keeping.remember("lines", lambda: list(ContactLine.objects.all()))
    written = {row.slug for row in rows}
    missing = [row for row in _agency_rows() if row.slug not in written]
    return said(sorted([*rows, *missing], key=lambda row: row.order), brand)
