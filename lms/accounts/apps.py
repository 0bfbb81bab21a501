from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "lms.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Listen for sign-ins."""
        from lms.accounts import receivers  # noqa: F401, PLC0415 - registered by importing
