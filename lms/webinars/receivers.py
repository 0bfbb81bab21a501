"""A booking that is deleted, with its person or alone, leaves its place to the next."""

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone

from lms.webinars import operations
from lms.webinars.models import Booking


@receiver(post_delete, sender=Booking, dispatch_uid="lms.webinars.receivers.place")
def give_the_place_back(instance: Booking, **_: Any) -> None:
    """Free the place in the transaction of the deletion."""
    if instance.is_seated:
        operations.place_freed(session_id=instance.session_id, now=timezone.now())
