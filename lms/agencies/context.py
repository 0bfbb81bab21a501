"""What every page knows of the reader's roles: which menu to show. Lazy, so a page that does not ask pays nothing."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from lms.agencies.access import DESK_ROLES, WRITING_ROLES, rights_of


def staff(request: HttpRequest) -> dict[str, object]:
    """Add ``at_desk`` and ``may_write`` to every template."""
    user = getattr(request, "user", None)
    return {
        "at_desk": SimpleLazyObject(lambda: rights_of(user).holds(*DESK_ROLES)),
        "may_write": SimpleLazyObject(lambda: rights_of(user).holds(*WRITING_ROLES)),
    }
