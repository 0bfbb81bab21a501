"""What every taught page says of itself: who wrote it, who looked at it, for which nation, and until when it stands."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from cms.soundness import unfit_parts

NO_DAY = "Choose the day to look at this page again. It can't be published without one."


class UnfitToPublish(ValidationError):
    """A page that nobody may be shown yet, with what to put right. page_id: whose editor to go to."""

    def __init__(self, faults: list[str], *, page_id: int | None) -> None:
        super().__init__(faults)
        self.page_id = page_id


class TaughtPageForm(WagtailAdminPageForm):
    """How a page that teaches is edited."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "review_by" in self.fields:
            self.fields["review_by"].error_messages["required"] = NO_DAY


def panels_of_review(*safety: str) -> list[Any]:
    """The panels that every page that teaches has. safety: what it asks under that heading."""
    review = ("author", "reviewer", "lived_experience_review", "nation", "reviewed_on", "review_by", "sources")
    return [
        MultiFieldPanel([FieldPanel(name) for name in review], heading="Review"),
        MultiFieldPanel([FieldPanel(name) for name in safety], heading="Safety"),
        MultiFieldPanel([FieldPanel("key")], heading="For files", classname="collapsed"),
    ]


class Reviewed(models.Model):
    """Mixin of pages that teach. None can be published without a day to look at it again."""

    key = models.CharField(
        max_length=40, blank=True, help_text="Short, and used once. Keep it when you change the words."
    )
    author = models.ForeignKey("cms.TrainerProfile", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reviewer = models.ForeignKey(
        "cms.TrainerProfile", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lived_experience_review = models.BooleanField("read by someone who has lived it", default=False)
    nation = models.CharField(max_length=60, default="England", help_text="For which nations the law in it holds.")
    reviewed_on = models.DateField(null=True, blank=True)
    review_by = models.DateField(
        null=True, help_text="The day to look at it again: in a year, or in six months for law and online matters."
    )
    sources = models.TextField(blank=True, help_text="One source a line: who, year, title.")
    content_note = models.CharField(max_length=200, blank=True, help_text="One factual line: what is talked about.")
    sensitive = models.BooleanField(default=False, help_text="Shows the 'Exit this page' button.")

    base_form_class = TaughtPageForm
    objects: ClassVar[Any]  # Wagtail's, from the page that this is mixed into
    review_panels: ClassVar[list[Any]] = panels_of_review("content_note", "sensitive")

    class Meta:
        abstract = True

    def unfit(self) -> list[str]:
        """Say why this page may not be published as it is; nothing when it may."""
        body = getattr(self, "body", None)
        parts = unfit_parts(body.get_prep_value()) if body else []
        return [*([] if self.review_by else [NO_DAY]), *parts]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the page. However it comes to be published, one that is unfit is not: raises UnfitToPublish."""
        faults = self.unfit() if getattr(self, "live", False) and not kwargs.get("update_fields") else []
        if faults:
            raise UnfitToPublish(faults, page_id=self.pk)
        super().save(*args, **kwargs)
