"""A newcomer's machine: SQLite in ``var/``, mail in a folder, demo accounts, no second factor asked."""

import base64
import hashlib

from lms.settings import env
from lms.settings.base import *

DEBUG = env.text("LMS_DEBUG") == "1"
SECRET_KEY = "local-only: this key is public and production refuses to start with it"  # noqa: S105 - public on purpose
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
PORT = env.text("PORT", "8000")
LMS_CONTENT_ORIGIN = env.text("LMS_CONTENT_ORIGIN", f"http://content.localhost:{PORT}")
LMS_FRAMED_BY = [f"http://localhost:{PORT}", f"http://127.0.0.1:{PORT}"]
CONTENT_SECURITY_POLICY["DIRECTIVES"]["frame-src"] = ["'self'", LMS_CONTENT_ORIGIN]
LMS_BASE_URL = WAGTAILADMIN_BASE_URL = env.text("LMS_BASE_URL", f"http://127.0.0.1:{PORT}")
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA / "mailbox"
LMS_PRIVATE_KEYS = [base64.urlsafe_b64encode(hashlib.sha256(SECRET_KEY.encode()).digest()).decode()]
LMS_BADGE_KEYS = [base64.b64encode(hashlib.sha256(f"badges {SECRET_KEY}".encode()).digest()).decode()]
LMS_STAFF_SECOND_FACTOR = False
LMS_DEV_PAGES = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns when it is missing
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
