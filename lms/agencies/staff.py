"""Staff prove themselves twice: every door to other people's data asks if THIS session passed the second factor."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from lms.accounts.models import User
from lms.accounts.sessions import begin_staff_time
from lms.agencies.access import rights_of

EDITOR = "/cms/"
SET_UP = "Your work here needs a second step when you sign in. Add a passkey or a code app, then go on."


class StaffDoors:
    """At each door of staff: begin the short session of staff, and ask for a second factor shown in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on: which door it is, is known only once the address is resolved."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_: object) -> HttpResponseBase | None:
        """Look only at the doors: the editor, and every view that ``staff_required`` guards."""
        is_door = request.path.startswith(EDITOR) or hasattr(view, "staff_roles")
        user = request.user
        if not is_door or not isinstance(user, User) or not is_staff(user):
            return None
        begin_staff_time(request.session)
        if not settings.LMS_STAFF_SECOND_FACTOR or _shown(request, user):
            return None
        return _to_second_step(request, user)


def is_staff(user: User) -> bool:
    """Whether ``user`` holds any role, or the platform's keys."""
    return user.is_superuser or rights_of(user).is_staff


def _shown(request: HttpRequest, user: User) -> bool:
    return any(entry.get("method") == "mfa" for entry in get_authentication_records(request, user))


def _to_second_step(request: HttpRequest, user: User) -> HttpResponseBase:
    """Lead to where the second step can be shown, or set up, and from there back to what was asked for."""
    if is_mfa_enabled(user, [Authenticator.Type.TOTP]):
        step = "mfa_reauthenticate"
    elif is_mfa_enabled(user):
        step = "mfa_reauthenticate_webauthn"
    else:
        messages.info(request, SET_UP)
        step = "mfa_index"
    wanted = request.get_full_path() if request.method == "GET" else settings.LOGIN_REDIRECT_URL
    return HttpResponseRedirect(f"{reverse(step)}?{urlencode({'next': wanted})}")
