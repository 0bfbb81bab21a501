"""Sums about what is written: whether a question can be answered, a scenario walked and an agenda kept."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_TAG = re.compile(r"<[^>]*>|&nbsp;")
CARD_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Fault:
    """Something a writer must put right. ``where``: the option or card it is about, or nothing for the whole."""

    words: str
    where: int | str | None = None


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen, and what is said to whoever chooses it. goes_with: its other half, to match."""

    text: str
    right: bool
    feedback: str
    goes_with: str = ""


FEWEST = {"order": "things to put in order", "match": "pairs", "scale": "steps"}


def question_faults(kind: str, options: Sequence[Option]) -> list[Fault]:
    """Say what is missing from a question of ``kind`` single, multiple, true-false, order, match, text or scale."""
    faults = [Fault("has no words", n) for n, option in enumerate(options) if not option.text.strip()]
    if kind == "text":
        written = any(option.text.strip() for option in options)
        return [Fault("is answered in people's own words: take its options out")] if written else []
    if kind in FEWEST:
        faults += [] if len(options) > 1 else [Fault(f"needs at least two {FEWEST[kind]}")]
        return faults + (_match_faults(options) if kind == "match" else [])
    faults += [Fault("has no feedback", n) for n, option in enumerate(options) if not option.feedback.strip()]
    return faults + _choice_faults(kind, options)


def _match_faults(options: Sequence[Option]) -> list[Fault]:
    halves = Counter(option.goes_with.strip() for option in options)
    faults = [Fault("has nothing that it goes with", n) for n, one in enumerate(options) if not one.goes_with.strip()]
    return faults + [Fault(f'has two options that go with "{half}"') for half, n in halves.items() if half and n > 1]


def _choice_faults(kind: str, options: Sequence[Option]) -> list[Fault]:
    right = sum(option.right for option in options)
    if kind == "true-false":
        names = sorted(option.text.strip().lower() for option in options)
        fits = names == ["false", "true"] and right == 1
        return [] if fits else [Fault("needs exactly the options True and False, one of them right")]
    if len(options) < 2:
        return [Fault("needs at least two options")]
    if not right:
        return [Fault("has no right option: mark at least one")]
    if kind == "single" and right > 1:
        return [Fault("has more than one right option: mark one, or make it a question with several answers")]
    return []


def bank_faults(*, show: int, held: int) -> list[Fault]:
    """Say why no try could be drawn from a bank that holds ``held`` questions and shows ``show`` of them."""
    return [Fault(f"holds {held} questions and is to show {show} of them")] if show > held else []


def scenario_faults(start: str, cards: Sequence[tuple[str, Sequence[str]]]) -> list[Fault]:
    """Say which cards of a scenario lead nowhere, cannot be reached or never come to an ending.

    cards: (name, names of the cards its choices lead to), in reading order. A card without choices is an ending.
    """
    ways = dict(cards)
    faults = [Fault("has a name with other than small letters, digits and dashes", n) for n in _misnamed(ways)]
    faults += [Fault("is there twice", name) for name in _twice(name for name, _ in cards)]
    faults += [
        Fault(f'leads to "{to}", and there is no such card', n) for n, tos in cards for to in tos if to not in ways
    ]
    if start not in ways:
        return [*faults, Fault(f'starts at "{start}", and there is no such card')]
    reached = _closure({start}, ways)
    faults += [Fault("cannot be reached from the start", name) for name in ways if name not in reached]
    ends = _closure({name for name, tos in ways.items() if not tos}, _backwards(ways))
    return faults + [Fault("never comes to an ending", name) for name in ways if name not in ends]


