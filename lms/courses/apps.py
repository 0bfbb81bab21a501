from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "lms.courses"
    label = "courses"

    def ready(self) -> None:
        """Listen to what happens to pages."""
        from lms.courses import receivers  # noqa: F401, PLC0415 - registered by importing
