"""A real installation: it starts only with its secrets, and Django's own checks find nothing to say."""

import json
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def house(tmp_path):
    """The environment of a real installation."""
    return {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "lms.settings.production",
        "LMS_DATA": str(tmp_path),
        "SECRET_KEY": secrets.token_urlsafe(60),
        "LMS_PRIVATE_KEYS": Fernet.generate_key().decode(),
        "ALLOWED_HOSTS": "learn.example.org",
        "LMS_BASE_URL": "https://learn.example.org",
        "EMAIL_HOST": "mail.example.org",
    }


def manage(house, *command):
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=house,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_checks_of_deployment_find_nothing(house):
    done = manage(house, "check", "--deploy", "--fail-level", "INFO", "--database", "default")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("name", ["SECRET_KEY", "LMS_PRIVATE_KEYS", "ALLOWED_HOSTS", "LMS_BASE_URL", "EMAIL_HOST"])
def test_it_does_not_start_without_and_says_what_to_set(house, name):
    del house[name]
    done = manage(house, "check")
    assert done.returncode != 0
    assert f"Set {name}" in done.stderr


@pytest.mark.parametrize(
    ("name", "typed"), [("LMS_PROXIES", "one"), ("EMAIL_PORT", "tls"), ("LMS_PRIVATE_KEYS", "no-key")]
)
def test_what_cannot_be_read_is_named_in_words(house, name, typed):
    done = manage({**house, name: typed}, "check")
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert name in done.stderr


@pytest.mark.parametrize("key", ["local-only: this key is public", "short", "x" * 49])
def test_it_does_not_start_with_the_local_key_or_a_short_one(house, key):
    done = manage(house, "check")
    assert done.returncode == 0
    done = manage({**house, "SECRET_KEY": key}, "check")
    assert "SECRET_KEY" in done.stderr
    assert done.returncode != 0


ON = {
    "DEBUG": False,
    "LMS_DEV_PAGES": False,
    "LMS_STAFF_SECOND_FACTOR": True,
    "SESSION_COOKIE_NAME": "__Host-session",
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SESSION_COOKIE_DOMAIN": None,
    "SESSION_COOKIE_PATH": "/",
    "SECURE_HSTS_SECONDS": 31536000,
    "EMAIL_USE_TLS": True,
    "ACCOUNT_DEFAULT_HTTP_PROTOCOL": "https",
    "SIGNED_COOKIE_LEGACY_SALT_FALLBACK": False,
}
SAYS = (
    f"import json; from django.conf import settings; print(json.dumps({{n: getattr(settings, n) for n in {list(ON)}}}))"
)


def test_what_matters_is_on(house):
    assert json.loads(manage(house, "shell", "--no-imports", "-c", SAYS).stdout) == ON


REQUESTS = """
from django.test import Client
def ask(path, **headers):
    answer = Client(SERVER_NAME="learn.example.org", raise_request_exception=False).get(path, headers=headers)
    safe = answer.headers.get("Strict-Transport-Security", "-")
    print(path, answer.status_code, answer.headers.get("Location", "-"), safe)
ask("/accounts/login/")
ask("/healthz")
ask("/healthz", **{"x-forwarded-proto": "https"})
"""


def test_plain_http_is_led_to_https_but_the_health_check_is_not(house):
    said = manage(house, "shell", "--no-imports", "-c", REQUESTS).stdout
    plain, health, safe = (line.split(maxsplit=3) for line in said.splitlines())
    assert plain[1:3] == ["301", "https://learn.example.org/accounts/login/"]
    assert health[1] == "200"
    assert safe[1:] == ["200", "-", "max-age=31536000; includeSubDomains; preload"]


def test_the_page_for_who_runs_it_explains_every_knob_and_no_other():
    def knobs(text):
        return {*re.findall(r"LMS_[A-Z]+(?:_[A-Z]+)*", text)}

    read = knobs("".join(file.read_text() for file in (ROOT / "lms" / "settings").glob("*.py")))
    assert knobs((ROOT / "docs" / "operations.md").read_text()) == read
