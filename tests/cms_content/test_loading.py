"""Loading text files: all or nothing, again at no cost, and never over somebody's work."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Page, Revision, Site
from wagtail.signals import page_published

from cms import models
from cms.courseformat import kinds, site
from tests.cms_content.files import LESSON, LESSON_PATH, MODULE, Tree

pytestmark = pytest.mark.django_db
COURSE = "courses/telling/course.md"


@pytest.fixture
def files(tmp_path):
    return Tree(tmp_path)


def load(path, **options):
    out = StringIO()
    call_command("load_workshops", str(path), stdout=out, stderr=out, **options)
    return out.getvalue()


@pytest.fixture
def loaded(files):
    load(files.root)
    return files


def lesson():
    return models.LessonPage.objects.get(key="A1.1")


def counts():
    return {model: model.objects.count() for model in (Page, Revision, models.Topic, models.DatedFact, models.Loaded)}


# --- the first load ---------------------------------------------------------------------------------------------------
def test_everything_is_made_and_published(loaded):
    course = models.CoursePage.objects.get()
    assert course.live
    assert [p.url for p in Page.objects.live().descendant_of(course)] == [
        "/courses/telling/why/",
        "/courses/telling/why/whose-story/",
        "/courses/telling/why/first-words/",
    ]
    assert {page.url for page in Page.objects.live().filter(depth=3)} == {
        "/courses/",
        "/workshops/",
        "/topics/",
        "/right-now/",
        "/help-now/",
        "/about/",
    }


def test_the_home_page_takes_the_place_of_wagtails_welcome(loaded):
    site = Site.objects.get(is_default_site=True)
    assert site.root_page.specific == models.HomePage.objects.get()
    assert [page.title for page in Page.objects.filter(depth=2)] == ["Hearth"]
    assert models.HomePage.objects.get().introduction == "Learning for adoptive families."


def test_files_may_give_words_to_every_page_that_each_site_has():
    assert {"home", *site.SHELVES} == kinds.SHELVES


def test_pages_point_at_what_their_files_name(loaded):
    course, workshop, card = (
        models.CoursePage.objects.get(),
        models.WorkshopPage.objects.get(),
        models.CardPage.objects.get(),
    )
    assert list(course.linked_workshops.all()) == [workshop]
    assert list(workshop.linked_courses.all()) == [course]
    assert [topic.slug for topic in course.topics.all()] == ["play"]
    assert course.author.name == "Jo Levi"
    assert {page.pk for page in card.deeper.all()} == {lesson().pk, workshop.pk}
    assert models.TopicPage.objects.get().topic.slug == "play"
    assert workshop.agenda == [{"minutes": 30, "title": "Welcome"}, {"minutes": 60, "title": "Letter clinic"}]


def test_the_facts_in_a_body_are_the_sites_own(loaded):
    fact = next(block.value for block in lesson().body if block.block_type == "fact")
    assert fact == models.DatedFact.objects.get(slug="epac")


def test_what_is_loaded_would_pass_the_editor_and_keep_every_block(loaded):
    bodies = [page.body for page in models.LessonPage.objects.all()]
    kinds_of = [[block.block_type for block in body] for body in bodies]
    assert [[block.block_type for block in body.stream_block.clean(body)] for body in bodies] == kinds_of
    assert {"text", "fact"} <= {kind for of_one in kinds_of for kind in of_one}


def test_a_course_is_published_after_all_that_it_holds(files):
    published = []

    def note(sender, instance, **kwargs):
        published.append(sender)

    page_published.connect(note)
    try:
        load(files.root)
    finally:
        page_published.disconnect(note)
    course = published.index(models.CoursePage)
    assert max(n for n, sender in enumerate(published) if sender in {models.LessonPage, models.ModulePage}) < course


def test_progress_and_a_summary_are_told(files):
    told = load(files.root).splitlines()
    assert told[0] == "1/14 Play"
    assert "14/14 " in told[-2]
    assert told[-1].startswith("Done: ")


def test_what_was_loaded_can_be_found(loaded):
    assert [page.slug for page in models.LessonPage.objects.search("hungry")] == ["whose-story"]


def test_files_beside_the_text_become_documents_and_pictures(files):
    folder = LESSON_PATH.rsplit("/", 1)[0]
    files.write(f"{folder}/media/sheet.pdf", b"%PDF-1.4 sheet")
    files.write(f"{folder}/media/talk.mp4", b"film")
    files.write(f"{folder}/media/talk.vtt", b"WEBVTT")
    picture = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc00000030101"
        "00c9fe92ef0000000049454e44ae426082"
    )
    files.write(f"{folder}/media/room.png", picture)
    video = (
        "::: video\nkey: A-V1\ntitle: A talk\nfile: media/talk.mp4\ncaptions: media/talk.vtt\n"
        "poster: media/room.png\nminutes: 2\n\nWhat is said.\n:::\n"
    )
    files.swap(LESSON_PATH, "::: pause\n:::", f"::: download\ntitle: A sheet\nfile: media/sheet.pdf\n:::\n\n{video}")
    load(files.root)
    assert Document.objects.get(title="A sheet").file_size == 14
    blocks = {block.block_type: block.value for block in lesson().body}
    assert blocks["download"]["document"].title == "A sheet"
    assert blocks["video"]["video"].file_extension == "mp4"
    assert blocks["video"]["poster"] == Image.objects.get()
    files.swap(LESSON_PATH, "It is **your", "It was **your")
    load(files.root)
    assert (Document.objects.count(), Image.objects.count()) == (3, 1)


# --- again ------------------------------------------------------------------------------------------------------------
def test_loading_again_changes_nothing(loaded):
    before = counts()
    assert load(loaded.root) == "Nothing to change: 14 unchanged.\n"
    assert counts() == before


def test_a_changed_file_changes_its_own_page_only(loaded):
    before = counts()
    loaded.swap(LESSON_PATH, "title: Whose story", "title: Their story")
    assert load(loaded.root).splitlines()[0] == "1/1 Their story"
    assert lesson().title == "Their story"
    assert counts() == {**before, Revision: before[Revision] + 1}


def test_a_changed_fact_changes_it_in_its_place(loaded):
    pk = models.DatedFact.objects.get().pk
    loaded.swap("facts/epac.md", "An EPAC is voluntary.", "An EPAC is still voluntary.")
    load(loaded.root)
    assert models.DatedFact.objects.get(pk=pk).value == "An EPAC is still voluntary."


def test_a_new_lesson_stands_where_its_file_stands(loaded):
    text = LESSON.split("::: key-point")[0].replace("A1.1", "A1.0").replace("Whose story", "Before")
    text = text.replace("content_note: ", "no_hard_part: true\ncontent_note: ")
    loaded.write("courses/telling/01-why/00-before.md", f"{text}\nWords.\n")
    load(loaded.root)
    module = models.ModulePage.objects.get()
    assert [page.slug for page in module.get_children()] == ["before", "whose-story", "first-words"]
    assert "unchanged" in load(loaded.root)


def test_lessons_change_places_with_their_files(loaded):
    folder = loaded.root / "courses/telling/01-why"
    (folder / "01-whose-story.md").rename(folder / "03-whose-story.md")
    before = counts()
    load(loaded.root)
    assert [page.slug for page in models.ModulePage.objects.get().get_children()] == ["first-words", "whose-story"]
    assert counts()[Revision] == before[Revision]


def test_a_lesson_moves_to_another_module_and_stays_the_same_lesson(loaded):
    identity = lesson().identity
    loaded.write("courses/telling/02-how/module.md", MODULE.replace("Why it matters", "How"))
    (loaded.root / LESSON_PATH).rename(loaded.root / "courses/telling/02-how/01-whose-story.md")
    load(loaded.root)
    assert lesson().identity == identity
    assert lesson().url == "/courses/telling/how/whose-story/"


def test_what_is_in_no_file_any_more_stays_and_is_named(loaded):
    identity = lesson().identity
    (loaded.root / LESSON_PATH).unlink()
    loaded.swap("cards/a-message.md", "telling/A1.1", "telling/A1.2")
    assert f"lesson/{identity}: in no file any more" in load(loaded.root)
    assert lesson().live


def test_what_an_editor_then_takes_out_is_named_no_more(loaded):
    (loaded.root / LESSON_PATH).unlink()
    loaded.swap("cards/a-message.md", "telling/A1.1", "telling/A1.2")
    load(loaded.root)
    lesson().delete()
    assert "in no file any more" not in load(loaded.root)


def test_a_new_key_makes_it_another_lesson_that_asks_the_same_questions(loaded):
    before, asked = lesson().identity, lesson().body[-1].value["item_id"]
    loaded.swap(LESSON_PATH, "key: A1.1", "key: A1.7")
    loaded.swap("cards/a-message.md", "telling/A1.1", "telling/A1.7")
    assert "Done: 2 changed" in load(loaded.root)
    page = models.LessonPage.objects.get(key="A1.7")
    assert page.identity != before
    assert page.body[-1].value["item_id"] == asked
    assert load(loaded.root).startswith("Nothing to change")


def test_one_course_can_be_loaded_alone(loaded):
    loaded.swap(LESSON_PATH, "minutes: 6", "minutes: 7")
    told = load(loaded.root / "courses/telling")
    assert told.splitlines()[-1] == "Done: 1 changed, 3 unchanged."
    assert lesson().minutes == 7


def test_one_workshop_can_be_loaded_alone(loaded):
    loaded.swap("workshops/staying/workshop.md", "summary: Letters and meetings.", "summary: Letters.")
    load(loaded.root / "workshops/staying")
    assert models.WorkshopPage.objects.get().summary == "Letters."


# --- edited on the site -----------------------------------------------------------------------------------------------
def edit_on_the_site(title="An editor's title", publish=True):
    page = lesson()
    page.title = title
    revision = page.save_revision()
    if publish:
        revision.publish()


@pytest.mark.parametrize("publish", [True, False])
def test_what_an_editor_wrote_is_not_overwritten(loaded, publish):
    edit_on_the_site(publish=publish)
    loaded.swap(LESSON_PATH, "title: Whose story", "title: Their story")
    told = load(loaded.root)
    assert f"{LESSON_PATH}: Their story: changed on the site since, so it stays" in told
    assert lesson().get_latest_revision_as_object().title == "An editor's title"


def test_what_an_editor_wrote_can_be_overwritten_when_asked(loaded):
    edit_on_the_site()
    assert "unchanged" in load(loaded.root)
    load(loaded.root, overwrite=True)
    assert lesson().title == "Whose story"


def test_a_fact_an_editor_has_changed_stays(loaded):
    models.DatedFact.objects.update(value="Checked by an editor.")
    loaded.swap("facts/epac.md", "An EPAC is voluntary.", "Other words.")
    assert "Education plan: changed on the site" in load(loaded.root)
    assert models.DatedFact.objects.get().value == "Checked by an editor."


def test_a_page_taken_down_is_not_put_up_again(loaded):
    lesson().unpublish()
    loaded.swap(LESSON_PATH, "minutes: 6", "minutes: 7")
    load(loaded.root)
    assert (lesson().live, lesson().minutes) == (False, 6)


def test_a_course_taken_out_stays_out_until_asked_for(loaded):
    models.CoursePage.objects.get().delete()
    loaded.swap("cards/a-message.md", "order: 3", "order: 4")
    told = load(loaded.root)
    assert told.count("changed on the site since, so it stays") == 4
    assert not models.LessonPage.objects.exists()
    assert [page.slug for page in models.CardPage.objects.get().deeper.all()] == ["staying"]
    load(loaded.root, overwrite=True)
    assert lesson().live


def test_a_page_of_the_same_name_made_by_an_editor_stays(files, loaded):
    home = models.HomePage.objects.get()
    home.add_child(instance=models.PlainPage(title="Ours", slug="contact"))
    loaded.write("pages/contact.md", "---\ntitle: Contact\nsummary: How.\n---\n\nWrite.\n")
    assert "Contact: changed on the site" in load(loaded.root)
    assert models.PlainPage.objects.get(slug="contact").title == "Ours"


# --- refusals ---------------------------------------------------------------------------------------------------------
def test_a_mistake_anywhere_changes_nothing(files):
    files.swap(LESSON_PATH, "slug: epac", "slug: epca")
    files.swap(COURSE, "open_to: everyone", "open_to: all")
    before, out = counts(), StringIO()
    with pytest.raises(CommandError, match=r"2 to put right\. Nothing was changed\."):
        call_command("load_workshops", str(files.root), stdout=out, stderr=out)
    told = out.getvalue().splitlines()
    assert [line.split(":")[0] for line in told] == [LESSON_PATH, COURSE]
    assert counts() == before


def test_a_mistake_in_one_file_keeps_good_changes_in_others_out(loaded):
    loaded.swap("facts/epac.md", "An EPAC is voluntary.", "Other words.")
    loaded.swap(LESSON_PATH, "minutes: 6", "minutes: six")
    with pytest.raises(CommandError):
        load(loaded.root)
    assert models.DatedFact.objects.get().value == "An EPAC is voluntary."


def test_what_the_site_refuses_is_named_and_nothing_is_kept(loaded):
    course = models.CoursePage.objects.get()
    module = course.get_children().get()
    taken = models.LessonPage(title="x", slug="later", summary="x", minutes=1, live=False)
    module.add_child(instance=taken)
    loaded.swap("facts/epac.md", "An EPAC is voluntary.", "Other words.")
    path = loaded.root / LESSON_PATH
    path.rename(path.with_name("01-later.md"))
    with pytest.raises(CommandError, match=r"01-later\.md:1: .*already in use"):
        load(loaded.root)
    assert models.DatedFact.objects.get().value == "An EPAC is voluntary."


def test_a_folder_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(CommandError, match="There is no folder"):
        load(tmp_path / "nowhere")


def test_a_dry_run_says_what_would_change_and_changes_nothing(files):
    before = counts()
    assert load(files.root, dry_run=True) == "Checked: 14 would be new.\n"
    assert counts() == before


def test_a_dry_run_after_an_edit_tells_apart_what_changed(loaded):
    loaded.swap(LESSON_PATH, "minutes: 6", "minutes: 7")
    before = counts()
    assert load(loaded.root, dry_run=True) == "Checked: 1 would be changed, 13 would be unchanged.\n"
    assert counts() == before
