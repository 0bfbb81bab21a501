"""The smallest page Wagtail can serve."""

from wagtail.models import Page


class BarePage(Page):
    """A page with nothing but its title."""

    template = "floor/bare_page.html"
