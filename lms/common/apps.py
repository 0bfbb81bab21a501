"""The ground floor: what every room may use and that knows no room."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "lms.common"
    label = "common"

    def ready(self) -> None:
        """Register the checks and what happens after a migration."""
        from lms.common import checks, receivers  # noqa: F401, PLC0415 - registered by importing
