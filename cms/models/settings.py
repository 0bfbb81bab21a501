"""What an agency sets: its name, logo and one colour, and the lines to ring. Nothing else."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


@register_setting(icon="home")
class Brand(BaseSiteSetting):
    """The face of this installation."""

    name = models.CharField(max_length=80, default="Hearth")
    strapline = models.CharField(max_length=120, default="Asking early is never failing.")
    accent = models.CharField(max_length=7, default="#6f2453", help_text="One colour, like #6f2453.")
    logo = models.ForeignKey("wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    duty_number = models.CharField(max_length=30, default="01632 960140")
    duty_hours = models.CharField(max_length=100, default="Monday to Friday, 9am to 8pm")
    out_of_hours_number = models.CharField(max_length=30, default="01632 960199")

    panels = [
        FieldPanel(n)
        for n in ("name", "strapline", "accent", "logo", "duty_number", "duty_hours", "out_of_hours_number")
    ]
