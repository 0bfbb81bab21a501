"""Badges: handed to the holder who asks for one, and stopped with the certificate that they stand for."""

import secrets
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cms.context import current as current_brand
from lms.accounts.models import User
from lms.certificates import badges
from lms.certificates.models import Award, AwardKind, AwardState, Badge, StatusList
from lms.certificates.paper import LEADS
from lms.common.errors import DomainError

HOLDS_FOR = timedelta(days=7)  # how long a list may be relied on; it is made anew long before
STOPPED = {
    "revocation": (AwardState.WITHDRAWN, AwardState.REPLACED),
    "suspension": (AwardState.SUSPENDED,),
}
PICTURES = Path(__file__).parents[1] / "pictures"
MOST_DRAWS = 100


class NoBadge(DomainError):
    code = "certificates.no_badge"
    message = "There's no badge for this certificate just now."


def addresses() -> badges.Addresses:
    """Where the public papers of this installation's badges are."""
    site = settings.LMS_BASE_URL.rstrip("/")
    lists = {purpose: site + reverse("certificates:badge_status", args=[purpose]) for purpose in badges.PURPOSES}
    return badges.Addresses(site=site, status=lists)


def give_badge(*, award: Award, holder: User, now: datetime) -> Badge:
    """Make a badge for a certificate whose holder asks for it; asked again, return the one made.

    Raises NoBadge where none can be had, or Award.DoesNotExist for anybody else's.
    """
    if not settings.LMS_BADGE_KEYS:
        raise NoBadge(award_id=award.pk)
    with transaction.atomic():
        held: Award = Award.objects.owned_by(holder).select_for_update(of=("self",)).get(pk=award.pk)
        if held.state not in {AwardState.ACTIVE, AwardState.EXPIRED}:
            raise NoBadge(award_id=award.pk)
        if made := Badge.objects.filter(award=held).first():
            return made
        return Badge.objects.create(award=held, place=_draw_place(), made_at=now)


def _draw_place() -> int:
    """A place that no badge has had: neighbours in the list say nothing of one another."""
    for _ in range(MOST_DRAWS):
        place = secrets.randbelow(badges.PLACES)
        if not Badge.objects.filter(place=place).exists():
            return place
    raise NoBadge


def _said(badge: Badge) -> badges.Said:
    award = badge.award
    return badges.Said(
        credential=badge.uuid,
        subject=badge.subject,
        place=badge.place,
        kind=award.kind,
        title=award.public_title,
        statement=award.says["statement"],
        criteria=f"Given by {award.issuer} to somebody {LEADS[AwardKind(award.kind)]}.",
        earned_on=award.earned_on,
        valid_until=award.valid_until,
    )


def as_token(badge: Badge) -> str:
    """The badge as a signed credential, the same each time. Raises badges.NoKey."""
    return badges.credential(_said(badge), issuer_name=current_brand.get().name, addresses=addresses())


def as_picture(badge: Badge, *, form: str) -> bytes:
    """The badge as a picture with the credential inside. form: svg or png. Raises badges.NoKey."""
    picture = (PICTURES / f"{badge.award.kind}.{form}").read_bytes()
    name = current_brand.get().name
    return badges.baked(_said(badge), picture=picture, issuer_name=name, addresses=addresses())


def publish_status_lists() -> str:
    """Make the lists of stopped badges anew; return what happened, for the task log. Safe to run twice at once."""
    if not settings.LMS_BADGE_KEYS:
        return "no key"
    for purpose in STOPPED:
        _publish(purpose, timezone.now())
    return "published"


def _publish(purpose: str, now: datetime) -> None:
    with transaction.atomic():
        fresh = {"made_at": now, "valid_until": now + HOLDS_FOR}
        kept, _ = StatusList.objects.select_for_update().get_or_create(purpose=purpose, defaults=fresh)
        kept.made_at, kept.valid_until = now, now + HOLDS_FOR
        kept.token = _signed_list(purpose, now)
        kept.save()


def _signed_list(purpose: str, now: datetime) -> str:
    stopped = Badge.objects.filter(award__state__in=STOPPED[purpose]).order_by("place")
    places = list(stopped.values_list("place", flat=True))
    return badges.status_list(purpose, places, addresses=addresses(), now=now, until=now + HOLDS_FOR)


def status_token(purpose: str, *, now: datetime) -> str:
    """The list as it is served. Where no job has made one yet it is signed for this once, as a reader changes nothing.

    Raises badges.NoKey.
    """
    kept = StatusList.objects.filter(purpose=purpose, valid_until__gt=now).first()
    return kept.token if kept else _signed_list(purpose, now)
