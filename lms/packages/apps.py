"""Packages made elsewhere (SCORM 1.2 and 2004), run apart from the rest."""

from django.apps import AppConfig


class PackagesConfig(AppConfig):
    name = "lms.packages"
    label = "packages"
