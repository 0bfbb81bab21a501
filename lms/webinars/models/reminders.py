"""Which rounds of letters have been posted."""

from django.db import models

from lms.webinars.models.sessions import SessionPart


class LetterRound(models.Model):
    """Everybody was written to about one part at its time, in one kind of letter. A part that moves is a new occasion.

    ``at`` is the moment that the letter speaks of, so that what was said of another time does not count.
    """

    kind = models.CharField(max_length=40)
    part = models.ForeignKey(SessionPart, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    posted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["part", "kind", "at"], name="one_round_an_occasion")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.part_id}"
