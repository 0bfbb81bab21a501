"""Every mistake in a file is named with its file, its line and what to do about it."""

import pytest

from cms.courseformat import tree
from cms.courseformat.checking import check
from cms.courseformat.problems import Problems
from tests.cms_content.files import LESSON_PATH, QUESTION, Tree

COURSE = "courses/telling/course.md"
MODULE = "courses/telling/01-why/module.md"
SECOND = "courses/telling/01-why/02-first-words.md"
WORKSHOP = "workshops/staying/workshop.md"
CARD = "cards/a-message.md"


@pytest.fixture
def files(tmp_path):
    return Tree(tmp_path)


def problems_in(files):
    problems = Problems()
    library = tree.read(files.root, problems)
    check(library, {}, problems)
    return [str(problem) for problem in problems.in_order()]


def test_a_sound_tree_has_nothing_to_put_right(files):
    assert problems_in(files) == []


MISTAKES = [
    (LESSON_PATH, "minutes: 6", "minutes: six", '"minutes" must be a whole number from 1 to 30'),
    (LESSON_PATH, "minutes: 6", "minutes: 0", '"minutes" must be a whole number from 1 to 30'),
    (LESSON_PATH, "minutes: 6", "minutes: true", '"minutes" must be a whole number from 1 to 30'),
    (LESSON_PATH, "minutes: 6", "minuets: 6", 'there is no field "minuets" here'),
    (LESSON_PATH, "minutes: 6", "key: A9.9", '"key" is there twice'),
    (LESSON_PATH, "title: Whose story", "title: 1984", '"title" must be text: put it in quotes'),
    (LESSON_PATH, "title: Whose story", 'title: "  "', '"title" is empty'),
    (
        LESSON_PATH,
        "title: Whose story",
        f"title: {'x' * 151}",
        '"title" is 151 characters long, and there is room for 150',
    ),
    (LESSON_PATH, "title: Whose story", "title:", '"title" is missing'),
    (LESSON_PATH, "title: Whose story", "title: [one, two]", '"title" must be text: put it in quotes'),
    (LESSON_PATH, "review_by: 2027-10-12", "review_by: 2026-02-30", '"review_by" cannot be read: is it a day'),
    (LESSON_PATH, "review_by: 2027-10-12", "review_by: next year", '"review_by" must be a date, like 2026-10-12'),
    (LESSON_PATH, "review_by: 2027-10-12", "review_by: 2026-10-12", '"review_by" must come after "reviewed_on"'),
    (LESSON_PATH, "lived_experience_review: true", "lived_experience_review: maybe", "must be true or false"),
    (LESSON_PATH, "nation: [England]", "nation: [France]", '"nation" must be one of: UK, England'),
    (LESSON_PATH, "author: jo-levi", "author: jo-levy", 'there is no trainer "jo-levy"'),
    (LESSON_PATH, "{who: Internet", "{whom: Internet", '"sources" has a source with other fields'),
    (LESSON_PATH, "minutes: 6", "minutes: &six 6", "anchors (& and *) have no place"),
    (LESSON_PATH, "minutes: 6", "minutes: !!python/object/apply:os.getcwd []", "tags (!) have no place"),
    (LESSON_PATH, "minutes: 6", "minutes: [[[[[6]]]]]", "nested too deeply"),
    (LESSON_PATH, "minutes: 6", "minutes: '6", "the front matter cannot be read"),
    (LESSON_PATH, "minutes: 6", "id: 12\nminutes: 6", '"id" must be text'),
    (LESSON_PATH, "minutes: 6", "id: mine\nminutes: 6", '"id" is not an identity'),
    (LESSON_PATH, "It is **your", "# It is **your", "begin a heading with ## or ###"),
    (LESSON_PATH, "It is **your", "#### It is **your", "begin a heading with ## or ###"),
    (LESSON_PATH, "It is **your", "<b>It</b> is **your", "HTML, or a link that cannot be used"),
    (LESSON_PATH, "It is **your", "<script>alert(1)</script> **your", "HTML, or a link that cannot be used"),
    (LESSON_PATH, "It is **your", "![a](/b.png) **your", "pictures have no place in the text"),
    (LESSON_PATH, "It is **your", "[a](http://b.example) **your", "a link must begin with https://"),
    (LESSON_PATH, "It is **your", "[a](//b.example) **your", "a link must begin with https://"),
    (LESSON_PATH, "It is **your", "[a](javascript:alert(1)) **your", "a link that cannot be used"),
    (LESSON_PATH, "It is **your", "`It` is **your", "code has no place here"),
    (LESSON_PATH, "Go first, lightly", "## Go first\n\nlightly", "headings have no place in this block"),
    (LESSON_PATH, "Marco and Will's", "> Marco and Will's", "quotations have no place here"),
    (LESSON_PATH, "::: key-point", "::: keypoint", 'there is no block "keypoint" here'),
    (LESSON_PATH, "::: key-point", "::: Key Point", '"Key Point" is no name of a block'),
    (LESSON_PATH, "affirmed: composite", "affirmed: true", 'write "affirmed: composite"'),
    (LESSON_PATH, "affirmed: composite", "mood: low\naffirmed: composite", 'the example block has no field "mood"'),
    (LESSON_PATH, "key: A1\n", "key: A1.1\n", 'key "A1.1" is used twice: also in'),
    (LESSON_PATH, "key: A1\n", "key: A 1\n", 'a "key" is needed'),
    (LESSON_PATH, "kind: single", "kind: guess", '"kind" must be one of: single, multiple, true-false, order'),
    (LESSON_PATH, "about: a hungry baby", "minutes: 2", '"minutes" is there twice'),
    (LESSON_PATH, "minutes: 1\n", "minutes: 99\n", '"minutes" must be a whole number from 1 to 30'),
    (LESSON_PATH, "start: car", "start: bus", 'the scenario starts at "bus", and there is no such card'),
    (LESSON_PATH, "slug: epac", "slug: epca", 'there is no dated fact "epca"'),
    (LESSON_PATH, "slug: epac\n", "slug: epac\n\nWords.\n", "the fact block has no text"),
    (LESSON_PATH, "applies: England, Wales", "applies: England, France", '"France" must be one of: England'),
    (LESSON_PATH, "kind: service", "kind: film", '"kind" must be one of: book, guide'),
    (LESSON_PATH, "We can't know.", "", "the unknown block is empty"),
    (SECOND, "minutes: ", "content_note: Hunger.\nminutes: ", "needs a notice around its hard part"),
    (SECOND, "right: Feeling, fact, space.\n", "", 'the question needs a line "right:"'),
    (SECOND, "- [ ] True", "- [ ] Perhaps", "needs exactly the options True and False"),
    (SECOND, "- My sentence:", "My sentence:", 'each box of an action plan is a line that begins with "- "'),
    (MODULE, "summary: Whose story it is.", "summary: Whose.\nskippable: true", 'needs a "content_note"'),
    (MODULE, "summary: Whose story it is.", "key: A1", 'there is no field "key" here'),
    (COURSE, "neutral_title: Family", "neutral_title: Adoptive family", "must say nothing of adoption"),
    (COURSE, "ages: [5-7, 8-11]", "ages: [5-8]", '"ages" must be one of: under-5'),
    (COURSE, "open_to: everyone", "open_to: all", '"open_to" must be one of: everyone, verified, approval, invited'),
    (COURSE, "topics: [play]", "topics: [games]", 'there is no topic "games"'),
    (COURSE, "linked_workshops: [staying]", "linked_workshops: [going]", 'there is no workshop "going"'),
    (COURSE, "There are short lessons.", f"There are.\n\n{QUESTION}", 'there is no block "question" here'),
    (WORKSHOP, "{minutes: 60, title: Letter", "{minutes: 50, title: Letter", "the agenda adds up to 80 minutes"),
    (WORKSHOP, "{minutes: 60, title: Letter", "{minutes: 60, name: Letter", '"agenda" must be a list of'),
    (WORKSHOP, "open_to: verified", "open_to: everyone", '"open_to" must be one of: verified'),
    (CARD, "deeper: [telling/A1.1, staying]", "deeper: [telling/A9]", "there is no workshop, course or lesson"),
    (CARD, "who_to_ring: [police]", "who_to_ring: [plumber]", 'there is no contact line "plumber"'),
    ("contacts/police.md", 'number: "999"', "number: 999", '"number" must be in quotes'),
    ("contacts/police.md", 'number: "999"', 'number: ""', 'needs a "number" or a "link"'),
    (
        "contacts/police.md",
        "checked_on: 2026-10-12\n---\n",
        "checked_on: 2026-10-12\n---\nWords.\n",
        "take the text out",
    ),
    ("topics/play.md", "dye: madder", "dye: red", '"dye" must be one of: woad'),
    ("topics/play.md", "Small games", f"{'Small ' * 30}games", "must be one line of at most 120 characters"),
    ("pages/home.md", "heading: You", "heeding: You", '"heading" is missing'),
]


