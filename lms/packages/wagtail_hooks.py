"""What the editor can choose from: packages that are ready, by their title. And what courses that travel ask."""

from wagtail import hooks

from cms.courseformat.packages import PackageRoom
from lms.packages.models import Package
from lms.packages.travel import Room


@hooks.register("learning_packages")
def packages_to_choose() -> list[tuple[str, str]]:
    """Identity and title of each, for the block that puts one into a lesson."""
    rows = Package.objects.unscoped(because="a title names nobody").ready().order_by("title", "pk")
    return [(str(uuid), title) for uuid, title in rows.values_list("uuid", "title")]


@hooks.register("package_room")
def package_room() -> PackageRoom:
    """Where packages are kept."""
    return Room()
