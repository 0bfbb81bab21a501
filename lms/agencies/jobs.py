"""Started by the clock: invitations that ran out are forgotten."""

from datetime import timedelta

from django.utils import timezone

from lms.agencies import operations
from lms.common.tasks import Job

KEEP_INVITATIONS = timedelta(days=30)  # after they ran out


def forget_invitations() -> str:
    """Delete invitations whose time was over a month ago, with the addresses in them."""
    return f"forgot {operations.forget_old_invitations(before=timezone.now() - KEEP_INVITATIONS)}"


JOBS = [Job("agencies.forget_invitations", "lms.agencies.jobs.forget_invitations", minutes=24 * 60)]
