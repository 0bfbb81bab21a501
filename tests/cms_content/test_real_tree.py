"""The course files that come with Hearth: all of them load, and hold what they should."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from cms import models, search
from cms.courseformat import tree
from cms.courseformat.checking import check
from cms.courseformat.problems import Problems
from cms.items import items_in
from cms.outline import read_course

ROOT = Path(__file__).resolve().parents[2] / "fixtures" / "workshops"
LESSONS = {
    "telling-the-story": 20,
    "online-safety": 23,
    "trauma-and-the-brain": 23,
    "therapeutic-parenting": 21,
    "looking-after-you": 16,
    "group-leader-pathway": 30,
}
SAY_WHAT_NOT_TO_SAY = {ROOT / "README.md", ROOT / "pages" / "how-we-write.md"}
# Said of a child or a family, these words hurt; they may stand where a lesson quotes what others say.
NEVER = re.compile(r"attention.seeking|gotcha day|damaged child|failed adoption|real parents\b|\bLAC\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def library():
    problems = Problems()
    library = tree.read(ROOT, problems)
    check(library, {}, problems)
    assert [str(problem) for problem in problems.in_order()] == []
    return library


def asked(name):
    """Yield what parents typed, and the names of what would help: as the file says it, a line each."""
    for line in (Path(__file__).parent / "queries" / f"{name}.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            typed, _, wanted = line.partition("|")
            yield typed.strip(), {one.strip() for one in wanted.split(",")}


def missed(names):
    """Return what parents typed of which nothing that would help is among the first three, with what is."""
    found = {typed: [names[entry.id] for entry in search.find(typed)[:3]] for typed, _ in asked("right_now")}
    return [f"{typed}: {found[typed]}" for typed, wanted in asked("right_now") if wanted.isdisjoint(found[typed])]


def blocks_of(library, kind):
    return [raw for entry in library.everything() if entry.body for raw in items_in(entry.body) if raw["type"] == kind]


def test_nothing_is_missing(library):
    assert {c.slug: sum(len(m.children) for m in c.children) for c in library.of("course")} == LESSONS
    numbers = {"workshop": 10, "card": 21, "self-check": 1, "topic": 9, "trainer": 5, "fact": 19, "contact": 14}
    assert {kind: len(library.of(kind)) for kind in numbers} == numbers


def test_each_course_asks_and_ends_with_a_plan(library):
    assert len(blocks_of(library, "question")) > 100
    assert len(blocks_of(library, "scenario")) == 10
    for course in library.of("course"):
        kinds = [
            raw["type"] for module in course.children for lesson in module.children for raw in items_in(lesson.body)
        ]
        assert kinds.count("reflection") >= 1, course.slug
        assert "action_plan" in kinds, course.slug


def test_no_answer_is_called_wrong(library):
    said = [option["value"]["feedback"] for raw in blocks_of(library, "question") for option in raw["value"]["options"]]
    assert not [text for text in said if re.match(r"(wrong|incorrect|no[,.!])", text, re.IGNORECASE)]


@pytest.mark.parametrize(
    "path", sorted(set(ROOT.rglob("*.md")) - SAY_WHAT_NOT_TO_SAY), ids=lambda path: str(path.relative_to(ROOT))
)
def test_words_that_hurt_are_not_ours(path):
    ours = re.sub(r'"[^"\n]*"', "", path.read_text())
    assert not NEVER.search(ours)


@pytest.mark.django_db
def test_the_whole_tree_loads_once_would_pass_the_editor_and_is_found_in_parents_words():
    out = StringIO()
    call_command("load_workshops", str(ROOT), stdout=out, stderr=out)
    call_command("load_workshops", str(ROOT), stdout=out, stderr=out)
    assert out.getvalue().splitlines()[-1].startswith("Nothing to change: ")
    outlines = {page.slug: read_course(page) for page in models.CoursePage.objects.live()}
    assert {slug: sum(len(m.lessons) for m in outline.modules) for slug, outline in outlines.items()} == LESSONS
    ids = [item.id for o in outlines.values() for m in o.modules for lesson in m.lessons for item in lesson.items]
    assert len(ids) == len(set(ids))
    for model in (models.LessonPage, models.WorkshopPage, models.CoursePage, models.PlainPage):
        for page in model.objects.all():
            page.body.stream_block.clean(page.body)
    pages = (*models.CardPage.objects.all(), *models.WorkshopPage.objects.all(), *models.CoursePage.objects.all())
    lessons = ((lesson, page.slug) for page in pages for lesson in models.LessonPage.objects.descendant_of(page))
    names = {page.pk: page.slug for page in pages} | {page.pk: f"{course}/{page.key}" for page, course in lessons}
    typed = list(asked("right_now"))
    assert len(typed) >= 50
    assert {name for _, wanted in typed for name in wanted} <= {*names.values()}
    assert len(missed(names)) <= len(typed) // 10, "\n".join(missed(names))
