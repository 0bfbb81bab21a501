"""Two linked people who read a lesson side by side: it counts for each, when each has said so."""

from django.apps import AppConfig


class TogetherConfig(AppConfig):
    name = "lms.together"
    label = "together"
