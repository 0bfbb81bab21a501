"""What an agency sets: its name, logo and one colour, and the lines to ring. Nothing else."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.images.models import Rendition

from cms import rules


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

    @property
    def colour(self) -> rules.Accent:
        """Hue and chroma of the accent."""
        return rules.accent(self.accent)

    @property
    def shades(self) -> rules.Shades:
        """The accent for e-mail and paper."""
        return rules.shades(self.colour)

    @cached_property
    def mark(self) -> Rendition | None:
        """The logo at twice the height it is shown in, if there is one."""
        return self.logo.get_rendition("height-80") if self.logo else None

    @cached_property
    def drawn(self) -> dict[tuple[object, ...], SafeString]:
        """What was drawn with these words already; it goes when they change, as this object does."""
        return {}

    @property
    def stylesheet(self) -> str:
        """The address of this brand's sheet; another colour has another address, so it may be kept for long."""
        return f"{reverse('common:brand_css')}?{self.accent.removeprefix('#')}"

    def clean(self) -> None:
        """Refuse what is not a colour, and one that cannot be read even after it was deepened."""
        super().clean()
        try:
            colour = self.colour
        except rules.NotAColour:
            raise ValidationError({"accent": "Write the colour as # and six digits, like #6f2453."}) from None
        if rules.weakest_contrast(colour) < rules.READABLE:
            reason = "Words in this colour would be hard to read, even deepened. Choose another one."
            raise ValidationError({"accent": reason})
