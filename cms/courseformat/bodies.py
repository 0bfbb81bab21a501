"""From parts of a body to the raw form of a StreamField: one small function for each kind of block."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import UUID, uuid5

from cms.blocks import reading
from cms.blocks.bank import MARKED_KINDS
from cms.blocks.doing import QUESTION_KINDS
from cms.courseformat import asked
from cms.courseformat.entries import OURS, Entry, Media, Raw, Reference
from cms.courseformat.fences import Block, Part, Text, parse
from cms.courseformat.frontmatter import Unfit, a_word
from cms.courseformat.markdown import plain, to_html
from cms.courseformat.mediafiles import unfit_place
from cms.courseformat.problems import Place
from cms.courseformat.source import Line
from cms.soundness import bank_faults

NATIONS = tuple(name for name, _ in reading.NATIONS)
QUESTIONS = tuple(kind for kind, _ in QUESTION_KINDS)
MARKED = tuple(kind for kind, _ in MARKED_KINDS)
RESOURCES = tuple(kind for kind, _ in reading.RESOURCE_KINDS)
LONGEST_BOX = 200
FILES = {"download": (".pdf", ".docx", ".odt", ".txt"), "video": (".mp4",), "captions": (".vtt",), "audio": (".mp3",)}
PICTURES = (".jpg", ".jpeg", ".png", ".webp")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-]{0,39}")
_NUMBER = re.compile(r"[0-9]{1,9}")
_BOX = re.compile(r"[-*]\s+(\S.*)")


class Keys:
    """Keys that may not be used twice, and the identities that come of them. ``home``: whose keys they are."""

    def __init__(self, home: UUID) -> None:
        self.home = home
        self.used: dict[str, tuple[str, int]] = {}

    def take(self, key: str, line: int, place: Place) -> UUID:
        """Return the identity for ``key``, noting a key that is missing, odd or used before."""
        if not _KEY.fullmatch(key):
            place.wrong(line, 'a "key" is needed: letters, digits, dots and dashes, like A7')
        elif key in self.used:
            path, number = self.used[key]
            place.wrong(line, f'key "{key}" is used twice: also in {path}:{number}')
        self.used.setdefault(key, (place.path, line))
        return uuid5(self.home, key)


class Reader:
    """Reads the body of one entry. keys: of the course it is a lesson of; elsewhere nothing may be asked."""

    def __init__(
        self, entry: Entry, place: Place, folder: Path, references: list[Reference], keys: Keys | None
    ) -> None:
        self.entry = entry
        self.place = place
        self.folder = folder
        self.references = references
        self.may_ask = keys is not None
        self.keys = keys or Keys(OURS)
        self.count: Counter[str] = Counter()

    def read(self, lines: list[Line]) -> list[Raw]:
        """Return the whole body."""
        return [self.part(part) for part in parse(lines, self.place)]

    def part(self, part: Part) -> Raw:
        """Return one part as a raw block."""
        if isinstance(part, Text):
            return self._raw("text", to_html(part.lines, self.place, prose=True))
        known = _BLOCKS.get(part.name)
        if known is None or (part.name in _ASKING and not self.may_ask):
            self.place.wrong(part.line, f'there is no block "{part.name}" here')
            return self._raw("text", "")
        kind, read = known
        raw = self._raw(kind, read(self, part))
        for name in part.fields:
            self.place.wrong(part.fields[name][1], f'the {part.name} block has no field "{name}"')
        return raw

    def _raw(self, kind: str, value: object) -> Raw:
        self.count[kind] += 1
        home = self.entry.identity or uuid5(OURS, self.entry.path)
        return {"type": kind, "value": value, "id": str(uuid5(home, f"{kind} {self.count[kind]}"))}

    # --- fields -------------------------------------------------------------------------------------------------
    def field(self, block: Block, name: str, *, required: bool = True, most: int = 150) -> str:
        """Take a field of a block; what is left over afterwards has no meaning there."""
        value, line = block.fields.pop(name, ("", block.line))
        if required and not value:
            self.place.wrong(line, f'the {block.name} block needs "{name}"')
        if len(value) > most:
            self.place.wrong(line, f'"{name}" is {len(value)} characters long, and there is room for {most}')
        return value

    def word(self, block: Block, name: str, allowed: tuple[str, ...]) -> str:
        """Take a field that must be one of some words."""
        line = block.fields.get(name, ("", block.line))[1]
        value = self.field(block, name)
        try:
            return a_word(value, allowed) if value else ""
        except Unfit as unfit:
            self.place.wrong(line, f'"{name}" {unfit}')
            return ""

    def minutes(self, block: Block, *, most: int) -> int:
        """Take the field ``minutes``."""
        return self.number(block, "minutes", most=most) or 1

    def number(self, block: Block, name: str, *, least: int = 1, most: int, required: bool = True) -> int | None:
        """Take a field that is a whole number; None where there is none, or none that will do."""
        line = block.fields.get(name, ("", block.line))[1]
        value = self.field(block, name, required=required)
        if value and not (_NUMBER.fullmatch(value) and least <= int(value) <= most):
            self.place.wrong(line, f'"{name}" must be a whole number from {least} to {most}')
            return None
        return int(value) if value else None

    def item(self, block: Block) -> Raw:
        """Take the key of a block that asks something, and work out its identity."""
        line = block.fields.get("key", ("", block.line))[1]
        key = block.fields.pop("key", ("", 0))[0]
        given, given_line = block.fields.pop("id", ("", block.line))
        identity = self.keys.take(key, line, self.place)
        return {"key": key, "item_id": str(own_id(given, given_line, self.place) or identity)}

    def passage(self, block: Block, *, required: bool = True) -> str:
        """Return the text of a block."""
        html = to_html(block.lines, self.place, prose=False)
        if required and not html:
            self.place.wrong(block.line, f"the {block.name} block is empty")
        return html

    def empty(self, block: Block) -> None:
        """Note text where there must be none."""
        if plain(block.lines):
            self.place.wrong(block.line, f"the {block.name} block has no text")

    def file(self, block: Block, name: str, kinds: tuple[str, ...], *, required: bool = True) -> str | None:
        """Take a field that names a file beside the text, in ``media/``; return the file's digest."""
        line = block.fields.get(name, ("", block.line))[1]
        value = self.field(block, name, required=required)
        if not value:
            return None
        path = self.folder / value
        if fault := unfit_place(self.folder, value, kinds):
            self.place.wrong(line, fault)
            return None
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        self.entry.media[digest] = Media(path, self._titled(block, path), digest)
        return digest

    @staticmethod
    def _titled(block: Block, path: Path) -> str:
        return block.fields.get("title", (path.stem, 0))[0][:255] or path.stem


