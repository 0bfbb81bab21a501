"""The address under which somebody stops one family of letters without signing in: signed, so nobody can make it up."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from lms.outbox.kinds import Kind

SALT = "lms.outbox.stop"


def stop_address(kind: Kind, person_id: int | None) -> str:
    """Return where ``person_id`` stops letters of this kind; nothing for a kind that must reach people."""
    if person_id is None or not kind.may_stop:
        return ""
    token = signing.dumps([person_id, kind.family or kind.name], salt=SALT)
    return f"{settings.LMS_BASE_URL}{reverse('outbox:stop', args=[token])}"


def read_token(token: str) -> tuple[int, str] | None:
    """Return whose letters of which family a token stops; None for one that we did not sign. It never runs out."""
    try:
        person_id, family = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return int(person_id), str(family)
