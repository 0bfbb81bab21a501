"""A live workshop as a part of a lesson: done by whoever has been to a session of it."""

from typing import Any

from wagtail import blocks

from cms.blocks.parts import IdentityBlock, item_layout, key_block


class WorkshopBlock(blocks.StructBlock):
    """A workshop to go to, with what to do for those who can't."""

    title = blocks.CharBlock(max_length=150)
    workshop = blocks.PageChooserBlock(page_type="cms.WorkshopPage", help_text="Any session of it counts.")
    instead = blocks.CharBlock(
        max_length=250,
        required=False,
        search_index=False,
        label="Instead of it",
        help_text="What people can do who can't come, like ringing their trainer.",
    )
    key = key_block()
    item_id = IdentityBlock(required=False, label="Identity")

    class Meta:
        icon = "group"
        group = "Practice"
        label = "Live workshop"
        template = "courses/blocks/workshop.html"
        form_layout = item_layout("title", "workshop", "instead")
        label_format = "{title}"
        description = "A workshop to go to. It counts when somebody has been to a session of it."
        preview_value: dict[str, Any] = {
            "title": "Practise with others",
            "workshop": None,
            "instead": "",
            "key": "",
            "item_id": None,
        }
