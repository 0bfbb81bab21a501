"""How often somebody may try: counted in the cache that all processes share."""

from django.core.cache import cache
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the address the request came from, as the web server or the trusted proxy gave it."""
    return str(request.META.get("REMOTE_ADDR", ""))


def allowed(*, action: str, who: str, times: int, seconds: int) -> bool:
    """Count one try of ``action`` by ``who``; say whether it is within ``times`` in ``seconds``."""
    key = f"limit:{action}:{who}"
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key) <= times
    except ValueError:  # it ran out between the two steps: this is the first try of a new window
        cache.set(key, 1, timeout=seconds)
        return True