def own_id(given: str, line: int, place: Place) -> UUID | None:
    """Read the full identity that an exported file carries."""
    try:
        return UUID(given) if given else None
    except ValueError:
        place.wrong(line, '"id" is not an identity: leave it as it was exported, or take it out')
        return None


def _text_only(reader: Reader, block: Block) -> Raw:
    return {"text": reader.passage(block)}


def _titled_text(reader: Reader, block: Block) -> Raw:
    return {"title": reader.field(block, "title", most=120), "text": reader.passage(block)}


def _example(reader: Reader, block: Block) -> Raw:
    line = block.fields.get("affirmed", ("", block.line))[1]
    if block.fields.pop("affirmed", ("", 0))[0] != "composite":
        reader.place.wrong(line, 'write "affirmed: composite" to affirm that the family is made up from many')
    return {**_titled_text(reader, block), "affirmed": True}


def _try(reader: Reader, block: Block) -> Raw:
    return {"title": reader.field(block, "title", required=False, most=120), "steps": reader.passage(block)}


def _pause(reader: Reader, block: Block) -> Raw:
    return {"text": reader.passage(block, required=False)}


def _question(reader: Reader, block: Block) -> Raw:
    item = reader.item(block)
    kind = reader.word(block, "kind", QUESTIONS)
    return {**asked.question(block, kind, UUID(item["item_id"]), reader.place), **item}


def _bank(reader: Reader, block: Block) -> Raw:
    item, show = reader.item(block), reader.number(block, "show", most=40)
    value = {
        "title": reader.field(block, "title", most=120),
        "show": show,
        "pass_mark": reader.number(block, "pass_mark", most=100),
        "attempts": reader.number(block, "attempts", most=20, required=False),
        "minutes": reader.number(block, "minutes", least=5, most=240, required=False),
    }
    questions = [entry for part in block.parts if (entry := _bank_entry(reader, part))]
    for fault in bank_faults(show=show or 0, held=len(questions)):
        reader.place.wrong(block.line, f"the bank {fault.words}")
    return {**value, "questions": questions, **item}


def _bank_entry(reader: Reader, part: Part) -> Raw | None:
    if not isinstance(part, Block) or part.name != "question":
        line = part.line if isinstance(part, Block) else part.lines[0].number
        reader.place.wrong(line, "a bank holds question blocks and nothing else")
        return None
    value = reader.part(part)["value"]
    if value["kind"] not in MARKED:
        reader.place.wrong(part.line, f"a question in a bank is of kind {', '.join(MARKED)}")
    return {"type": "item", "id": value.pop("item_id"), "value": value}


def _scenario(reader: Reader, block: Block) -> Raw:
    item = reader.item(block)
    title, start = reader.field(block, "title", most=120), reader.field(block, "start", most=40)
    return {"title": title, "start": start, "cards": asked.scenario_cards(block, start, reader.place), **item}


def _reflection(reader: Reader, block: Block) -> Raw:
    prompt = plain(block.lines)
    if not 0 < len(prompt) <= 400:
        reader.place.wrong(block.line, "a reflection needs a prompt of one or two sentences, at most 400 characters")
    return {"prompt": prompt, **reader.item(block)}


