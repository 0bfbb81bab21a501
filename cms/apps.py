"""The words of the site."""

from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "cms"
    label = "cms"

    def ready(self) -> None:
        """Listen to what changes, and furnish the editor."""
        from cms import editor_hooks, receivers  # noqa: F401, PLC0415 - registered by importing