@pytest.mark.parametrize(("path", "old", "new", "words"), MISTAKES, ids=[f"{m[0]} {m[2][:30]}" for m in MISTAKES])
def test_a_mistake_is_named_with_its_file_and_reason(files, path, old, new, words):
    files.swap(path, old, new)
    found = problems_in(files)
    assert any(problem.startswith(f"{path}:") and words in problem for problem in found), found


LINES = [
    (LESSON_PATH, "minutes: 6", "minutes: six", "minutes"),
    (LESSON_PATH, "It is **your", "# It is **your", "heading"),
    (LESSON_PATH, "::: key-point", "::: keypoint", "keypoint"),
    (LESSON_PATH, "Go first, lightly", "Go <i>first</i>, lightly", "HTML"),
    (LESSON_PATH, "- [ ] At about five.", "- [ ] At about six.\n  > Yes.\n- [ ] At about five.", None),
    (LESSON_PATH, "kind: single", "kind: guess", "kind"),
    (LESSON_PATH, "slug: epac", "slug: epca", "epca"),
    (LESSON_PATH, "author: jo-levi", "author: jo-levy", "jo-levy"),
    (SECOND, "key: A3", "key: A2", "used twice"),
    (WORKSHOP, "trainers: [jo-levi]", "trainers: [jo]", "jo"),
]


