"""What every installation shares. Numbers carry their unit in the type or the name."""

from datetime import timedelta
from typing import Any

from csp.constants import NONCE, NONE, SELF

from lms.settings import databases, env

DATA = env.data_folder()

INSTALLED_APPS = [
    "lms.common",
    "lms.audit",
    "lms.outbox",
    "cms",
    "lms.accounts",
    "lms.agencies",
    "lms.partners",
    "lms.meetings",
    "lms.courses",
    "lms.webinars",
    "lms.certificates",
    "lms.packages",
    "lms.together",
    "lms.sharing",
    "lms.statements",
    "lms.consultations",
    "lms.portfolio",
    "lms.dashboard",
    "lms.demo",
    "wagtail.contrib.settings",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks",
    "django_q",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "lms.packages.hosting.ContentHost",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lms.common.http.CalmFailures",
    "csp.middleware.CSPMiddleware",
    "cms.middleware.EditorScripts",
    "cms.middleware.UnfitDrafts",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lms.common.http.PrivateAnswers",
    "lms.common.http.ReadableInput",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "lms.common.http.NoDeadEnds",
    "lms.agencies.staff.StaffDoors",
]

ROOT_URLCONF = "lms.urls"
WSGI_APPLICATION = "lms.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [env.ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["lms.common.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "cms.context.brand",
                "lms.agencies.context.staff",
            ],
        },
    }
]

# --- Database, cache, files -----------------------------------------------------------------------
DATABASES = {"default": databases.from_url(env.text("DATABASE_URL"), default_path=DATA / "hearth.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# One cache that all processes share: rate limits kept per process would let through a multiple of the limit.
# Room for many entries: the table throws out a third when it is full, and a stranger must not be able to fill it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [env.ROOT / "lms" / "static"]
STATICFILES_FINDERS = [
    "lms.common.styles.FlatSheets",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Certificates and other private files: never under MEDIA_URL, only through a view that checks.
    "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "private"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # bytes; the longest page in the editor is about 200 kB
FILE_UPLOAD_PERMISSIONS = 0o640

# --- People and signing in ------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]  # the only one: one way in
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "display_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "lms.accounts.passwords.NotOurWords"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/my/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "lms.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "lms.accounts.forms.SignupDetails"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
# A code works as long as the letter says (lms.accounts.mail), and can be sent again to who did not get it.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # seconds
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60  # seconds
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 3
# What is not named keeps allauth's limits. By the day: nobody's post is filled with codes that somebody else asks for.
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,3/m/key,30/d/key", "reset_password": "20/m/ip,5/m/key,30/d/key"}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds: who types slowly, or whose phone is a little off, is let in too
MFA_ADAPTER = "lms.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "add_webauthn": "lms.accounts.passkeys.AddForm",
    "authenticate_webauthn": "lms.accounts.passkeys.AuthenticateForm",
    "login_webauthn": "lms.accounts.passkeys.LoginForm",
    "reauthenticate_webauthn": "lms.accounts.passkeys.ReauthenticateForm",
}
SESSION_ENGINE = "lms.accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60  # seconds
SESSION_COOKIE_SAMESITE = "Lax"
SIGNED_COOKIE_LEGACY_SALT_FALLBACK = False
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "lms.common.failures.stale_form"
LMS_STAFF_IDLE = timedelta(minutes=30)  # a session of staff ends by itself after this long without a request,
LMS_STAFF_LONGEST = timedelta(hours=12)  # and after this long in any case
LMS_STAFF_SECOND_FACTOR = True

# --- Headers --------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Packages made elsewhere run under a host of their own, without sessions. Empty: they cannot run at all.
CONTENT_ORIGIN = LMS_CONTENT_ORIGIN = env.text("LMS_CONTENT_ORIGIN")
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF, *([CONTENT_ORIGIN] if CONTENT_ORIGIN else [])],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
_SENSES = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone")
PERMISSIONS_POLICY: dict[str, list[str]] = {name: [] for name in (*_SENSES, "payment", "usb")}

# --- Time and language ----------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
LOCALE_PATHS = [env.ROOT / "locale"]  # the framework's own refusals, in our words

# --- Wagtail: words only --------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Hearth"
WAGTAILADMIN_BASE_URL = env.text("LMS_BASE_URL", "http://127.0.0.1:8000")
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_REQUIRED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_USER_TIME_ZONES = ["Europe/London"]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES = [("en-gb", "English")]
WAGTAIL_FRONTEND_CACHE: dict[str, dict[str, str]] = {}
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "odt", "txt", "mp4", "mp3", "vtt"]
WAGTAILADMIN_COMMENTS_ENABLED = False  # they would send e-mail from within the request
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.forms.PictureForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cms.forms.DocumentForm"
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []

