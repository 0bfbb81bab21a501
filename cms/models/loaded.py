"""What the loader of text files remembers: what it wrote last, so that it can tell who changed what since."""

from django.db import models


class Loaded(models.Model):
    """One thing that came from a file. ``name`` is like ``lesson/A/A1.2`` or ``fact/epac``.

    digest: of what the file said. stamp: what was in the database when it had been written; another one now means
    that somebody has edited it there since.
    """

    name = models.CharField(max_length=200, unique=True)
    digest = models.CharField(max_length=64)
    stamp = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name
