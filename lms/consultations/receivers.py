"""An agency's word that is taken back, and an account that goes, end what is still to come."""

from datetime import datetime
from typing import Any

from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils import timezone

from lms.accounts.models import User
from lms.agencies.models import Membership
from lms.agencies.signals import membership_ended
from lms.consultations import operations


@receiver(membership_ended, dispatch_uid="lms.consultations.receivers.membership")
def end_what_is_to_come(membership: Membership, now: datetime, **_: Any) -> None:
    """Free the times with workers of an agency that does not know somebody any more, whoever else knows them, in the
    transaction of that decision.
    """
    operations.end_times_of(person=membership.person, agency_id=membership.agency_id, now=now)
    operations.leave_all(person_id=membership.person_id, agency_id=membership.agency_id, now=now)


@receiver(pre_delete, sender=User, dispatch_uid="lms.consultations.receivers.account")
def leave_no_time_with_nobody(instance: User, **_: Any) -> None:
    """Free the times of an account that is deleted, whoever deletes it: what hangs on nobody is nobody's to give up."""
    operations.forget_person(person_id=instance.pk, now=timezone.now())
