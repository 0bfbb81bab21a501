"""What follows when words change, pictures come in, and the tables are ready."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Model
from django.db.models.signals import post_delete, post_migrate, post_save, pre_save
from django.dispatch import receiver
from django.utils import timezone
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import Image
from wagtail.models import Page, PageViewRestriction, Site, TaskState, WorkflowState
from wagtail.signals import (
    page_published,
    page_unpublished,
    post_page_move,
    task_submitted,
    workflow_approved,
    workflow_rejected,
    workflow_submitted,
)

from cms import editors, keeping, mail
from cms.models import Brand, ContactLine, DatedFact, Topic, TrainerProfile
from cms.models.review import Reviewed, UnfitToPublish
from cms.pictures import redrawn

SHOWN = (Brand, ContactLine, DatedFact, Topic, TrainerProfile, AbstractDocument, PageViewRestriction, Site)


@receiver([page_published, page_unpublished, post_page_move], dispatch_uid="cms.receivers.tree")
def the_tree_changed(**_kwargs: Any) -> None:
    """What strangers see is another page now."""
    keeping.changed()


@receiver([post_save, post_delete], dispatch_uid="cms.receivers.rows")
def a_row_changed(sender: type[Model], update_fields: Any = None, **_kwargs: Any) -> None:
    """The same for what pages show besides. A draft saves only some columns of its page, and shows nowhere."""
    if update_fields is None and issubclass(sender, (Page, *SHOWN)):
        keeping.changed()


@receiver(pre_save, sender=Image, dispatch_uid="cms.receivers.picture")
def take_out_what_a_picture_tells(instance: Image, **_kwargs: Any) -> None:
    """Draw a picture anew before it is stored for the first time. Raises ValidationError for what is none."""
    if instance.file and not instance.file._committed:
        instance.file = redrawn(instance.file, name=instance.file.name)
        instance._set_image_file_metadata()


@receiver(pre_save, sender=TaskState, dispatch_uid="cms.receivers.fit")
def look_it_over_before_it_is_approved(instance: TaskState, **_kwargs: Any) -> None:
    """Approving publishes: raise UnfitToPublish while nothing has been written down of it."""
    page = instance.revision.as_object() if instance.status == TaskState.STATUS_APPROVED and instance.revision else None
    if isinstance(page, Reviewed) and (faults := page.unfit()):
        raise UnfitToPublish(faults, page_id=page.pk)


# The names below are those under which Wagtail would send its own e-mails from within the request. A name is taken
# once, and ours is first: letters go through the outbox, in the transaction of what they tell of.
@receiver(task_submitted, sender=TaskState, dispatch_uid="group_approval_task_submitted_email_notification")
def tell_who_may_approve(instance: TaskState, user: Any = None, **_kwargs: Any) -> None:
    """A page waits: every editor but the one who sent it in hears of it."""
    people = get_user_model().objects.filter(groups__name=editors.EDITORS, is_active=True).order_by("pk")
    readers = [person for person in people if person != user]
    mail.page_waits(instance, readers=readers, now=timezone.now())


@receiver(workflow_submitted, sender=WorkflowState, dispatch_uid="workflow_state_submitted_email_notification")
def say_it_once(**_kwargs: Any) -> None:
    """Wagtail would tell administrators as well. The step above has told everybody who must know."""


@receiver(workflow_approved, sender=WorkflowState, dispatch_uid="workflow_state_approved_email_notification")
def tell_it_is_published(instance: WorkflowState, user: Any = None, **_kwargs: Any) -> None:
    """The page is on the site: whoever sent it in hears of it."""
    _tell_author(instance, user, is_published=True)


@receiver(workflow_rejected, sender=WorkflowState, dispatch_uid="workflow_state_rejected_email_notification")
def tell_what_should_change(instance: WorkflowState, user: Any = None, **_kwargs: Any) -> None:
    """The page needs a change: whoever sent it in hears what."""
    _tell_author(instance, user, is_published=False)


def _tell_author(state: WorkflowState, by: Any, *, is_published: bool) -> None:
    if state.requested_by and state.requested_by != by:
        step = state.current_task_state
        comment = step.comment if step else ""
        mail.page_decided(state, is_published=is_published, comment=comment, now=timezone.now())


@receiver(post_migrate, dispatch_uid="cms.receivers.groups")
def prepare_editors(sender: Any, **_kwargs: Any) -> None:
    """Run once, after the last room has its tables and all permissions are known."""
    if getattr(sender, "name", "") == "django_q":
        editors.prepare()
