"""Badges that holders have asked for, and the lists that say which of them were stopped."""

from uuid import uuid4

from django.db import models


class Badge(models.Model):
    """An award as a badge file. Nothing in it leads to a person: the subject and the place are drawn by lot."""

    award = models.OneToOneField("certificates.Award", on_delete=models.CASCADE, related_name="badge")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False, help_text="Of the credential itself.")
    subject = models.UUIDField(default=uuid4, unique=True, editable=False, help_text="Stands for the holder.")
    place = models.PositiveIntegerField(unique=True, help_text="Its bit in the status lists.")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"badge of award {self.award_id}"


class StatusList(models.Model):
    """What is served to whoever checks badges: one signed list a purpose, made anew before it runs out."""

    purpose = models.CharField(max_length=12, unique=True)
    token = models.TextField()
    made_at = models.DateTimeField()
    valid_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.purpose} until {self.valid_until:%d %B}"
