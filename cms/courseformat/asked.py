"""Questions and scenarios as they are written, line by line."""

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from cms.courseformat.entries import Raw
from cms.courseformat.fences import Block
from cms.courseformat.markdown import plain, to_html
from cms.courseformat.problems import Place
from cms.courseformat.source import Line
from cms.soundness import Option, question_faults, scenario_faults

LONGEST = {"prompt": 600, "option": 400, "feedback": 600, "choice": 200, "half": 200}
_OPTION = re.compile(r"- \[([ xX]?)\]\s+(\S.*)")
_STEP = re.compile(r"\d{1,2}[.)]\s+(\S.*)")
_FEEDBACK = re.compile(r"\s+>\s*(.*)")
_PAIR = re.compile(r"- (\S.*?)\s+=\s+(\S.*)")
_RUNG = re.compile(r"- (\S.*)")
_SAID = re.compile(r"(right|otherwise|after):\s*(.*)")
# What is said by kind, in order: the name of its line in a file, and of its field in the block.
SAID = {"order": ("right", "otherwise"), "match": ("right", "otherwise"), "text": ("after",)}
_CARD = re.compile(r"==\s*(.*?)\s*")
_WAY = re.compile(r"->\s*([^|]*?)\s*\|\s*(\S.*?)\s*")


@dataclass
class _Option:
    line: int
    text: str
    right: bool = False
    feedback: str = ""
    goes_with: str = ""


@dataclass
class _Question:
    kind: str
    prompt: list[Line] = field(default_factory=list)
    options: list[_Option] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)


def question(block: Block, kind: str, item: UUID, place: Place) -> Raw:
    """Return the value of a question block, without its key and identity."""
    read = _read_question(kind, block, place)
    if not plain(read.prompt):
        place.wrong(block.line, "the question has no words")
    _check_question(kind, read, block, place)
    return {
        "kind": kind,
        "prompt": plain(read.prompt),
        "options": [_option(option, item) for option in read.options],
        "when_right": read.said.get("right", ""),
        "otherwise": read.said.get("after") or read.said.get("otherwise", ""),
    }


def _option(option: _Option, item: UUID) -> Raw:
    value = {"text": option.text, "right": option.right, "feedback": option.feedback}
    if option.goes_with:
        value["goes_with"] = option.goes_with
    return {"type": "item", "id": str(uuid5(item, option.text)), "value": value}


def _read_question(kind: str, block: Block, place: Place) -> _Question:
    read = _Question(kind)
    for line in block.lines:
        if option := _new_option(line, kind):
            read.options.append(option)
        elif (words := _SAID.fullmatch(line.text)) and (read.options or kind == "text"):
            read.said[words[1]] = words[2].strip()
        elif not read.options and not read.said:
            read.prompt.append(line)
        elif line.text.strip():
            _go_on(read, line, place)
    return read


def _new_option(line: Line, kind: str) -> _Option | None:
    if kind == "match" and (found := _PAIR.fullmatch(line.text)):
        return _Option(line.number, found[1], goes_with=found[2])
    if kind == "scale" and (found := _RUNG.fullmatch(line.text)):
        return _Option(line.number, found[1])
    if found := _OPTION.fullmatch(line.text):
        return _Option(line.number, found[2], right=found[1] in {"x", "X"})
    if found := _STEP.fullmatch(line.text):
        return _Option(line.number, found[1])
    return None


def _go_on(read: _Question, line: Line, place: Place) -> None:
    """Take a line that belongs to what stands above it."""
    if not read.options:
        return _go_on_saying(read, line)
    option = read.options[-1]
    if found := _FEEDBACK.fullmatch(line.text):
        option.feedback = f"{option.feedback} {found[1]}".strip()
    elif line.text.startswith("  ") and not option.feedback:
        option.text = f"{option.text} {line.text.strip()}"
    elif read.said:
        _go_on_saying(read, line)
    else:
        place.wrong(line.number, 'an option begins with "- [ ]" or "- [x]", and its feedback with two spaces and ">"')
    return None


