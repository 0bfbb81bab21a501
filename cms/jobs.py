"""Started by the clock: pages whose hour has come go up, or down."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision

from cms import mail
from lms.common.tasks import Job

AS_PLANNED = "wagtail.publish.scheduled"


def keep_hours() -> str:
    """Publish what was planned for now, each page by itself, and take down what was planned to end."""
    now = timezone.now()
    due = Revision.page_revisions.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at", "pk")
    up = sum(_publish(revision) for revision in due)
    over = Page.objects.filter(live=True, expire_at__lte=now).specific()
    for page in over:
        page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return f"{up} up, {len(over)} down"


def _publish(revision: Revision) -> bool:
    """Publish one; what may not be shown stays a draft, and whoever wrote it hears why."""
    try:
        with transaction.atomic():
            revision.publish(log_action=AS_PLANNED)
    except ValidationError as refusal:
        with transaction.atomic():
            Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
            if revision.user:
                mail.not_published(revision, faults=refusal.messages, now=timezone.now())
        return False
    return True


JOBS = [Job("cms.keep_hours", "cms.jobs.keep_hours", minutes=5)]
