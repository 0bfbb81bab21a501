"""How an agency wants certificates to be given."""

from django.db import models


class IssuingTerms(models.Model):
    """What one agency has settled; an agency without a row goes by the values that stand here."""

    agency = models.OneToOneField("agencies.Agency", on_delete=models.CASCADE, related_name="issuing_terms")
    approves = models.BooleanField(default=False, help_text="Each certificate waits for a member of staff.")
    by_hand = models.BooleanField(default=True, help_text="Staff may give one by hand, with a reason.")
    grace_days = models.PositiveSmallIntegerField(
        default=30, help_text="Days after the end date in which a renewal still counts from that date."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(grace_days__lte=365), name="grace_of_a_year_at_most"),
        ]

    def __str__(self) -> str:
        return f"terms of agency {self.agency_id}"