def in_a_circle(ways: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the names from which one comes back to the same name. ways: name and the names it leads to."""
    return [name for name in ways if name in _closure(set(ways[name]), ways)]


def _misnamed(names: Iterable[str]) -> list[str]:
    return [name for name in names if not CARD_NAME.fullmatch(name)]


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def _closure(begin: set[str], ways: Mapping[str, Sequence[str]]) -> set[str]:
    reached, ahead = set(begin), list(begin)
    while ahead:
        new = [name for name in ways.get(ahead.pop(), ()) if name not in reached]
        reached.update(new)
        ahead.extend(new)
    return reached


def _backwards(ways: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    back: dict[str, list[str]] = {}
    for name, tos in ways.items():
        for to in tos:
            back.setdefault(to, []).append(name)
    return back


def unfit_parts(stream: Iterable[Mapping[str, Any]]) -> list[str]:
    """Say what in a body, as a StreamField keeps it, nobody may be shown: a story that nobody has affirmed as made up,
    a distressing part without a word of what comes and a version without the detail, or what nobody could do.
    """
    found = []
    for block in stream:
        value = block["value"]
        if block["type"] == "example" and not value.get("affirmed"):
            name = value.get("title") or "without a title"
            found.append(f'Affirm that the family in the example "{name}" is made up from many, or take the story out.')
        if block["type"] == "notice":
            found += _notice_faults(value)
            found += unfit_parts(value.get("body") or [])
        found += _not_to_be_done(block["type"], value)
    return found


def _not_to_be_done(kind: str, value: Mapping[str, Any]) -> list[str]:
    """Say why nobody could do what is asked for: a draft may be kept with half a question in it."""
    if kind == "question":
        return _no_question(value)
    if kind == "bank":
        asked = [one["value"] for one in value.get("questions") or []]
        whole = asked and value.get("show") and value.get("pass_mark")
        half = (
            f'The check "{value.get("title") or "without a title"}" needs questions, how many to show, and a pass mark.'
        )
        return [*([] if whole else [half]), *(fault for one in asked for fault in _no_question(one))]
    if kind == "scenario":
        cards = [card["value"] for card in value.get("cards") or []]
        ways = [(one.get("name") or "", [way["value"]["to"] for way in one.get("choices") or []]) for one in cards]
        words = f'The scenario "{value.get("title") or "without a title"}"'
        faults = scenario_faults(value.get("start") or "", ways)
        return [f'{words}: card "{f.where}" {f.words}.' if f.where else f"{words} {f.words}." for f in faults]
    return []


def _no_question(value: Mapping[str, Any]) -> list[str]:
    """Say why a question cannot be answered. What would only be said less kindly is for the editor's form."""
    options = [one["value"] for one in value.get("options") or []]
    told = [
        Option(one.get("text") or "", bool(one.get("right")), "said elsewhere", one.get("goes_with") or "")
        for one in options
    ]
    name = f'question "{value.get("prompt") or "without words"}"'
    faults = question_faults(value["kind"], told)
    return list(dict.fromkeys(f"{'The' if f.where is None else 'An option of the'} {name} {f.words}." for f in faults))


def _notice_faults(value: Mapping[str, Any]) -> list[str]:
    about = str(value.get("about") or "").strip()
    missing = [] if about else ["A content notice says what comes: write what the part is about."]
    if not _TAG.sub("", str(value.get("short") or "")).strip():
        missing.append(f'The content notice about "{about}" needs a short version, for whoever leaves the part out.')
    if not value.get("body"):
        missing.append(f'The content notice about "{about}" holds nothing: put the part itself inside it.')
    return missing


UNDECIDED = (
    "This lesson has a content note. Put its hard part inside a content notice, so that people can leave it out. Or "
    'tick "No single part needs a content notice".'
)


def note_faults(note: str, stream: Iterable[Mapping[str, Any]], no_hard_part: bool) -> list[str]:
    """Say that a lesson with a content ``note`` has no part that can be left out, where nobody said it needs none."""
    is_decided = no_hard_part or any(block["type"] == "notice" for block in stream)
    return [UNDECIDED] if note.strip() and not is_decided else []


def agenda_fault(agenda: Sequence[Mapping[str, object]], *, minutes: int) -> str:
    """Say if the parts of an agenda do not add up to ``minutes``; nothing when they do or there is none."""
    total = sum(int(str(part["minutes"])) for part in agenda)
    return "" if total in (0, minutes) else f"the agenda adds up to {total} minutes, and the workshop takes {minutes}"
