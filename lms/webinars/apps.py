"""Live sessions."""

from django.apps import AppConfig


class WebinarsConfig(AppConfig):
    name = "lms.webinars"
    label = "webinars"

    def ready(self) -> None:
        """Listen for deletions."""
        from lms.webinars import listening, receivers  # noqa: F401, PLC0415 - registered by importing
