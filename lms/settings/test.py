"""The suite: the local settings, quicker passwords, mail in memory, tasks kept in the database."""

from datetime import timedelta

from lms.settings.local import *

DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
EMAIL_FILE_PATH = DATA / "test-mailbox"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
WHITENOISE_AUTOREFRESH = True
LMS_WORDS_LOOK_AGAIN = timedelta(0)
LMS_LOOKS_GATHERED_FOR = timedelta(0)
LMS_PROVIDERS_MAY_BE_LOCAL = True
