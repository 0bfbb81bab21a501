"""Rooms at providers of video meetings."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "lms.meetings"
    label = "meetings"
