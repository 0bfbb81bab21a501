"""What the editor can choose from: packages that are ready, by their title."""

from wagtail import hooks

from lms.packages.models import Package


@hooks.register("learning_packages")
def packages_to_choose() -> list[tuple[str, str]]:
    """Identity and title of each, for the block that puts one into a lesson."""
    rows = Package.objects.unscoped(because="a title names nobody").ready().order_by("title", "pk")
    return [(str(uuid), title) for uuid, title in rows.values_list("uuid", "title")]
