"""Whoever signs in as staff has the short session of staff from the first page on."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from lms.accounts.models import User
from lms.accounts.sessions import begin_staff_time
from lms.agencies.staff import is_staff


@receiver(user_logged_in, dispatch_uid="lms.agencies.staff_time")
def shorten_session(request: HttpRequest, user: User, **_: Any) -> None:
    """Begin the time of staff at sign-in."""
    if is_staff(user):
        begin_staff_time(request.session)
