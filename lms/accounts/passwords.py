"""A password that somebody who knows where it is used would try first is no password."""

from typing import Any

from django.core.exceptions import ValidationError

from lms.accounts import rules

HELP = "Don't build it from words about this place, like adoption, family or password."


class NotOurWords:
    """Refuse a password of which little is left without the words of this house and the digits."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a password made of our words."""
        if rules.is_made_of_our_words(password):
            raise ValidationError(HELP, code="password_of_our_words")

    def get_help_text(self) -> str:
        """Say so before it is typed."""
        return HELP
