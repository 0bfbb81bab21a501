"""Fields that forms of several rooms ask for."""

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)


class DayField(forms.DateField):
    """A day, in the browser's own picker, of a year that somebody could mean, so that sums with it are dates."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_validators = [
        MinValueValidator(FIRST, message="Choose a later year."),
        MaxValueValidator(LAST, message="Choose an earlier year."),
    ]
