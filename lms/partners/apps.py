"""Two people who belong together: each has said so, and each can end it alone."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "lms.partners"
    label = "partners"
