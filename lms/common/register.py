"""The privacy register: what we hold of a person, why and for how long, how it is handed out, and how it ends.

Each room lists what it holds in its ``privacy.py`` as ``HOLDINGS``. A model that links to a person and is in no
list fails the suite.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models

from lms.common.rooms import modules

Eraser = Callable[[Any, datetime], None]


@dataclass(frozen=True)
class Holding:
    """One kind of thing that we hold of a person.

    model: like ``courses.Enrolment``. owner: lookups from a row to whose it is; empty where the row is about work
    that was done here, not about the person. what, kept, on_erase: plain words for the person.
    shown: the fields that are handed out. erase: what must be done before the person's row goes; rows that hang on
    the person by a cascade need none.
    """

    model: str
    what: str
    kept: str
    on_erase: str
    owner: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    erase: Eraser | None = None

    @property
    def model_class(self) -> type[models.Model]:
        """The model itself."""
        return apps.get_model(self.model)

    def rows_of(self, person: Any) -> list[dict[str, Any]]:
        """All that is handed out of what this holds of ``person``, oldest first. Of nobody else."""
        if not self.owner or not self.shown:
            return []
        theirs = models.Q()
        for path in self.owner:
            theirs |= models.Q(**{path: person.pk})
        rows = self.model_class._base_manager.filter(theirs).order_by("pk")
        return list(rows.values(*self.shown))


def all_holdings() -> list[Holding]:
    """Return the register: what every installed room holds, from the ground floor up."""
    return [holding for module in modules("privacy") for holding in module.HOLDINGS]
