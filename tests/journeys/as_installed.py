"""The local settings, with static files as a real installation hands them out: named by content and compressed."""

from lms.settings import base
from lms.settings.local import *  # noqa: F403 - a settings module is all the names of another one

STORAGES = base.STORAGES
WHITENOISE_USE_FINDERS = False