def _action_plan(reader: Reader, block: Block) -> Raw:
    boxes: list[Raw] = []
    for line in block.lines:
        if found := _BOX.fullmatch(line.text):
            boxes.append({"type": "item", "id": str(len(boxes)), "value": found[1]})
            if len(found[1]) > LONGEST_BOX:
                reader.place.wrong(line.number, f"a box has room for {LONGEST_BOX} characters")
        elif line.text.strip():
            reader.place.wrong(line.number, 'each box of an action plan is a line that begins with "- "')
    if not boxes:
        reader.place.wrong(block.line, "an action plan needs at least one box")
    return {"title": reader.field(block, "title", required=False, most=120), "boxes": boxes, **reader.item(block)}


def _notice(reader: Reader, block: Block) -> Raw:
    value = {"about": reader.field(block, "about", most=200), "minutes": reader.minutes(block, most=30)}
    parts = list(block.parts)
    short = parts.pop(0) if parts and isinstance(parts[0], Block) and parts[0].name == "short" else None
    if not isinstance(short, Block):
        reader.place.wrong(block.line, "a notice begins with a short block: the point without the detail")
    if not parts:
        reader.place.wrong(block.line, "the notice is empty after its short version")
    words = reader.passage(short) if isinstance(short, Block) else ""
    return {**value, "short": words, "body": [reader.part(part) for part in parts]}


def _named(reader: Reader, block: Block, *, kind: str, name: str) -> str:
    line = block.fields.get(name, ("", block.line))[1]
    slug = reader.field(block, name)
    reader.references.append(Reference(kind, slug, reader.place.path, line))
    reader.empty(block)
    return slug


def _nation(reader: Reader, block: Block) -> Raw:
    line = block.fields.get("applies", ("", block.line))[1]
    applies = [name.strip() for name in reader.field(block, "applies").split(",") if name.strip()]
    for name in applies:
        if name not in NATIONS:
            reader.place.wrong(line, f'"{name}" must be one of: {", ".join(NATIONS)}')
    return {"applies": applies, "text": reader.passage(block)}


def _resource(reader: Reader, block: Block) -> Raw:
    kind, by = reader.word(block, "kind", RESOURCES), reader.field(block, "by", required=False, most=100)
    return {"title": reader.field(block, "title"), "by": by, "kind": kind, "text": reader.passage(block)}


def _download(reader: Reader, block: Block) -> Raw:
    file = reader.file(block, "file", FILES["download"])
    text = reader.passage(block, required=False)
    return {"title": reader.field(block, "title"), "document": file, "text": text}


def _video(reader: Reader, block: Block) -> Raw:
    item = reader.item(block)
    value = {
        "video": reader.file(block, "file", FILES["video"]),
        "captions": reader.file(block, "captions", FILES["captions"]),
        "poster": reader.file(block, "poster", PICTURES, required=False),
        "minutes": reader.minutes(block, most=60),
        "transcript": reader.passage(block),
    }
    return {**value, "title": reader.field(block, "title"), **item}


def _audio(reader: Reader, block: Block) -> Raw:
    item = reader.item(block)
    file = reader.file(block, "file", FILES["audio"])
    minutes, transcript = reader.minutes(block, most=60), reader.passage(block)
    return {"title": reader.field(block, "title"), "audio": file, "minutes": minutes, "transcript": transcript, **item}


def _package(reader: Reader, block: Block) -> Raw:
    identity, title = _named(reader, block, kind="package", name="package"), reader.field(block, "title")
    instead, minutes = reader.field(block, "instead", required=False, most=250), reader.minutes(block, most=120)
    return {"package": identity, "title": title, "minutes": minutes, "instead": instead, **reader.item(block)}


def _workshop(reader: Reader, block: Block) -> Raw:
    slug, title = _named(reader, block, kind="workshop", name="workshop"), reader.field(block, "title")
    instead = reader.field(block, "instead", required=False, most=250)
    return {"workshop": slug, "title": title, "instead": instead, **reader.item(block)}


_ASKING = frozenset(
    {"question", "bank", "scenario", "reflection", "action-plan", "video", "audio", "package", "workshop"}
)
_BLOCKS: dict[str, tuple[str, Callable[[Reader, Block], object]]] = {
    "key-point": ("key_point", _text_only),
    "example": ("example", _example),
    "try": ("try_steps", _try),
    "contested": ("contested", _titled_text),
    "unknown": ("unknown", _text_only),
    "question": ("question", _question),
    "bank": ("bank", _bank),
    "scenario": ("scenario", _scenario),
    "reflection": ("reflection", _reflection),
    "action-plan": ("action_plan", _action_plan),
    "notice": ("notice", _notice),
    "pause": ("pause", _pause),
    "fact": ("fact", partial(_named, kind="fact", name="slug")),
    "nation": ("nation", _nation),
    "resource": ("resource", _resource),
    "download": ("download", _download),
    "video": ("video", _video),
    "audio": ("audio", _audio),
    "package": ("package", _package),
    "workshop": ("workshop", _workshop),
}
