"""After each migration: the cache table and the schedules are as the code says."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from lms.common.tasks import all_jobs, sync_schedules


@receiver(post_migrate, dispatch_uid="lms.common.prepare")
def prepare(sender: Any, **_: Any) -> None:
    """Run once, after the last room has its tables."""
    if getattr(sender, "name", "") != "django_q":
        return
    if "DatabaseCache" in settings.CACHES["default"]["BACKEND"]:
        call_command("createcachetable", verbosity=0)
    sync_schedules(all_jobs())
