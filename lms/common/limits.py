"""How often somebody may try: counted in the database, in single statements, so that every process shares one count."""

import hashlib
from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

from lms.common.models import Tally


def client_address(request: HttpRequest) -> str:
    """Return the address the request came from, as the web server or the trusted proxy gave it."""
    return str(request.META.get("REMOTE_ADDR", ""))


def allowed(*, action: str, who: str, times: int, seconds: int) -> bool:
    """Count one try of ``action`` by ``who``; say whether it is within ``times`` in ``seconds``.

    ``who`` may be an address or a name: only its hash is kept, and that only until the window closes. Call it
    outside a transaction: a count that is rolled back did not happen.
    """
    key = hashlib.sha256(f"{action}\n{who}".encode()).hexdigest()
    now = timezone.now()
    return Tally.objects.take(key, most=times, now=now, until=now + timedelta(seconds=seconds))
