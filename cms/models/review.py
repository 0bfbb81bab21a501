"""What every taught page says of itself: who wrote it, who looked at it, for which nation, and until when it stands."""

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel


class Reviewed(models.Model):
    """Mixin of pages that teach."""

    key = models.CharField(max_length=40, blank=True, help_text="Short and stable: what people have done is kept by it.")
    identity = models.UUIDField(null=True, blank=True, editable=False)
    author = models.ForeignKey(
        "cms.TrainerProfile", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reviewer = models.ForeignKey(
        "cms.TrainerProfile", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lived_experience_review = models.BooleanField("read by someone who has lived it", default=False)
    nation = models.CharField(max_length=60, default="England", help_text="For which nations the law in it holds.")
    reviewed_on = models.DateField(null=True, blank=True)
    review_by = models.DateField(null=True, blank=True)
    sources = models.TextField(blank=True, help_text="One source a line: who, year, title.")
    content_note = models.CharField(max_length=200, blank=True, help_text="One factual line: what is talked about.")
    sensitive = models.BooleanField(default=False, help_text="Shows the 'Exit this page' button.")

    review_panels = [
        MultiFieldPanel(
            [
                FieldPanel("author"),
                FieldPanel("reviewer"),
                FieldPanel("lived_experience_review"),
                FieldPanel("nation"),
                FieldPanel("reviewed_on"),
                FieldPanel("review_by"),
                FieldPanel("sources"),
            ],
            heading="Review",
        ),
        MultiFieldPanel([FieldPanel("content_note"), FieldPanel("sensitive")], heading="Safety"),
    ]

    class Meta:
        abstract = True
