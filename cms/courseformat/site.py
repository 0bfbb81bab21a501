"""The pages that every site has, made if they are not there: home as the site's root, and the shelves under it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Page, Site

from cms.models import CardIndexPage, CataloguePage, HelpNowPage, HomePage, TopicIndexPage, WorkshopIndexPage

# slug, model, title until a file in pages/ says otherwise
SHELVES: dict[str, tuple[Any, str]] = {
    "courses": (CataloguePage, "Courses and workshops"),
    "workshops": (WorkshopIndexPage, "Workshops"),
    "topics": (TopicIndexPage, "Topics"),
    "right-now": (CardIndexPage, "Right now"),
    "help-now": (HelpNowPage, "Get help now"),
}


def shelves() -> dict[str, Any]:
    """Return home and the shelves by slug, as they stand; those that are missing are not there."""
    home = HomePage.objects.order_by("path").first()
    if home is None:
        return {}
    found = {slug: model.objects.child_of(home).first() for slug, (model, _) in SHELVES.items()}
    return {"home": home, **{slug: page for slug, page in found.items() if page}}


def complete_shelves(*, on_new: Callable[[str, Any], None]) -> dict[str, Any]:
    """Make what is missing, telling ``on_new`` its slug and page; return home and all shelves by slug."""
    found = shelves()
    if "home" not in found:
        found["home"] = _home()
        on_new("home", found["home"])
    for slug, (model, title) in SHELVES.items():
        if slug not in found:
            found[slug] = found["home"].add_child(instance=model(title=title, slug=slug))
            on_new(slug, found[slug])
    return found


def _home() -> HomePage:
    """Make the home page the root of the site, in place of the page that Wagtail welcomes its installers with."""
    root = Page.get_first_root_node()
    welcome = Page.objects.filter(depth=2, content_type__model="page").order_by("path")
    for page in welcome:
        page.slug = f"{page.slug}-before"
        page.save(clean=False)
    home: HomePage = root.add_child(instance=HomePage(title="Hearth", slug="home"))
    address = urlsplit(settings.LMS_BASE_URL)
    where = {
        "hostname": address.hostname or "localhost",
        "port": address.port or (443 if address.scheme == "https" else 80),
    }
    Site.objects.update_or_create(is_default_site=True, defaults={**where, "root_page": home})
    for page in welcome.filter(numchild=0):
        page.delete()
    return home
