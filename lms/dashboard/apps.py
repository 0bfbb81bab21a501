"""What people come home to."""

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "lms.dashboard"
    label = "dashboard"

    def ready(self) -> None:
        """Answer what other rooms ask."""
        from lms.dashboard import receivers  # noqa: F401, PLC0415 - registered by importing
