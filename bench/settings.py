"""The site as production serves it, with the floors beside it and a count of queries on every answer."""

from lms.settings.local import *

DEBUG = False
ROOT_URLCONF = "bench.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "bench.floor"]
MIDDLEWARE = ["bench.floor.middleware.QueryCount", *MIDDLEWARE]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
LMS_DEV_PAGES = False
# What is refused is counted by the bench itself.
LOGGING = {"version": 1, "disable_existing_loggers": True, "root": {"handlers": [], "level": "CRITICAL"}}
