"""The look that a certificate takes from its agency, and how a design is looked at before it is kept."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction

from cms.context import current as current_brand
from cms.rules import DAY, Accent, accent, shades, to_hex
from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.certificates import rules, tasks
from lms.certificates.models import AwardKind, CertificateDesign, DesignPreview
from lms.common.limits import allowed
from lms.common.tasks import enqueue

MOST_PREVIEWS = {"times": 300, "seconds": 3600}  # of one editor; each is a few hundredths of a second of a worker
SAMPLE_TITLES = {
    AwardKind.COMPLETION: "Therapeutic parenting: first steps",
    AwardKind.ATTENDANCE: "Staying in touch with birth family",
    AwardKind.LEADER: "Support group leader",
}


def look_for(agency: Agency | None, kind: str) -> dict[str, Any]:
    """What a certificate of ``kind`` says of its looks, to be frozen with it: a new design changes no old one."""
    design = CertificateDesign.objects.filter(agency=agency).first() if agency else None
    return frozen(design, kind) if design else {"colours": _colours(current_brand.get().colour)}


def frozen(design: CertificateDesign, kind: str) -> dict[str, Any]:
    """The part of a design that a certificate of ``kind`` carries."""
    colour = accent(design.accent) if design.accent else current_brand.get().colour
    logo = design.kept_logo and {**design.kept_logo, "words": f"Logo of {_issuer(design)}"}
    look = {"version": design.version, "lead": design.words_for(kind), "closing": design.closing_words, "logo": logo}
    signed = {"signatories": design.signatories} if design.signatories else {}
    return {"colours": _colours(colour), "look": look, **signed}


def _issuer(design: CertificateDesign) -> str:
    return design.agency.name if design.agency_id else "Your agency"


def _colours(colour: Accent) -> dict[str, str]:
    """An accent as paper knows it."""
    lightness, most_chroma = DAY.tint
    tint = to_hex(lightness, min(colour.chroma, most_chroma), colour.hue)
    both = shades(colour)
    return {"accent": both.deep, "mid": both.thread, "tint": tint}


# --- Looking at a design -------------------------------------------------------------------------------------------


def preview_of(*, design: CertificateDesign, kind: str, asked_by: User) -> DesignPreview | None:
    """The look at ``design`` that was asked for already, if it was."""
    digest = _sample(design, kind)["digest"]
    found: DesignPreview | None = DesignPreview.objects.owned_by(asked_by).filter(digest=digest).first()
    return found


def ask_previews(*, design: CertificateDesign, asked_by: User, now: datetime) -> bool:
    """Have each kind of certificate drawn with ``design``, kept or not, on a made-up person's paper.

    Asked again, nothing is drawn twice. Returns whether it was allowed: somebody may ask so often in an hour.
    """
    samples = [_sample(design, kind) for kind in AwardKind]
    mine = DesignPreview.objects.owned_by(asked_by)
    known = set(mine.filter(digest__in=[sample["digest"] for sample in samples]).values_list("digest", flat=True))
    new = [sample for sample in samples if sample["digest"] not in known]
    if new and not allowed(action="certificates.preview", who=str(asked_by.pk), **MOST_PREVIEWS):
        return False
    for sample in new:
        _ask_preview(sample, asked_by, now)
    return True


def _ask_preview(sample: dict[str, Any], asked_by: User, now: datetime) -> None:
    with transaction.atomic():
        row, is_new = DesignPreview.objects.owned_by(asked_by).get_or_create(
            asked_by=asked_by, digest=sample["digest"], defaults={**sample, "asked_at": now}
        )
        if is_new:
            enqueue(tasks.make_preview, preview_id=row.pk)


def _sample(design: CertificateDesign, kind: str) -> dict[str, Any]:
    """What stands on the sample: nothing of anybody's."""
    issuer = _issuer(design)
    says: dict[str, Any] = {
        "minutes": 135,
        "lessons": 9,
        "version": 1,
        "learned": ["Staying steady when a child can't", "Repairing after a hard moment"],
        "signatories": [{"name": "A trainer", "role": "Trainer"}],
        "statement": rules.STATEMENTS[kind].format(hours=rules.hours(135), issuer=issuer),
        "title": SAMPLE_TITLES[AwardKind(kind)],
        **frozen(design, kind),
    }
    known = {"kind": str(kind), "issuer": issuer, "says": says}
    digest = hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()
    return {**known, "digest": digest}
