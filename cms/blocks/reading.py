"""Blocks that are read: nothing is kept of them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.blocks.parts import PROSE, passage

NATIONS = [(name, name) for name in ("England", "Wales", "Scotland", "Northern Ireland")]
RESOURCE_KINDS = [(kind, kind.capitalize()) for kind in ("book", "guide", "helpline", "website", "service")]


class TextBlock(blocks.RichTextBlock):
    """The running text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": PROSE, **kwargs})

    class Meta:
        icon = "pilcrow"
        group = "Words"
        label = "Text"
        template = "cms/blocks/text.html"
        preview_value = "<h2>One sentence at a time</h2><p>A good first sentence is <b>true</b>, short and kind.</p>"
        description = "Headings, paragraphs, lists and links."


class KeyPointBlock(blocks.StructBlock):
    """What to take away."""

    text = passage(label="The point", help_text="One to three sentences.")

    class Meta:
        icon = "key"
        group = "Words"
        label = "Key point"
        template = "cms/blocks/key_point.html"
        preview_value = {"text": "<p>Go first, lightly and often.</p>"}
        description = "The one thing to remember."


class ExampleBlock(blocks.StructBlock):
    """A family, made up from many."""

    title = blocks.CharBlock(max_length=120)
    text = passage(label="The story", help_text="No child's name, school or town. First names of adults are invented.")
    affirmed = blocks.BooleanBlock(
        label="I affirm that this family is made up from many",
        help_text="No real family, no rare combination that points to one. The page can't be published without it.",
    )

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        """Refuse a story that nobody has affirmed, in words that say what to do."""
        try:
            return super().clean(value)
        except blocks.StructBlockValidationError as problem:
            if "affirmed" in problem.block_errors:
                words = "Affirm that this family is made up from many, or take the story out."
                problem.block_errors["affirmed"] = ValidationError(words)
            raise

    class Meta:
        icon = "group"
        group = "Words"
        label = "Family example"
        template = "cms/blocks/example.html"
        preview_value = {
            "title": "Two cards",
            "text": "<p>Marco and Will's son, 7, made two cards and hid a third. It went in the memory box.</p>",
            "affirmed": True,
        }
        description = "A short story of a family that is made up from many."


class TryStepsBlock(blocks.StructBlock):
    """Something to do tomorrow."""

    title = blocks.CharBlock(required=False, max_length=120)
    steps = passage(help_text="A list: one thing to do or to say in each line.")

    class Meta:
        icon = "list-ol"
        group = "Words"
        label = "Try this"
        template = "cms/blocks/try_steps.html"
        preview_value = {"title": "Swap one sentence", "steps": "<ol><li>Catch one line.</li><li>Rebuild it.</li></ol>"}
        description = "Steps to try, with words to say."


class ContestedBlock(blocks.StructBlock):
    """A claim that is repeated more than it is known."""

    title = blocks.CharBlock(max_length=120, label="The claim")
    text = passage(label="What is fair to say")

    class Meta:
        icon = "help"
        group = "Words"
        label = "Contested claim"
        template = "cms/blocks/contested.html"
        preview_value = {"title": "More contact is always better", "text": "<p>There's no single right amount.</p>"}
        description = "What is claimed, and what is fair to say."


class UnknownBlock(blocks.StructBlock):
    """What nobody knows yet."""

    text = passage(label="What we don't know")

    class Meta:
        icon = "view"
        group = "Words"
        label = "What we don't know"
        template = "cms/blocks/unknown.html"
        preview_value = {"text": "<p>Often we can't know what a birth parent felt.</p>"}
        description = "Said honestly, near the end of most lessons."


class PauseBlock(blocks.StructBlock):
    """A place to rest."""

    text = passage(required=False, help_text="One or two sentences of rest. Leave it empty for our usual words.")

    class Meta:
        icon = "time"
        group = "Words"
        label = "Pause"
        template = "cms/blocks/pause.html"
        preview_value = {"text": "<p>That was a heavy part. Feel your feet on the floor.</p>"}
        description = "After something heavy."


class FactBlock(SnippetChooserBlock):
    """A law, a sum or a date that changes: chosen, never typed into the text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("cms.DatedFact", **kwargs)

    def get_preview_value(self) -> Any:
        """Show editors a fact of their own, if there is one."""
        return self.target_model.objects.first()

    class Meta:
        icon = "date"
        group = "Facts and help"
        label = "Dated fact"
        template = "cms/blocks/fact.html"
        description = "A law, a sum or a date, with its source and when it was checked."


class NationBlock(blocks.StructBlock):
    """What differs from nation to nation."""

    applies = blocks.MultipleChoiceBlock(choices=NATIONS, widget=forms.CheckboxSelectMultiple, label="This is about")
    text = passage(label="What differs")

    class Meta:
        icon = "globe"
        group = "Facts and help"
        label = "Nation"
        template = "cms/blocks/nation.html"
        preview_value = {"applies": ["England", "Wales"], "text": "<p>Scotland has its own law.</p>"}
        description = "Where the law or the services differ."


class ResourceBlock(blocks.StructBlock):
    """Something to go to next."""

    title = blocks.CharBlock(max_length=150)
    by = blocks.CharBlock(max_length=100, required=False, help_text="Author or organisation.")
    kind = blocks.ChoiceBlock(choices=RESOURCE_KINDS)
    text = passage(label="Why it may help")

    class Meta:
        icon = "link"
        group = "Facts and help"
        label = "Resource"
        template = "cms/blocks/resource.html"
        preview_value = {"title": "PAC-UK", "by": "PAC-UK", "kind": "service", "text": "<p>Advice for families.</p>"}
        description = "A book, guide, helpline, website or service."


class DownloadBlock(blocks.StructBlock):
    """A file to keep."""

    title = blocks.CharBlock(max_length=150)
    document = DocumentChooserBlock()
    text = passage(required=False, label="What it is")

    class Meta:
        icon = "download"
        group = "Facts and help"
        label = "Download"
        template = "cms/blocks/download.html"
        preview_value = {"title": "A letter to adapt", "document": None, "text": "<p>Change the words in brackets.</p>"}
        description = "A worksheet or a letter to keep."
