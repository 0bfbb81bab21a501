"""What people take with them: the workbook, the learning record, and an entry shown to one person."""

from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "lms.portfolio"
    label = "portfolio"

    def ready(self) -> None:
        """Listen for an agency's word that is taken back."""
        from lms.portfolio import receivers  # noqa: F401, PLC0415 - registered by importing
