"""What every page shows of the agency. Kept in the process, so that a page costs no query for it."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from wagtail.models import Site

from cms.models import Brand
from lms.common.memo import Memo


def _read() -> Brand:
    brand = Brand.objects.select_related("logo").filter(site__is_default_site=True).first()
    return brand or Brand()


current = Memo(_read, seconds=30)


@receiver([post_save, post_delete], sender=Brand, dispatch_uid="cms.context.brand")
@receiver([post_save, post_delete], sender=Site, dispatch_uid="cms.context.site")
def _forget(**_kwargs: Any) -> None:
    current.forget()


def brand(_request: HttpRequest) -> dict[str, object]:
    """Add ``brand`` to every template; read only by those that show it."""
    return {"brand": SimpleLazyObject(current.get)}
