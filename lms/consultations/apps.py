"""Talking to a named worker: times to book, and a queue for now."""

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "lms.consultations"
    label = "consultations"

    def ready(self) -> None:
        """Listen for an agency's word that is taken back, and for accounts that go."""
        from lms.consultations import receivers  # noqa: F401, PLC0415 - registered by importing
