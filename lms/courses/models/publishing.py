"""What an editor decided about the people in the middle of a course when they published a change."""

from django.db import models

from lms.courses.models.courses import Course, CourseVersion


class Added(models.TextChoices):
    OFFER = "offer", "Offer it: they see it marked as new, and don't have to"
    KEEP = "keep", "Keep them on what they began with, without a mark"
    ASK = "ask", "Ask everyone: they have to do it too before they finish"


class Corrected(models.TextChoices):
    KEEP = "keep", "Keep the marks as they are"
    MARK_AGAIN = "mark", "Mark their answers again: nobody's mark goes down"
    GIVE = "give", "Give everyone who answered it the point"


class PublishingChoice(models.Model):
    """One decision. ``version`` is the one that was compiled with it; none while the publishing is under way.

    waits_for: the revision that is to be published on a day, by its primary key; none from that moment on.
    corrected: ``[{"item", "question", "how"}]``, ``question`` empty for a question that is in no bank.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="choices")
    version = models.OneToOneField(
        CourseVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="choice"
    )
    added = models.CharField(max_length=5, choices=Added, default=Added.OFFER)
    corrected = models.JSONField(default=list)
    waits_for = models.BigIntegerField(null=True, unique=True)
    decided_by_id = models.BigIntegerField()
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.course_id}: {self.added}"
