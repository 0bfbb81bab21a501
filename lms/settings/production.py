"""A real installation. Refuses to start without its secrets, with the local key, or in debug mode."""

from django.core.exceptions import ImproperlyConfigured

from lms.settings import env
from lms.settings.base import *

DEBUG = False
SECRET_KEY = env.required("SECRET_KEY")
if SECRET_KEY.startswith("local-only") or len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY must be at least 50 random characters and not the local one.")
LMS_PRIVATE_KEYS = env.listed("LMS_PRIVATE_KEYS")
if not LMS_PRIVATE_KEYS:
    env.required("LMS_PRIVATE_KEYS")
ALLOWED_HOSTS = env.listed("ALLOWED_HOSTS")
if not ALLOWED_HOSTS:
    env.required("ALLOWED_HOSTS")
LMS_BASE_URL = WAGTAILADMIN_BASE_URL = env.required("LMS_BASE_URL")
CSRF_TRUSTED_ORIGINS = [LMS_BASE_URL]

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("LMS_PROXIES", 1)

EMAIL_HOST = env.required("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = True

LOGGING = {
    **LOGGING,
    "formatters": {"line": {"()": "lms.common.logs.WithoutWords", **LOGGING["formatters"]["line"]}},
}
