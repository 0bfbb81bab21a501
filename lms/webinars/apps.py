from django.apps import AppConfig


class WebinarsConfig(AppConfig):
    name = "lms.webinars"
    label = "webinars"
