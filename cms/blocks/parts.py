"""What several blocks share: how rich their text may be, and how an item keeps its identity."""

from typing import Any
from uuid import UUID

from django import forms
from wagtail import blocks

PROSE = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "blockquote"]
PASSAGE = ["bold", "italic", "ol", "ul", "link"]


def passage(**kwargs: Any) -> blocks.RichTextBlock:
    """A short text: paragraphs, lists, strong words and links, without headings."""
    return blocks.RichTextBlock(features=PASSAGE, **kwargs)


class IdentityBlock(blocks.FieldBlock):
    """The identity of an item: what people have done is kept by it. Made by the page when it is saved."""

    def __init__(self, **kwargs: Any) -> None:
        shown = forms.TextInput(attrs={"readonly": True})
        self.field = forms.UUIDField(required=False, widget=shown)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> UUID | None:
        """Read the text form; nothing when there is none yet."""
        return UUID(str(value)) if value else None

    def normalize(self, value: Any) -> UUID | None:
        """Take a UUID or its text."""
        return self.to_python(value)

    def get_prep_value(self, value: UUID | None) -> str | None:
        """Write it as text."""
        return str(value) if value else None


def key_block() -> blocks.CharBlock:
    """The short name that a writer gives an item in a course."""
    return blocks.CharBlock(
        required=False,
        max_length=40,
        search_index=False,
        help_text="Short, like A7, and used once in the course. Keep it when you change the words.",
    )


def item_layout(*names: str) -> blocks.BlockGroup:
    """Show ``names``; keep the key and the identity folded away under the block's settings."""
    return blocks.BlockGroup(children=list(names), settings=["key", "item_id"])
