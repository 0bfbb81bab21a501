"""Which kinds of letters there are. Each room lists its own in its ``writers.py`` as ``KINDS``.

A kind that is in no list can neither be switched off nor be written late: its words are ready when it is posted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string

from lms.common.rooms import modules

LONGEST_SUBJECT = 150


@dataclass(frozen=True)
class Words:
    """What one letter says, ready for the wire."""

    subject: str
    text: str
    html: str
    calendar: str = ""
    calendar_method: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of letter.

    choice: what it is, in plain words, for who may switch it off; empty for one that must reach people.
    family: what one press of "stop these" switches off together. is_on: whether it comes unless somebody says no.
    repeats: whether it is sent again when nobody knows if the server took it.
    write: makes the words from the row when it is sent, or None when it is no longer true. Such a letter waits
    without words.
    """

    name: str
    choice: str = ""
    family: str = ""
    is_on: bool = True
    repeats: bool = True
    write: Callable[[Any], Words | None] | None = None

    @property
    def may_stop(self) -> bool:
        """Whether people may do without it."""
        return bool(self.choice)


@lru_cache(maxsize=1)
def all_kinds() -> dict[str, Kind]:
    """Return the kinds of every installed room by name."""
    return {kind.name: kind for module in modules("writers") for kind in module.KINDS}


def kind_of(name: str) -> Kind:
    """Return the kind ``name``; one that no room lists has no choices and may be repeated."""
    return all_kinds().get(name) or Kind(name)


def kinds_to_choose() -> list[Kind]:
    """Return the kinds that people may do without, in the order in which the rooms list them."""
    return [kind for kind in all_kinds().values() if kind.may_stop]


def family_of(name: str) -> list[Kind]:
    """Return the kinds that are switched off together under ``name``; none for what must reach people."""
    return [kind for kind in kinds_to_choose() if name in {kind.name, kind.family}]


def render(template: str, context: dict[str, object], *, calendar: str = "", calendar_method: str = "") -> Words:
    """Write a letter from a folder of ``templates/emails/`` with ``subject.txt``, ``body.txt`` and ``body.html``."""
    subject = render_to_string(f"emails/{template}/subject.txt", context)
    return Words(
        subject=" ".join(subject.split())[:LONGEST_SUBJECT],
        text=render_to_string(f"emails/{template}/body.txt", context),
        html=render_to_string(f"emails/{template}/body.html", context),
        calendar=calendar,
        calendar_method=calendar_method,
    )
