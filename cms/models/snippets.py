"""Small things that many pages share: topics, facts with a date, numbers to ring, trainers."""

from datetime import date
from typing import Self

from django.db import models
from django.utils import timezone


class Dye(models.TextChoices):
    WOAD = "woad", "Woad (blue)"
    WELD = "weld", "Weld (yellow)"
    MADDER = "madder", "Madder (rose)"
    LICHEN = "lichen", "Lichen (green)"
    HEATHER = "heather", "Heather (purple)"
    WALNUT = "walnut", "Walnut (brown)"


class Weave(models.TextChoices):
    BASKET = "basket", "Basket"
    CHECK = "check", "Check"
    CHEVRON = "chevron", "Chevron"
    DIAMOND = "diamond", "Diamond"
    HILLS = "hills", "Hills"
    LATTICE = "lattice", "Lattice"
    RINGS = "rings", "Rings"
    STAR = "star", "Star"
    TWILL = "twill", "Twill"
    WAFFLE = "waffle", "Waffle"


class Topic(models.Model):
    """A thing on a parent's mind. Each has one dye and one weave, everywhere."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=60)
    summary = models.CharField(max_length=120)
    dye = models.CharField(max_length=10, choices=Dye)
    weave = models.CharField(max_length=10, choices=Weave)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "title")

    def __str__(self) -> str:
        return self.title


class TrainerProfile(models.Model):
    """Somebody who writes or runs learning, as learners see them. Not an account."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    role = models.CharField(max_length=120)
    credential = models.CharField(max_length=200, blank=True)
    biography = models.TextField(blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class DatedFactQuerySet(models.QuerySet["DatedFact"]):
    def overdue(self, today: date) -> Self:
        """Facts whose review date has passed: an editor must look at them."""
        return self.filter(review_by__lt=today)


class DatedFact(models.Model):
    """A law, a sum or a date that will change: said in one place, with its source and when to look again."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=120)
    value = models.TextField()
    source = models.CharField(max_length=250)
    checked_on = models.DateField()
    review_by = models.DateField()
    nation = models.CharField(max_length=60, default="England")

    objects = DatedFactQuerySet.as_manager()

    class Meta:
        ordering = ("title",)

    def __str__(self) -> str:
        return self.title

    @property
    def is_overdue(self) -> bool:
        """Whether its review date has passed today."""
        return self.review_by < timezone.localdate()


class ContactLine(models.Model):
    """A number to ring, as Get help now shows it."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    number = models.CharField(max_length=30, blank=True)
    link = models.CharField(max_length=100, blank=True, help_text="A plain host name, like ceop.police.uk.")
    hours = models.CharField(max_length=100, blank=True)
    purpose = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField(default=0)
    checked_on = models.DateField()

    class Meta:
        ordering = ("order", "name")

    def __str__(self) -> str:
        return self.name
