"""How often somebody may try: counted in the database, in single statements, so that every process shares one count."""

import hashlib
from datetime import timedelta
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from lms.common.models import Tally

IPV6 = 6


def client_address(request: HttpRequest) -> str:
    """Return the address the request came from; one network of IPv6, which one subscriber has whole, counts as one.

    Behind proxies of ours it is the address the outermost of them saw. What stands before that in the header was
    written by the visitor and is not believed.
    """
    ours = int(getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0))
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    seen = hops[-ours] if 0 < ours <= len(hops) else str(request.META.get("REMOTE_ADDR", ""))
    try:
        address = ip_address(seen)
    except ValueError:
        return seen
    return str(ip_network(f"{address}/64", strict=False)) if address.version == IPV6 else str(address)


def allowed(*, action: str, who: str, times: int, seconds: int) -> bool:
    """Count one try of ``action`` by ``who``; say whether it is within ``times`` in ``seconds``.

    ``who`` may be an address or a name: only its hash is kept, and that only until the window closes. Call it
    outside a transaction: a count that is rolled back did not happen.
    """
    now = timezone.now()
    return Tally.objects.take(_key(action, who), most=times, now=now, until=now + timedelta(seconds=seconds))


def spent(*, action: str, who: str, times: int) -> bool:
    """Whether ``who`` has no try of ``action`` left in the current window; counts nothing."""
    return Tally.is_spent(_key(action, who), most=times, now=timezone.now())


def _key(action: str, who: str) -> str:
    return hashlib.sha256(f"{action}\n{who}".encode()).hexdigest()
