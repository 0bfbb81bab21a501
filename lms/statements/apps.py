"""What happened here, told as xAPI statements: to learners, to staff, and to an agency's own record store."""

from django.apps import AppConfig


class StatementsConfig(AppConfig):
    name = "lms.statements"
    label = "statements"