@pytest.mark.parametrize(("path", "old", "new", "words"), LINES)
def test_the_line_is_that_of_the_mistake(files, path, old, new, words):
    line = files.swap(path, old, new)
    expected = [] if words is None else [f"{path}:{line}: "]
    found = problems_in(files)
    assert [problem[: len(start)] for problem, start in zip(found, expected, strict=True)] == expected


def test_an_option_without_feedback_is_quoted(files):
    line = files.swap(
        LESSON_PATH, "- [x] From the start.\n  > Your child never remembers not knowing.\n", "- [x] From the start.\n"
    )
    assert problems_in(files) == [f'{LESSON_PATH}:{line}: option "From the start." has no feedback']


QUESTION_FAULTS = [
    ("- [x] From", "- [ ] From", "has no right option"),
    ("- [ ] At about five.", "- [x] At about five.", "more than one right option"),
    ("- [ ] At about five.", "- [ ] From the start.", 'option "From the start." is there twice'),
    ("- [ ] At about five.", f"- [ ] {'five ' * 100}", "this option is 499 characters long"),
    ("When do you start?", "", "the question has no words"),
    ("- [ ] At about five.", "- At about five.", 'an option begins with "- [ ]"'),
]


@pytest.mark.parametrize(("old", "new", "words"), QUESTION_FAULTS)
def test_a_question_that_cannot_be_answered_is_refused(files, old, new, words):
    files.swap(LESSON_PATH, old, new)
    if new.startswith("- At"):
        files.swap(LESSON_PATH, "- [x] From the start.", "- [x] From the start.\n  > Yes.\nFrom the end.")
    assert any(words in problem for problem in problems_in(files))


SCENARIO_FAULTS = [
    ("-> end | Drive home\n", "-> car | Drive home\n-> pace | Wait\n", None),
    ("-> end | Drive home\n", "-> ende | Drive home\n", 'card "pace" leads to "ende", and there is no such card'),
    ('-> pace | "You\'re so cross."\n', "", 'card "pace" cannot be reached from the start'),
    ("-> end | Drive home\n", "-> pace | Drive home\n", 'card "pace" never comes to an ending'),
    ("== pace", "== car", 'card "car" is there twice'),
    ("== pace", "== Pace Two", 'card "Pace Two" has a name with other than small letters'),
    ("-> end | Drive home", "-> end", 'write a choice as "-> card | words"'),
    ("== car\n", "", 'a scenario begins with a card: "== name"'),
    ("Her shoulders drop.\n", "", 'card "pace" has no words'),
]


@pytest.mark.parametrize(("old", "new", "words"), SCENARIO_FAULTS)
def test_nobody_can_be_lost_in_a_scenario(files, old, new, words):
    files.swap(LESSON_PATH, old, new)
    found = problems_in(files)
    assert any(words in problem for problem in found) if words else found == []


def test_all_mistakes_of_all_files_are_told_at_once(files):
    files.swap(LESSON_PATH, "minutes: 6", "minutes: six")
    files.swap(LESSON_PATH, "affirmed: composite", "affirmed: no")
    files.swap("facts/epac.md", "value:", "worth:")
    found = problems_in(files)
    assert [problem.split(":")[0] for problem in found] == [LESSON_PATH, LESSON_PATH, "facts/epac.md", "facts/epac.md"]