# --- Work in the background -----------------------------------------------------------------------
# retry > timeout * (1 + queue_limit / workers) + 30: its clock starts when a task is pulled into the queue.
Q_CLUSTER: dict[str, Any] = {
    "name": "hearth",
    "orm": "default",
    "workers": 2,
    "queue_limit": 2,
    "bulk": 1,
    "timeout": 120,
    "retry": 420,
    "max_attempts": 5,
    "ack_failures": False,
    "catch_up": False,
    "recycle": 200,
    "max_rss": 400_000,  # kB
    "guard_cycle": 0.5,
    "save_limit": 1000,
    "poll": 0.5,
    "log_level": "WARNING",
}
TASKS = {"default": {"BACKEND": "lms.common.tasks.DjangoQ2Backend", "QUEUES": []}}

# --- Mail -----------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.text("LMS_MAIL_FROM", "Hearth <hello@hearth.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
LMS_BOUNCES_TO = env.text("LMS_BOUNCES_TO")  # where letters come back to, read by read_bounce; empty: to the sender
EMAIL_TIMEOUT = 20  # seconds; a hanging server must not hold a worker

# --- Our own knobs --------------------------------------------------------------------------------
LMS_BASE_URL = WAGTAILADMIN_BASE_URL  # what links in mails, calendars and QR codes begin with
LMS_BOOKING_CLOSES_BEFORE = timedelta(0)  # how long before the start booking closes, unless a session says otherwise
LMS_JOIN_OPENS_BEFORE = timedelta(minutes=15)
LMS_JOIN_CLOSES_AFTER = timedelta(minutes=30)
# Where rooms may be: these hosts and names under them. An agency with a server of its own adds it here.
_ROOMS = "zoom.us,teams.microsoft.com,teams.live.com,meet.google.com,meet.jit.si,webex.com,whereby.com"
LMS_ROOM_HOSTS = env.listed("LMS_ROOM_HOSTS", _ROOMS)
# Where recordings may be: the same, and services that only play them.
LMS_RECORDING_HOSTS = [*LMS_ROOM_HOSTS, *env.listed("LMS_RECORDING_HOSTS", "vimeo.com,sharepoint.com")]
LMS_RECORD_STORE_HOSTS = env.listed("LMS_RECORD_STORE_HOSTS")  # where statements may be sent; none: nowhere
LMS_PROVIDERS_MAY_BE_LOCAL = False  # only the suite talks to servers of its own, without https
LMS_HEARTBEAT_STALE = timedelta(minutes=5)  # staff are told when the worker has been silent this long
LMS_WORDS_LOOK_AGAIN = timedelta(seconds=2)  # how long another process may show strangers the page before a change
LMS_DEV_PAGES = False  # /dev/mailbox/ and /dev/gallery/
LMS_BADGE_KEYS = env.listed("LMS_BADGE_KEYS")  # Ed25519 seeds in base 64, newest first; none: no badges
LMS_LOOKS_GATHERED_FOR = timedelta(seconds=2)  # looks at certificates are counted in memory so long, then written
LMS_UNKNOWN_CODES_AN_HOUR = 200  # typed at the public check by everybody together; more raise an alarm
LMS_SIGNING = env.signing()  # the key that certificates are signed with; None: they are not signed
LMS_FRAMED_BY: list[str] = []  # further origins of this site that may hold a package in a frame
LMS_PACKAGE_BYTES = 200_000_000  # of one upload
LMS_PACKAGES_BYTES_EACH_AGENCY = 2_000_000_000  # unpacked
LMS_COURSE_BYTES = 200_000_000  # of one course that is brought in
LMS_CLAMD_SOCKET = env.text("LMS_CLAMD_SOCKET")  # of the virus scanner on this machine; empty: nothing is scanned
LMS_PRIVATE_KEYS: list[str] = []  # Fernet keys for private writing, newest first; never in the database

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
