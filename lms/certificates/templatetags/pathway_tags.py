"""Words of pathways."""

from django import template
from django.utils.formats import date_format

from lms.certificates.models import Observation
from lms.certificates.steps import POINTS, Seen

register = template.Library()

SAID = {Seen.MET: "Met", Seen.NEARLY: "Nearly", Seen.NOT_YET: "Not yet"}


@register.filter
def observed_on(seen: Observation) -> str:
    """Like "Observed on 12 March 2026"."""
    return f"Observed on {date_format(seen.observed_on, 'j F Y')}"


@register.filter
def ten_points(seen: Observation) -> list[tuple[str, str]]:
    """Each of the ten points with what was said of it."""
    return [(words, SAID[Seen(said)]) for words, said in zip(POINTS, seen.points, strict=True)]
