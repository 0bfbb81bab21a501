"""An agency's word that is taken back ends what its staff were shown."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from lms.agencies.models import Membership
from lms.agencies.signals import membership_ended
from lms.portfolio import operations


@receiver(membership_ended, dispatch_uid="lms.portfolio.receivers.membership")
def take_back_what_was_shown(membership: Membership, now: datetime, **_: Any) -> None:
    """Withdraw every entry shown to that agency's staff, in the transaction of the decision."""
    operations.withdraw_all_from(person=membership.person, agency_id=membership.agency_id, now=now)
