from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "lms.certificates"
    label = "certificates"

    def ready(self) -> None:
        """Listen to the rooms below."""
        from lms.certificates import receivers  # noqa: F401, PLC0415 - registered by importing
