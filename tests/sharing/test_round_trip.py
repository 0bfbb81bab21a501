"""A course that travels is the same course: byte for byte, and id for id."""

import io
import uuid
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from wagtail.images.models import Image
from wagtail.models import Page

from cms import models
from cms.blocks import LessonBody, PageBody
from cms.courseformat import archives, block_texts
from cms.courseformat.loading import Unwritable
from cms.items import items_in
from tests.factories.sharing import course_files, folder_of
from tests.sharing.readers import identities

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2] / "fixtures" / "workshops"
LESSON = "courses/telling/01-why/01-whose-story.md"


def empty_the_site():
    """As on another installation: no page, no topic, no memory of files."""
    for page in Page.objects.filter(depth=2):
        page.specific.delete()
    for model in (models.Topic, models.TrainerProfile, models.DatedFact, models.Loaded, Image):
        model.objects.all().delete()


@pytest.mark.once
def test_every_course_of_ours_comes_back_byte_for_byte_with_the_same_ids(bring_in, saved):
    call_command("load_workshops", str(ROOT), stdout=io.StringIO())
    before = {page.slug: (saved(page), identities(page)) for page in models.CoursePage.objects.all()}
    assert len(before) == 6
    assert all(bring_in(archive).changes_nothing for archive, _ in before.values())
    empty_the_site()
    for archive, _ in before.values():
        assert not bring_in(archive).changes_nothing
        assert bring_in(archive).changes_nothing
    assert not models.CoursePage.objects.live().exists()
    assert {page.slug: (saved(page), identities(page)) for page in models.CoursePage.objects.all()} == before


def test_media_and_what_an_editor_made_travel_too(bring_in, saved):
    bring_in()
    lesson = models.LessonPage.objects.get(key="A1.1")
    made = uuid.uuid4()
    lesson.body = [
        *lesson.body.get_prep_value(),
        {"type": "text", "value": '<p data-block-key="ab1">Read <b>this </b>twice: 3 &lt; 4, *so* there.</p>'},
        {"type": "text", "value": "<ul><li>One<ul><li>two</li></ul></li></ul>"},
        {"type": "reflection", "value": {"prompt": "What now?", "key": "", "item_id": str(made)}},
    ]
    for page in (models.CoursePage.objects.get(), *models.ModulePage.objects.all(), *models.LessonPage.objects.all()):
        page.specific.save_revision().publish()
    lesson.save_revision().publish()
    course = models.CoursePage.objects.get()
    first, known = saved(course), identities(course)
    assert str(made) in known
    names = zipfile.ZipFile(io.BytesIO(first)).namelist()
    assert {name.rpartition(".")[2] for name in names} == {"md", "mp4", "vtt", "png", "pdf"}
    empty_the_site()
    bring_in(first)
    course = models.CoursePage.objects.get()
    assert (saved(course), identities(course)) == (first, known)
    poster = next(
        block.value["poster"]
        for block in models.LessonPage.objects.get(slug="whose-story").get_latest_revision_as_object().body
        if block.block_type == "video"
    )
    assert poster.width == 1


def test_what_no_file_can_say_is_not_saved_and_the_file_is_named(bring_in, saved):
    bring_in()
    for key, spoil in {"A1.1": ("author_id", None), "A1.2": ("title", "x" * 200)}.items():
        lesson = models.LessonPage.objects.get(key=key).get_latest_revision_as_object()
        setattr(lesson, *spoil)
        lesson.save_revision()
    with pytest.raises(archives.NotSound) as refusal:
        saved(models.CoursePage.objects.get())
    assert [str(problem).rpartition("/")[2][:27] for problem in refusal.value.problems] == [
        '01-whose-story.md:1: "autho',
        '02-first-words.md:4: "title',
    ]


def test_every_block_that_a_page_may_hold_can_be_written():
    blocks = {*LessonBody().child_blocks, *PageBody().child_blocks}
    assert blocks - block_texts._BLOCKS.keys() == {"text"}


def test_prompts_that_a_file_would_take_for_options_are_found(bring_in, saved):
    bring_in()
    lesson = models.LessonPage.objects.get(key="A1.2").get_latest_revision_as_object()
    raw = lesson.body.get_prep_value()
    next(items_in(raw))["value"]["prompt"] = "Which?\n\n1. This one"
    lesson.body = raw
    lesson.save_revision()
    with pytest.raises(archives.NotSound, match=r"02-first-words\.md:1: what stands here can't be written"):
        saved(models.CoursePage.objects.get())


def test_what_people_read_stays_until_an_editor_publishes_the_change(bring_in, saved):
    bring_in()
    for page in Page.objects.filter(live=False):
        page.specific.save_revision().publish()
    changed = course_files()
    changed[LESSON] = changed[LESSON].replace(b"Go first, lightly", b"Begin first, lightly")
    del changed["courses/telling/01-why/02-first-words.md"]
    models.LessonPage.objects.update(locked=True)
    with pytest.raises(Unwritable, match="locked this page"):
        bring_in(changed)
    models.LessonPage.objects.update(locked=False)
    done = bring_in(changed)
    assert [(step.title, step.deed) for step in done.steps if step.deed not in {"same", "here"}] == [
        ("Whose story", "changed")
    ]
    assert done.left == ("First words",)
    lesson = models.LessonPage.objects.get(key="A1.1")
    assert "Begin first" not in str(lesson.body.get_prep_value())
    assert "Begin first" in str(lesson.get_latest_revision_as_object().body.get_prep_value())
    assert models.LessonPage.objects.get(key="A1.2").live
    assert bring_in(changed).changes_nothing
    assert saved(models.CoursePage.objects.get()) != b""


def test_the_commands_save_and_bring_in_and_say_what_would_be_done(bring_in, tmp_path):
    bring_in()
    file, out = tmp_path / "telling.zip", io.StringIO()
    call_command("export_course", "telling", str(file), stdout=out)
    empty_the_site()
    call_command("import_course", str(file), dry_run=True, stdout=out)
    assert not models.CoursePage.objects.exists()
    call_command("import_course", str(file), stdout=out)
    call_command("import_course", str(file), stdout=out)
    said = out.getvalue().splitlines()
    assert "courses/telling/course.md: Telling the story: would be new" in said
    assert said[-1] == "Nothing to change."
    file.write_bytes(file.read_bytes()[:-100])
    refused = (
        ("import_course", [str(file)]),
        ("export_course", ["gone", str(file)]),
        ("export_course", ["telling", "."]),
    )
    for command, arguments in refused:
        with pytest.raises(CommandError):
            call_command(command, *arguments)


def test_the_files_of_a_shared_course_load_like_any_others(bring_in, saved, tmp_path):
    bring_in()
    course = models.CoursePage.objects.get()
    archive, known = saved(course), identities(course)
    empty_the_site()
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        folder = folder_of(tmp_path / "files", {name: packed.read(name) for name in packed.namelist()})
    call_command("load_workshops", str(folder), stdout=io.StringIO())
    assert identities(models.CoursePage.objects.get()) == known
