"""Courses that travel: out as one file, and in from another installation."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "lms.sharing"
    label = "sharing"
