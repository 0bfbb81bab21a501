"""A new key for private writing: every encrypted text is locked again with the newest one, a few rows at a time.

What the newest key opens already is left as it is, so a run that was stopped goes on where it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Cast

from lms.common import crypto

RAW = models.TextField()
AT_ONCE = 200


@dataclass
class Tally:
    """What became of the encrypted texts: locked again, left alone, or opened by no key that we have."""

    locked_again: int = 0
    unreadable: int = 0


def encrypted_fields() -> Iterator[tuple[type[models.Model], str]]:
    """Every field whose text is kept encrypted, of every model."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, crypto.EncryptedTextField):
                yield model, field.name


def lock_again() -> Tally:
    """Lock everything with the newest key; safe to stop, and to run while people write."""
    tally = Tally()
    for model, name in encrypted_fields():
        _field(model, name, tally)
    return tally


def _field(model: type[models.Model], name: str, tally: Tally) -> None:
    last = 0
    while rows := _batch(model, name, after=last):
        for pk, token in rows:
            _row(model, name, pk, token, tally)
        last = rows[-1][0]


def _batch(model: type[models.Model], name: str, *, after: int) -> list[tuple[int, str]]:
    rows = _raw(model, name).filter(pk__gt=after).exclude(raw=None).exclude(raw="")
    return list(rows.order_by("pk").values_list("pk", "raw")[:AT_ONCE])


def _raw(model: type[models.Model], name: str) -> models.QuerySet[Any]:
    """The rows with the text as the database holds it, locked."""
    return model._base_manager.annotate(raw=Cast(F(name), RAW))


def _row(model: type[models.Model], name: str, pk: int, token: str, tally: Tally) -> None:
    if crypto.is_newest(token):
        return
    fresh = crypto.locked_again(token)
    if fresh is None:
        tally.unreadable += 1
    else:
        # Only if it still is what was read: what somebody writes meanwhile is locked with the newest key anyway.
        kept = _raw(model, name).filter(pk=pk, raw=token)
        tally.locked_again += kept.update(**{name: Value(fresh, output_field=RAW)})
