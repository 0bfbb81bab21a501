"""The blocks that lessons and pages are made of."""

from cms.blocks.bodies import LessonBody, PageBody

__all__ = ["LessonBody", "PageBody"]
