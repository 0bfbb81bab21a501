"""What well-written files come to."""

import os

import pytest

from cms.courseformat import texts, tree
from cms.courseformat.problems import Problems
from tests.cms_content.files import LESSON_PATH, Tree

SECOND = "courses/telling/01-why/02-first-words.md"


@pytest.fixture
def files(tmp_path):
    return Tree(tmp_path)


def body_of(files, path=LESSON_PATH):
    (entry,) = [entry for entry in tree.read(files.root, Problems()).everything() if entry.path == path]
    return entry.body


def test_windows_line_ends_and_a_byte_order_mark_are_no_mistake(files):
    text = (files.root / LESSON_PATH).read_text()
    plain = body_of(files)
    files.write(LESSON_PATH, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert body_of(files) == plain


def block(files, kind, path=LESSON_PATH):
    return next(raw["value"] for raw in body_of(files, path) if raw["type"] == kind)


def test_running_text_becomes_what_the_editor_keeps(files):
    assert block(files, "text") == "<p>It is <b>your child's</b> story, as <i>Two Homes</i> says.</p>"


def test_lists_and_quotations_hold_bare_text(files):
    files.swap("pages/about.md", "- Adopters\n", "- Adopters\n\n  of any age\n\n")
    files.swap("pages/about.md", "## Who", "> One line\n> and more\n>\n> Another\n\n## Who")
    text = body_of(files, "pages/about.md")[0]["value"]
    assert "<li>Adopters<br/><br/>of any age</li><li><b>Anybody</b> who asks</li>" in text
    assert "<blockquote>One line and more<br/><br/>Another</blockquote>" in text


def test_words_around_bold_ones_keep_their_spaces(files):
    files.swap("pages/about.md", "Hearth is a place to learn.", "**Hearth** *is*\na **place**\nto learn.")
    assert body_of(files, "pages/about.md")[0]["value"].startswith(
        "<p><b>Hearth</b> <i>is</i> a <b>place</b> to learn.</p>"
    )


def test_a_question_keeps_feedback_that_goes_over_two_lines(files):
    first, second = block(files, "question")["options"]
    assert first["value"] == {
        "text": "At about five.",
        "right": False,
        "feedback": "Understanding grows later, but words can start now.",
    }
    assert second["value"]["right"] is True


def test_an_order_question_keeps_its_order_and_its_two_answers(files):
    value = block(files, "question", SECOND)
    assert [option["value"]["text"] for option in value["options"]] == [
        "Name the feeling.",
        "Say the headline.",
        "Give space.",
    ]
    assert (value["when_right"], value["otherwise"]) == (
        "Feeling, fact, space.",
        "Try the feeling first, then the fact.",
    )


def test_a_scenario_keeps_its_cards_and_ways(files):
    value = block(files, "scenario")
    assert (value["title"], value["start"]) == ("Not my real mum", "car")
    ways = [[way["value"]["to"] for way in card["value"]["choices"]] for card in value["cards"]]
    assert ways == [["pace", "end"], ["end"], []]


def test_a_notice_holds_its_short_version_apart(files):
    value = block(files, "notice")
    assert (value["about"], value["minutes"], value["short"]) == (
        "a hungry baby",
        1,
        "<p>Some children were not fed.</p>",
    )
    assert [inner["type"] for inner in value["body"]] == ["text", "reflection"]


def test_sources_may_be_lines_or_mappings_and_nations_a_list(files):
    lesson = next(e for e in tree.read(files.root, Problems()).everything() if e.path == LESSON_PATH)
    assert lesson.fields["sources"] == "Rees, 2017, Life Story Books\nInternet Matters, 2019, Vulnerable children"
    fact = next(e for e in tree.read(files.root, Problems()).everything() if e.kind == "fact")
    assert fact.fields["nation"] == "England, Wales"


def test_identities_come_from_keys_alone(files):
    def identities():
        entries = tree.read(files.root, Problems()).everything()
        return {entry.key: entry.identity for entry in entries if entry.key}

    before = identities(), block(files, "question")["item_id"]
    files.swap(LESSON_PATH, "title: Whose story", "title: Their story")
    os.rename(files.root / LESSON_PATH, files.root / "courses/telling/01-why/07-their-story.md")
    lesson = "courses/telling/01-why/07-their-story.md"
    assert (identities(), block(files, "question", lesson)["item_id"]) == before


def test_an_exported_identity_is_kept(files):
    own = "0f0e0d0c-0b0a-4908-8706-050403020100"
    files.swap(LESSON_PATH, "key: A1.1", f"key: A1.1\nid: {own}")
    files.swap(LESSON_PATH, "key: A1\n", f"key: A1\nid: {own[:-1]}1\n")
    lesson = next(e for e in tree.read(files.root, Problems()).everything() if e.path == LESSON_PATH)
    assert str(lesson.identity) == own
    assert block(files, "question")["item_id"] == f"{own[:-1]}1"


MATCH = """::: question
key: A10
kind: match

What might each be asking for?

- Slams the door = Room, and somebody near
- Follows you about = To know you'll come back

right: That's how many read it.
otherwise: Think of what came
just before.
:::
"""
WORDS = """::: question
key: A11
kind: text

What would you say first?

after: Short and true
is enough.
:::
"""
SCALE = """::: question
key: A12
kind: scale

How sure do you feel?

- Not at all
  > Then tonight may be for listening.
- Quite sure
:::
"""


def asked_in(files, written):
    files.swap(SECOND, "Begin small.", f"Begin small.\n\n{written}")
    problems = Problems()
    (entry,) = [entry for entry in tree.read(files.root, problems).everything() if entry.path == SECOND]
    value = next(raw["value"] for raw in entry.body if raw["type"] == "question")
    return value, [str(problem) for problem in problems.in_order()]


def test_pairs_are_written_with_a_sign_between_them(files):
    value, problems = asked_in(files, MATCH)
    assert problems == []
    assert [(one["value"]["text"], one["value"]["goes_with"]) for one in value["options"]] == [
        ("Slams the door", "Room, and somebody near"),
        ("Follows you about", "To know you'll come back"),
    ]
    assert (value["when_right"], value["otherwise"]) == ("That's how many read it.", "Think of what came just before.")


def test_words_of_ones_own_have_one_answer_for_everybody(files):
    value, problems = asked_in(files, WORDS)
    assert problems == []
    assert (value["options"], value["otherwise"]) == ([], "Short and true is enough.")


def test_a_scale_is_a_row_of_steps(files):
    value, problems = asked_in(files, SCALE)
    assert problems == []
    assert [one["value"]["text"] for one in value["options"]] == ["Not at all", "Quite sure"]
    assert value["options"][0]["value"]["feedback"] == "Then tonight may be for listening."


@pytest.mark.parametrize(
    ("written", "old", "new", "words"),
    [
        (MATCH, " = To know you'll come back", " = Room, and somebody near", 'has two options that go with "Room'),
        (MATCH, "right: That's how many read it.\n", "", 'needs a line "right:"'),
        (MATCH, "- Follows you about = To know you'll come back\n", "", "needs at least two pairs"),
        (WORDS, "after: Short and true\nis enough.\n", "", 'needs a line "after:"'),
        (WORDS, "after:", "- [x] True\n\nafter:", "take its options out"),
        (SCALE, "- Quite sure\n", "", "needs at least two steps"),
        (SCALE, "- Quite sure\n", "- Quite sure\n\nafter: Well.\n", 'only a question of kind text has "after:"'),
    ],
)
def test_a_mistake_in_one_of_them_is_named(files, written, old, new, words):
    assert old in written
    assert any(words in problem for problem in asked_in(files, written.replace(old, new))[1])


def test_what_finishes_a_course_and_a_live_workshop_are_written_as_they_are_read(files):
    course = "courses/telling/course.md"
    files.swap(course, "open_to: everyone", "open_to: everyone\nfinish: any\nfinish_needed: 2")
    files.swap(SECOND, "Begin small.", "Begin small.\n\n::: workshop\nkey: W1\ntitle: Practise\nworkshop: staying\n:::")
    library = tree.read(files.root, problems := Problems())
    assert problems.in_order() == []
    read = {entry.path: entry for entry in library.everything()}
    assert (read[course].fields["finish"], read[course].fields["finish_needed"]) == ("any", 2)
    assert block(files, "workshop", SECOND)["workshop"] == "staying"
    assert "finish: any\nfinish_needed: 2\n" in texts.text_of(read[course], {})
    assert "workshop: staying\n" in texts.text_of(read[SECOND], {})


@pytest.mark.parametrize(
    "said", ["finish: some", "finish: any", "finish: mark\nfinish_needed: 101", "finish_needed: 3"]
)
def test_a_rule_that_says_not_how_much_is_a_mistake(files, said):
    files.swap("courses/telling/course.md", "open_to: everyone", f"open_to: everyone\n{said}")
    tree.read(files.root, problems := Problems())
    assert problems.in_order()
