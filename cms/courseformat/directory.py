"""What is on the site already, by the slugs that files know it by."""

from typing import Any

from cms.blocks.packages import packages_to_choose
from cms.models import ContactLine, CoursePage, DatedFact, LessonPage, Topic, TrainerProfile, WorkshopPage

Directory = dict[str, dict[str, int]]
_BY_SLUG: dict[str, Any] = {
    "topic": Topic,
    "trainer": TrainerProfile,
    "fact": DatedFact,
    "contact": ContactLine,
    "course": CoursePage,
    "workshop": WorkshopPage,
}


def look_up() -> Directory:
    """Return primary keys by kind and slug; under "deeper" also lessons as ``course-slug/lesson-key``."""
    found = {kind: dict(model.objects.values_list("slug", "pk")) for kind, model in _BY_SLUG.items()}
    found["deeper"] = {**_lessons(), **found["course"], **found["workshop"]}
    found["package"] = dict.fromkeys((identity for identity, _ in packages_to_choose()), 0)  # known by identity alone
    return found


def _lessons() -> dict[str, int]:
    courses = dict(CoursePage.objects.values_list("path", "slug"))
    rows = LessonPage.objects.exclude(key="").values_list("path", "key", "pk")
    return {f"{courses[path[:-8]]}/{key}": pk for path, key, pk in rows if path[:-8] in courses}
