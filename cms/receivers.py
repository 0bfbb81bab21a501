"""What follows when words change, pictures come in, and the tables are ready."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_migrate, post_save, pre_save
from django.dispatch import receiver
from wagtail.images.models import Image
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_unpublished, post_page_move

from cms import editors, keeping
from cms.models import Brand, ContactLine, Topic
from cms.pictures import redrawn

SHOWN = (Brand, ContactLine, Topic, PageViewRestriction, Site)


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


@receiver(post_migrate, dispatch_uid="cms.receivers.groups")
def prepare_editors(sender: Any, **_kwargs: Any) -> None:
    """Run once, after the last room has its tables and all permissions are known."""
    if getattr(sender, "name", "") == "django_q":
        editors.prepare()
