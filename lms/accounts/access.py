"""Who asks."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from lms.accounts.models import User

Visitor = User | AnonymousUser  # whoever opens a page


class SignedInRequest(HttpRequest):
    """A request of somebody who is signed in: what reaches a view behind ``login_required``."""

    user: User
