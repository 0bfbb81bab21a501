"""From the raw form of a body back to the text of its file: one small function for each kind of block."""

from collections.abc import Callable, Iterator
from typing import Any

from cms.courseformat.asked import SAID
from cms.courseformat.entries import Raw
from cms.courseformat.markdown import plain
from cms.courseformat.marked import to_markdown
from cms.courseformat.source import Line

Files = dict[str, str]
Fields = dict[str, Any]
_RIGHT = frozenset({"single", "multiple", "true-false"})


def body_text(body: list[Raw], files: Files) -> str:
    """Return a body as text. files: where the files lie that it names by their digest."""
    return "\n\n".join(part for block in body if (part := _part(block, files)))


def _part(block: Raw, files: Files) -> str:
    kind, value = block["type"], block["value"]
    if kind == "text":
        return to_markdown(value)
    name, write = _BLOCKS[kind]
    fields, inside = write(value, files)
    colons = "::::" if kind in {"notice", "bank"} else ":::"
    return "\n".join([f"{colons} {name}", *_fields(fields), *(["", inside] if inside else []), colons])


def _fields(fields: Fields) -> Iterator[str]:
    for name, value in fields.items():
        words = _line(value)
        quoted = len(words) > 1 and words[0] == words[-1] and words[0] in "\"'"
        if words:
            yield f'{name}: "{words}"' if quoted else f"{name}: {words}"


def _line(value: Any) -> str:
    return " ".join(str("" if value is None else value).split())


def _paragraphs(text: str) -> str:
    return plain([Line(number, line) for number, line in enumerate(text.splitlines())])


def _item(value: Raw) -> Fields:
    return {"key": value.get("key"), "id": value.get("item_id")}


def _text_only(value: Raw, _: Files) -> tuple[Fields, str]:
    return {}, to_markdown(value["text"] or "")


def _titled_text(value: Raw, _: Files) -> tuple[Fields, str]:
    return {"title": value["title"]}, to_markdown(value["text"])


def _example(value: Raw, _: Files) -> tuple[Fields, str]:
    affirmed = "composite" if value["affirmed"] else ""
    return {"title": value["title"], "affirmed": affirmed}, to_markdown(value["text"])


def _try(value: Raw, _: Files) -> tuple[Fields, str]:
    return {"title": value["title"]}, to_markdown(value["steps"])


def _question(value: Raw, _: Files) -> tuple[Fields, str]:
    kind = value["kind"]
    parts = [_paragraphs(value["prompt"]), "\n".join(_options(kind, value["options"])), "\n".join(_said(kind, value))]
    return {**_item(value), "kind": kind}, "\n\n".join(part for part in parts if part)


def _options(kind: str, options: list[Raw]) -> Iterator[str]:
    for number, option in enumerate((entry["value"] for entry in options), start=1):
        words = _line(option["text"])
        if kind in _RIGHT:
            yield f"- [{'x' if option['right'] else ' '}] {words}"
        elif kind == "order":
            yield f"{number}. {words}"
        else:
            yield f"- {words} = {_line(option.get('goes_with'))}" if kind == "match" else f"- {words}"
        if option["feedback"]:
            yield f"  > {_line(option['feedback'])}"


def _said(kind: str, value: Raw) -> Iterator[str]:
    for name in SAID.get(kind, ()):
        words = value["when_right"] if name == "right" else value["otherwise"]
        if words:
            yield f"{name}: {_line(words)}"


def _bank(value: Raw, files: Files) -> tuple[Fields, str]:
    limits = {name: value.get(name) for name in ("show", "pass_mark", "attempts", "minutes")}
    questions = [
        _part({"type": "question", "value": {**entry["value"], "item_id": entry["id"]}}, files)
        for entry in value["questions"]
    ]
    return {**_item(value), "title": value["title"], **limits}, "\n\n".join(questions) + "\n"


def _scenario(value: Raw, _: Files) -> tuple[Fields, str]:
    cards = [_card(entry["value"]) for entry in value["cards"]]
    return {**_item(value), "title": value["title"], "start": value["start"]}, "\n\n".join(cards)


def _card(card: Raw) -> str:
    ways = [f"-> {way['value']['to']} | {_line(way['value']['words'])}" for way in card["choices"]]
    return "\n".join([f"== {card['name']}", to_markdown(card["text"]), *ways])


def _reflection(value: Raw, _: Files) -> tuple[Fields, str]:
    return _item(value), _paragraphs(value["prompt"])


def _action_plan(value: Raw, _: Files) -> tuple[Fields, str]:
    boxes = [f"- {_line(box['value'])}" for box in value["boxes"]]
    return {**_item(value), "title": value["title"]}, "\n".join(boxes)


def _notice(value: Raw, files: Files) -> tuple[Fields, str]:
    short = f"::: short\n\n{to_markdown(value['short'])}\n:::"
    return {"about": value["about"], "minutes": value["minutes"]}, f"{short}\n\n{body_text(value['body'], files)}\n"


def _fact(value: str | None, _: Files) -> tuple[Fields, str]:
    return {"slug": value}, ""


def _nation(value: Raw, _: Files) -> tuple[Fields, str]:
    return {"applies": ", ".join(value["applies"])}, to_markdown(value["text"])


def _resource(value: Raw, _: Files) -> tuple[Fields, str]:
    return {name: value[name] for name in ("title", "by", "kind")}, to_markdown(value["text"])


def _download(value: Raw, files: Files) -> tuple[Fields, str]:
    return {"title": value["title"], "file": files.get(value["document"])}, to_markdown(value["text"] or "")


def _video(value: Raw, files: Files) -> tuple[Fields, str]:
    named = {name: files.get(value[field]) for name, field in _FILES_OF_VIDEO.items()}
    fields = {**_item(value), "title": value["title"], **named, "minutes": value["minutes"]}
    return fields, to_markdown(value["transcript"])


_FILES_OF_VIDEO = {"file": "video", "captions": "captions", "poster": "poster"}


def _audio(value: Raw, files: Files) -> tuple[Fields, str]:
    fields = {**_item(value), "title": value["title"], "file": files.get(value["audio"]), "minutes": value["minutes"]}
    return fields, to_markdown(value["transcript"])


def _package(value: Raw, _: Files) -> tuple[Fields, str]:
    return {**_item(value), **{name: value[name] for name in ("title", "package", "minutes", "instead")}}, ""


def _workshop(value: Raw, _: Files) -> tuple[Fields, str]:
    return {**_item(value), **{name: value[name] for name in ("title", "workshop", "instead")}}, ""


_BLOCKS: dict[str, tuple[str, Callable[[Any, Files], tuple[Fields, str]]]] = {
    "key_point": ("key-point", _text_only),
    "example": ("example", _example),
    "try_steps": ("try", _try),
    "contested": ("contested", _titled_text),
    "unknown": ("unknown", _text_only),
    "question": ("question", _question),
    "bank": ("bank", _bank),
    "scenario": ("scenario", _scenario),
    "reflection": ("reflection", _reflection),
    "action_plan": ("action-plan", _action_plan),
    "notice": ("notice", _notice),
    "pause": ("pause", _text_only),
    "fact": ("fact", _fact),
    "nation": ("nation", _nation),
    "resource": ("resource", _resource),
    "download": ("download", _download),
    "video": ("video", _video),
    "audio": ("audio", _audio),
    "package": ("package", _package),
    "workshop": ("workshop", _workshop),
}
