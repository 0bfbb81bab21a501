"""The way from the editor to sharing."""

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from lms.agencies.access import rights_of
from lms.sharing.access import SHARING_ROLES


class SharingItem(MenuItem):
    """Shown to whoever may share."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the reader of the menu writes here."""
        return rights_of(request.user).holds(*SHARING_ROLES)


@hooks.register("register_admin_menu_item")
def share_courses() -> MenuItem:
    """Beside pages, pictures and documents."""
    return SharingItem("Share courses", reverse("sharing:courses"), icon_name="download", order=950)
