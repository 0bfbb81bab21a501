"""What every page shows of the agency."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cms.models import Brand


def brand(request: HttpRequest) -> dict[str, object]:
    """Add ``brand`` to every template."""
    return {"brand": SimpleLazyObject(lambda: Brand.for_request(request))}
