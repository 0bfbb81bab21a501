"""A package made elsewhere, as a lesson shows it: where it opens, and whether it is done."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from lms.courses.asking.learning import Learning


@dataclass(frozen=True)
class PackageShown:
    """address: where it is opened; nothing for who is not on the course, and in a preview."""

    item: str
    address: str
    is_done: bool


def package(value: Any, learning: Learning | None) -> PackageShown:
    """Return a package block as its reader has it."""
    item = str(value["item_id"])
    if learning is None or not learning.is_learner or not value["package"]:
        return PackageShown(item, "", is_done=False)
    course = learning.progress.course.identity
    address = reverse("packages:launch", args=[course, item, value["package"]])
    return PackageShown(item, address, learning.held(item).done)