def _go_on_saying(read: _Question, line: Line) -> None:
    last = list(read.said)[-1]
    read.said[last] = f"{read.said[last]} {line.text.strip()}".strip()


def _check_question(kind: str, read: _Question, block: Block, place: Place) -> None:
    options = [Option(one.text, one.right, one.feedback, one.goes_with) for one in read.options]
    for fault in question_faults(kind, options):
        if isinstance(fault.where, int):
            option = read.options[fault.where]
            place.wrong(option.line, f'option "{option.text}" {fault.words}')
        else:
            place.wrong(block.line, f"the question {fault.words}")
    _check_said(kind, read, block, place)
    _check_lengths(read, block, place)


def _check_said(kind: str, read: _Question, block: Block, place: Place) -> None:
    wanted = SAID.get(kind, ())
    for name in wanted:
        if not read.said.get(name):
            place.wrong(block.line, f'the question needs a line "{name}:" with what is said then')
    for name in read.said:
        if name not in wanted:
            kinds = " or ".join(kind for kind, names in SAID.items() if name in names)
            place.wrong(block.line, f'only a question of kind {kinds} has "{name}:"')


def _check_lengths(read: _Question, block: Block, place: Place) -> None:
    texts = [option.text for option in read.options]
    for option in read.options:
        if texts.count(option.text) > 1:
            place.wrong(option.line, f'option "{option.text}" is there twice')
        fits(option.text, "option", option.line, place)
        fits(option.feedback, "feedback", option.line, place)
        fits(option.goes_with, "half", option.line, place)
    for text in (plain(read.prompt), *read.said.values()):
        fits(text, "prompt", block.line, place)


def fits(text: str, name: str, line: int, place: Place) -> None:
    """Note a text that is too long for where it will stand."""
    if len(text) > LONGEST[name]:
        place.wrong(line, f"this {name} is {len(text)} characters long, and there is room for {LONGEST[name]}")


@dataclass
class _Card:
    name: str
    line: int
    text: list[Line] = field(default_factory=list)
    ways: list[tuple[str, str]] = field(default_factory=list)


def scenario_cards(block: Block, start: str, place: Place) -> list[Raw]:
    """Return the cards of a scenario block, having walked every way through them."""
    cards = _read_cards(block, place)
    lines = {card.name: card.line for card in cards}
    for fault in scenario_faults(start, [(card.name, [to for to, _ in card.ways]) for card in cards]):
        subject = f'card "{fault.where}"' if fault.where else "the scenario"
        place.wrong(lines.get(str(fault.where), block.line), f"{subject} {fault.words}")
    return [_card(card, place) for card in cards]


def _read_cards(block: Block, place: Place) -> list[_Card]:
    cards: list[_Card] = []
    for line in block.lines:
        if found := _CARD.fullmatch(line.text):
            cards.append(_Card(found[1], line.number))
        elif not line.text.strip() and not cards:
            continue
        elif not cards:
            place.wrong(line.number, 'a scenario begins with a card: "== name"')
        elif found := _WAY.fullmatch(line.text):
            cards[-1].ways.append((found[1], found[2]))
            fits(found[2], "choice", line.number, place)
        elif line.text.startswith("->"):
            place.wrong(line.number, 'write a choice as "-> card | words"')
        else:
            cards[-1].text.append(line)
    return cards


def _card(card: _Card, place: Place) -> Raw:
    html = to_html(card.text, place, prose=False)
    if not html:
        place.wrong(card.line, f'card "{card.name}" has no words')
    ways = [_child(n, {"words": words, "to": to}) for n, (to, words) in enumerate(card.ways)]
    value: dict[str, Any] = {"name": card.name, "text": html, "choices": ways}
    return {"type": "item", "id": card.name, "value": value}


def _child(number: int, value: Any) -> Raw:
    return {"type": "item", "id": str(number), "value": value}
