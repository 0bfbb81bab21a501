"""Learning made elsewhere, in a lesson. What it is and where it runs is known to whoever answers the hook."""

from typing import Any

from wagtail import blocks, hooks

from cms.blocks.parts import IdentityBlock, item_layout, key_block


def packages_to_choose() -> list[tuple[str, str]]:
    """Identity and title of each package, from every room that offers some (hook ``learning_packages``)."""
    return [choice for offer in hooks.get_hooks("learning_packages") for choice in offer()]


class PackageBlock(blocks.StructBlock):
    """A package, with what to do for those whom it does not serve."""

    title = blocks.CharBlock(max_length=150)
    package = blocks.ChoiceBlock(choices=packages_to_choose, help_text="Bring packages in at the desk.")
    minutes = blocks.IntegerBlock(min_value=1, max_value=120)
    instead = blocks.CharBlock(
        max_length=250,
        required=False,
        search_index=False,
        label="Instead of it",
        help_text="What people can do who can't use it, like reading a page or ringing their trainer.",
    )
    key = key_block()
    item_id = IdentityBlock(required=False, label="Identity")

    class Meta:
        icon = "code"
        group = "Practice"
        label = "Package"
        template = "courses/blocks/package.html"
        form_layout = item_layout("title", "package", "minutes", "instead")
        label_format = "{title}"
        description = "Learning made elsewhere (SCORM). It runs apart from the rest, in a frame."
        preview_value: dict[str, Any] = {
            "title": "A walk through the first week",
            "package": "",
            "minutes": 10,
            "instead": "",
            "key": "",
            "item_id": None,
        }
