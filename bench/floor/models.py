"""The smallest page Wagtail can serve, and the smallest race for places."""

from django.db import models
from wagtail.models import Page


class BarePage(Page):
    """A page with nothing but its title."""

    template = "floor/bare_page.html"


class BareRace(models.Model):
    """So many places."""

    places = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.taken} of {self.places}"


class BareWish(models.Model):
    """Who came, and whether they have a place."""

    race = models.ForeignKey(BareRace, on_delete=models.CASCADE)
    person = models.BigIntegerField()
    has_place = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.person}: {self.has_place}"
