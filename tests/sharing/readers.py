"""What a course is known by, read from its pages."""

from cms.items import items_in
from cms.models import LessonPage


def identities(course):
    """The identities of a course, of all its pages, and of all that they ask, in order."""
    found = [str(course.identity)]
    for page in course.get_descendants().order_by("path").specific():
        found.append(str(page.identity))
        if isinstance(page, LessonPage):
            words = page if page.live else page.get_latest_revision_as_object()
            for block in items_in(words.body.get_prep_value()):
                found.append(block["value"]["item_id"])
                found += [one["id"] for one in block["value"].get("questions", ())]
    return found
