"""Dividing a body into text and blocks, whatever is written."""

from hypothesis import given
from hypothesis import strategies as st

from cms.courseformat.fences import Block, Text, parse
from cms.courseformat.problems import Place, Problems
from cms.courseformat.source import Line

NAMES = ["key-point", "example", "try", "question", "pause", "fact"]


def lines_of(text):
    return [Line(number, line) for number, line in enumerate(text.split("\n"), start=1)]


def divided(text):
    problems = Problems()
    return parse(lines_of(text), Place("x.md", problems)), [(p.line, p.words) for p in problems.in_order()]


def lines_in(parts):
    for part in parts:
        if isinstance(part, Text):
            yield from part.lines
        else:
            yield from part.lines
            yield from lines_in(part.parts)


words = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=":"), max_size=30)
paragraphs = st.lists(words, min_size=1, max_size=3)
fields = st.dictionaries(
    st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.sampled_from(["a", "two words", "7"]), max_size=3
)


@st.composite
def blocks(draw):
    written = "\n".join(draw(paragraphs))
    said = "".join(f"{name}: {value}\n" for name, value in draw(fields).items())
    return f"::: {draw(st.sampled_from(NAMES))}\n{said}\n{written}\n:::"


@st.composite
def bodies(draw):
    parts = draw(st.lists(st.one_of(blocks(), paragraphs.map("\n".join)), max_size=5))
    if draw(st.booleans()):
        inner = "\n\n".join(draw(st.lists(blocks(), max_size=2)))
        parts.append(f":::: notice\nabout: a thing\n\n::: short\n\nBriefly.\n:::\n{inner}\n::::")
    return "\n\n".join(parts)


@given(st.text(max_size=400))
def test_anything_at_all_is_divided_into_lines_of_its_own_in_their_order(text):
    parts, found = divided(text)
    written = text.split("\n")
    numbers = [line.number for line in lines_in(parts)]
    assert numbers == sorted(set(numbers))
    assert {*numbers, *(line for line, _ in found)} <= {*range(1, len(written) + 1)}


@given(
    st.lists(
        st.sampled_from(["::: try", ":::", "::::", ":::: notice", "", "a: b", "words", "::: short", ":::::"]),
        max_size=25,
    )
)
def test_colons_in_any_order_lose_no_words(soup):
    parts, _ = divided("\n".join(soup))
    assert sum(line.text == "words" for line in lines_in(parts)) == soup.count("words")


@given(bodies())
def test_what_is_well_written_is_read_without_a_word_of_complaint(text):
    assert divided(text)[1] == []


@given(bodies())
def test_each_line_keeps_its_number(text):
    parts, _ = divided(text)
    written = text.split("\n")
    assert all(written[line.number - 1] == line.text for line in lines_in(parts))


@given(bodies())
def test_as_many_blocks_come_out_as_went_in(text):
    parts, _ = divided(text)
    top = [part for part in parts if isinstance(part, Block)]
    inner = [part for block in top for part in block.parts if isinstance(part, Block)]
    opened = [line for line in text.split("\n") if line.startswith("::") and line.strip(":").strip()]
    assert len(top) + len(inner) == len(opened)


def test_fields_stand_between_the_name_and_the_first_empty_line():
    (block,), problems = divided('::: example\ntitle: "Two cards"\naffirmed: composite\n\nmood: is text here\n:::')
    assert block.fields == {"title": ("Two cards", 2), "affirmed": ("composite", 3)}
    assert [line.text for line in block.lines] == ["mood: is text here"]
    assert problems == []


def test_a_block_that_is_never_closed_is_named_where_it_begins():
    assert divided("words\n\n::: try\n\n1. Breathe.")[1] == [(3, 'the try block is never closed: end it with ":::"')]


def test_a_block_that_begins_inside_another_ends_that_one():
    parts, problems = divided("::: try\n\n1. Breathe.\n\n::: pause\n:::")
    assert [part.name for part in parts] == ["try", "pause"]
    assert [line for line, _ in problems] == [1]


def test_a_notice_holds_blocks_and_no_notice():
    (notice,), problems = divided(":::: notice\n\n::: short\n\nBriefly.\n:::\n\nLonger.\n\n:::: notice\n::::\n::::")
    assert [type(part).__name__ for part in notice.parts] == ["Block", "Text", "Block"]
    assert problems == [(10, "a notice cannot hold a notice")]


def test_a_notice_wants_four_colons_and_all_else_three():
    assert divided("::: notice\n\nx\n::::")[1] == [(1, 'write four colons before "notice"')]
    assert divided(":::: try\n\nx\n:::")[1] == [(1, 'write three colons before "try"')]


def test_colons_that_close_nothing_are_named():
    assert divided("words\n:::")[1] == [(2, "nothing is open that this could close")]


def test_text_straight_after_the_name_is_asked_to_wait_a_line():
    assert divided("::: key-point\nGo first.\n:::")[1] == [
        (2, "leave an empty line between the fields of the key-point and its text")
    ]
