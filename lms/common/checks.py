"""System checks: what must be true of an installation before it serves anybody."""

import sqlite3
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from lms.common import crypto


@register(Tags.database)
def sqlite_transactions_are_immediate(**_: Any) -> list[CheckMessage]:
    """A deferred SQLite transaction fails at once when it starts to write while another writes."""
    database = settings.DATABASES["default"]
    if "sqlite3" not in database["ENGINE"]:
        return []
    options = database.get("OPTIONS", {})
    problems: list[CheckMessage] = []
    if options.get("transaction_mode") != "IMMEDIATE":
        problems.append(Error("SQLite needs OPTIONS transaction_mode IMMEDIATE.", id="lms.E001"))
    if "WAL" in options.get("init_command", "") and sqlite3.sqlite_version_info < (3, 51, 3):
        problems.append(Error("WAL needs SQLite 3.51.3 or newer; use DELETE.", id="lms.E002"))
    return problems


@register()
def private_keys_are_keys(**_: Any) -> list[CheckMessage]:
    """With a key that is none the site would start, and nobody could keep a word."""
    try:
        crypto.box()
    except ValueError:
        return [Error("One of LMS_PRIVATE_KEYS is no key; docs/operations.md says how one is made.", id="lms.E005")]
    return []


@register()
def return_address_has_room(**_: Any) -> list[CheckMessage]:
    """A word of 43 characters is put into the part before the @, which may have 64."""
    box, at, host = settings.LMS_BOUNCES_TO.rpartition("@")
    fits = 0 < len(box) <= 21 and host and "+" not in box
    if fits or not (box or at or host):
        return []
    return [Error("LMS_BOUNCES_TO needs an address with at most 21 characters before the @.", id="lms.E004")]


@register()
def retry_is_longer_than_timeout(**_: Any) -> list[CheckMessage]:
    """django-q2 counts ``retry`` from the moment a task enters the queue, so a short one runs tasks twice."""
    q = settings.Q_CLUSTER
    least = float(q["timeout"]) * (1 + float(q["queue_limit"]) / float(q["workers"])) + 30
    if q["retry"] > least:
        return []
    return [Error(f"Q_CLUSTER retry must exceed {least:.0f} seconds.", id="lms.E003")]
