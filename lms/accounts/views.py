"""A person's own account."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lms.common.http import safe_next


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Wagtail's own sign-in stays closed: there is one way in, and it leads back to where the person was going."""
    return redirect(f"{reverse('account_login')}?{urlencode({'next': safe_next(request, default='/cms/')})}")
