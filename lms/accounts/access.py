"""Who asks."""

from django.http import HttpRequest

from lms.accounts.models import User


class SignedInRequest(HttpRequest):
    """A request of somebody who is signed in: what reaches a view behind ``login_required``."""

    user: User
