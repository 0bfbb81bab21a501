"""The site as production serves it, with the floors beside it and a count of queries on every answer."""

from lms.settings.local import *

DEBUG = False
ROOT_URLCONF = "bench.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "bench.floor"]
MIDDLEWARE = ["bench.floor.middleware.QueryCount", *MIDDLEWARE]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
LMS_DEV_PAGES = False
