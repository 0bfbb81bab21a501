"""Staff prove themselves twice: every door to other people's data asks whether THIS session passed the second factor."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from lms.agencies.access import rights_of

DOORS = ("/desk/", "/cms/")


class SecondFactorForStaff:
    """Send staff who have not shown a second factor in this session to show one, or to set one up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> HttpResponseBase | None:
        """Look only at the doors of staff, and only where the installation asks for it."""
        if not settings.LMS_STAFF_SECOND_FACTOR or not request.path.startswith(DOORS):
            return None
        user = request.user
        if not user.is_authenticated or not (user.is_superuser or rights_of(user).is_staff):
            return None
        if self._shown(request):
            return None
        step = "mfa_reauthenticate" if is_mfa_enabled(user) else "mfa_index"
        return HttpResponseRedirect(f"{reverse(step)}?next={request.path}")

    @staticmethod
    def _shown(request: HttpRequest) -> bool:
        methods = request.session.get("account_authentication_methods", [])
        return any(entry.get("method") == "mfa" for entry in methods)
