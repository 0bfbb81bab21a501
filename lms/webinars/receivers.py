"""Places that come free when something else ends: an account, a booking, an agency's word."""

from datetime import datetime
from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone

from lms.agencies.models import Membership
from lms.agencies.signals import membership_ended
from lms.webinars import operations
from lms.webinars.models import TAKING_STATES, Booking, Party


@receiver(post_delete, sender=Booking, dispatch_uid="lms.webinars.receivers.place")
def give_the_place_back(instance: Booking, **_: Any) -> None:
    """Free the place in the transaction of the deletion."""
    if instance.state in TAKING_STATES:
        operations.place_freed(session_id=instance.session_id, now=timezone.now())


@receiver(post_delete, sender=Party, dispatch_uid="lms.webinars.receivers.second_place")
def give_the_second_place_back(instance: Party, **_: Any) -> None:
    """Free what was kept for a partner with whoever asked for it."""
    if instance.kept_until:
        operations.place_freed(session_id=instance.session_id, now=timezone.now())


@receiver(membership_ended, dispatch_uid="lms.webinars.receivers.membership")
def end_places(membership: Membership, now: datetime, **_: Any) -> None:
    """Free the places of somebody whom no agency vouches for any more, in the transaction of that decision."""
    operations.end_places_of(person=membership.person, now=now)