UNREADABLE = [
    (b"---\nkey: A\0\n---\n", "cannot be seen"),
    (b"\x89PNG\r\n\x1a\n\x00", "not text in UTF-8"),
    ("---\nkey: \u00e9\n---\n".encode("latin-1"), "not text in UTF-8"),
    (b"key: A\n", 'must begin with "---"'),
    (b"", 'must begin with "---"'),
    (b"---\nkey: A\n", "has no end"),
    (b"---\n- a\n- b\n---\n", 'must be lines of "field: value"'),
    (b"---\n---\n", 'must be lines of "field: value"'),
    (b"---\nx: " + b"y" * 300_000 + b"\n---\n", "larger than 200 kB"),
    (b"---\nx: " + b"y" * 40_000 + b"\n---\n", "longer than 30000 characters"),
    (b"---\na: " + b"[" * 3_000 + b"\n---\n", "nested too deeply"),
    (b"---\na: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n---\n", "anchors"),
    (b"---\nkey: " + b"9" * 6_000 + b"\n---\n", '"key" cannot be read'),
]


@pytest.mark.parametrize(("data", "words"), UNREADABLE, ids=[words for _, words in UNREADABLE])
def test_what_is_no_text_of_ours_is_refused_kindly(files, data, words):
    files.write(LESSON_PATH, data)
    assert any(p.startswith(f"{LESSON_PATH}:") and words in p for p in problems_in(files))


def test_a_link_out_of_the_folder_is_not_followed(files, tmp_path_factory):
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.md"
    secret.write_text("---\nkey: S\n---\n")
    (files.root / "pages/secret.md").symlink_to(secret)
    (files.root / "courses/telling/02-out").symlink_to(secret.parent)
    found = problems_in(files)
    assert any("pages/secret.md:1: this is a link that leads out of the folder" in problem for problem in found)
    assert any("courses/telling/02-out" in problem and "link that leads out" in problem for problem in found)


STRAYS = [
    ("notes.txt", "only these folders have a place here"),
    ("recipes/soup.md", "only these folders have a place here"),
    ("topics/play.txt", 'only files that end in ".md"'),
    ("topics/Play Time.md", "the name may only have small letters"),
    ("workshops/readme.md", "only folders have a place here"),
    ("workshops/staying/notes.md", "only workshop.md"),
    ("workshops/going/notes.md", "this is not a file"),
    ("courses/telling/notes.md", "only course.md and folders of modules"),
    ("courses/telling/02-more/module.md", "the module has no lesson"),
    ("courses/telling/more/module.md", "the name must begin with a number"),
    ("courses/telling/01-why/more.md", "the name must begin with a number"),
    ("courses/telling/01-why/03-first-words.md", "is there twice: names must differ in more than their number"),
    ("courses/telling/01-why/picture.png", 'only files that end in ".md"'),
]


@pytest.mark.parametrize(("path", "words"), STRAYS)
def test_what_nobody_would_read_is_named(files, path, words):
    files.write(path, "---\ntitle: x\n---\n")
    assert any(words in problem for problem in problems_in(files))


def test_what_editors_and_systems_leave_behind_is_passed_over(files):
    for name in (".DS_Store", "topics/.play.md.swp", "topics/play.md~", "README.md"):
        files.write(name, "x")
    assert problems_in(files) == []


def test_an_empty_folder_is_no_tree(tmp_path):
    assert problems_in(Tree(tmp_path, {})) == [".:1: there is nothing to read in this folder"]


def test_a_folder_with_more_files_than_anybody_writes_is_another_folder(files, monkeypatch):
    monkeypatch.setattr(tree, "MOST_FILES", 5)
    assert any("is this the folder that was meant?" in problem for problem in problems_in(files))


def test_one_course_alone_names_what_it_misses(files):
    problems = Problems()
    library = tree.read(files.root / "courses/telling", problems)
    check(library, {"trainer": {"jo-levi"}, "topic": {"play"}, "fact": {"epac"}}, problems)
    assert [str(problem) for problem in problems.in_order()] == ['course.md:10: there is no workshop "staying"']
    assert library.is_whole is False


MEDIA = [
    ("file: sheet.pdf", None, "must lie in the folder media/"),
    ("file: media/../../../../../facts/epac.md", None, "must lie in the folder media/"),
    ("file: media/sheet.exe", "media/sheet.exe", "must end in .pdf or .docx"),
    ("file: media/gone.pdf", None, "there is no file"),
]


@pytest.mark.parametrize(("line", "path", "words"), MEDIA)
def test_a_file_beside_a_text_must_be_one_that_people_may_have(files, line, path, words):
    files.swap(LESSON_PATH, "::: pause\n:::", f"::: download\ntitle: A sheet\n{line}\n:::")
    if path:
        files.write(f"courses/telling/01-why/{path}", b"MZ")
    assert any(words in problem for problem in problems_in(files))
