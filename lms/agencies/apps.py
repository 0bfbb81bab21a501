from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "lms.agencies"
    label = "agencies"

    def ready(self) -> None:
        """Listen for sign-ins."""
        from lms.agencies import receivers  # noqa: F401, PLC0415 - registered by importing
