"""How allauth writes to people here: through the outbox, neutrally, and without telling who has an account."""


from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from lms.common.http import safe_next


class AccountAdapter(DefaultAccountAdapter):
    """allauth's own flow with our redirects."""

    def is_safe_url(self, url: str | None) -> bool:
        """Only own paths: ``//host`` and ``https:host`` lead away."""
        return bool(url) and str(url).startswith("/") and not str(url).startswith(("//", "/\\")) and super().is_safe_url(url)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where the person was going, or their own page."""
        return safe_next(request, default="/my/")
