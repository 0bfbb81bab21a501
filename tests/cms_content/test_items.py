"""Identities of what people do: kept through edits and moves, made anew by copies."""

from copy import deepcopy

import pytest

from cms.models import CoursePage, LessonPage
from tests.factories.cms import LessonPageFactory, ModulePageFactory, SiteTree, question

pytestmark = pytest.mark.django_db


def item_ids(page):
    return [str(block.value["item_id"]) for block in page.body]


@pytest.fixture
def course():
    return SiteTree().course(body=[question("A1"), question("A2")])


@pytest.fixture
def lesson(course):
    return LessonPage.objects.get()


def test_items_get_an_identity_when_the_page_is_first_kept(lesson):
    ids = item_ids(lesson)
    assert len(set(ids)) == 2
    assert "None" not in ids


def test_an_edit_keeps_the_identities(lesson):
    before = item_ids(lesson)
    lesson.body[0].value["prompt"] = "Other words"
    lesson.save_revision().publish()
    assert item_ids(LessonPage.objects.get()) == before


def test_a_move_keeps_page_and_items(lesson, course):
    other = ModulePageFactory(parent=course)
    identity, before = lesson.identity, item_ids(lesson)
    lesson.move(other, pos="last-child")
    moved = LessonPage.objects.get()
    assert (moved.identity, item_ids(moved)) == (identity, before)


def test_a_copy_is_a_new_page_with_new_items(lesson):
    copied = lesson.copy(update_attrs={"slug": "again"})
    copied.refresh_from_db()
    assert copied.identity != lesson.identity
    assert not set(item_ids(copied)) & set(item_ids(lesson))


def test_the_next_draft_of_a_copy_goes_on_with_the_copys_items(lesson):
    lesson.save_revision().publish()
    copied = LessonPage.objects.get(pk=lesson.copy(update_attrs={"slug": "again"}).pk)
    draft = copied.get_latest_revision_as_object()
    assert (draft.identity, item_ids(draft)) == (copied.identity, item_ids(copied))
    draft.save_revision().publish()
    assert item_ids(LessonPage.objects.get(pk=copied.pk)) == item_ids(copied)


def test_a_copied_course_shares_no_identity_with_its_original(course, lesson):
    lesson.save_revision().publish()
    course.copy(recursive=True, update_attrs={"slug": "again"})
    lessons = list(LessonPage.objects.all())
    assert len({page.identity for page in lessons}) == 2
    assert len({found for page in lessons for found in item_ids(page)}) == 4
    assert len(set(CoursePage.objects.values_list("identity", flat=True))) == 2


def test_a_block_doubled_in_the_editor_is_a_new_item(lesson):
    raw = lesson.body.get_prep_value()
    doubled = {**deepcopy(raw[0]), "id": "6f3d0c1e-9d3f-4c86-a7a7-000000000001"}
    lesson.body = [raw[0], doubled]
    lesson.save_revision().publish()
    first, second = item_ids(LessonPage.objects.get())
    assert (first, first == second) == (raw[0]["value"]["item_id"], False)


def test_saving_the_same_draft_twice_makes_no_further_identities(lesson):
    fresh = {**question("A3"), "id": "6f3d0c1e-9d3f-4c86-a7a7-000000000003"}
    lesson.body = [fresh]
    first = item_ids(lesson.save_revision().as_object())
    lesson.body = [fresh]
    assert item_ids(lesson.save_revision().as_object()) == first


def test_items_inside_notices_are_settled_too(course):
    notice = {
        "type": "notice",
        "id": "6f3d0c1e-9d3f-4c86-a7a7-000000000002",
        "value": {"about": "x", "minutes": 1, "short": "<p>x</p>", "body": [question("A9")]},
    }
    page = LessonPageFactory(parent=course.get_children().get(), body=[notice])
    inner = LessonPage.objects.get(pk=page.pk).body[0].value["body"][0]
    assert inner.value["item_id"]


def test_an_alias_follows_the_words_and_keeps_its_own_identity(lesson):
    alias = lesson.create_alias(update_slug="alias")
    lesson.title = "New words"
    lesson.save_revision().publish()
    alias.refresh_from_db()
    assert alias.title == "New words"
    assert alias.identity != lesson.identity
