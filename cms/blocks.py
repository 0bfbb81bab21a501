"""The blocks that lessons and pages are made of."""

from wagtail import blocks


class LessonBody(blocks.StreamBlock):
    text = blocks.RichTextBlock()
