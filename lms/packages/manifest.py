"""What a package says of itself: which standard, and which parts it has, in order."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from posixpath import normpath
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from lms.common import xml
from lms.packages import rules
from lms.packages.judging import PackageRefused

LONGEST = 2_000_000  # bytes
BASE = "{http://www.w3.org/XML/1998/namespace}base"
MOST_PARTS = 200
DEEPEST = 20  # groups in groups


@dataclass(frozen=True)
class Part:
    """Something of a package that can be started. limits: what the manifest asks, as names of the data model.

    is_page: it says nothing by itself, and is done once it was opened. needs: what has to be done first, in the words
    of 1.2. within: the ids of the groups that it is in.
    """

    id: str
    title: str
    href: str
    limits: dict[str, str]
    is_page: bool
    needs: str
    within: tuple[str, ...]


@dataclass(frozen=True)
class Manifest:
    """standard: "1.2" or "2004". in_order: its parts are gone through one after the other."""

    standard: str
    title: str
    parts: tuple[Part, ...]
    in_order: bool

    def as_data(self) -> dict[str, Any]:
        """Plain data, to be kept."""
        return asdict(self)


def read(text: bytes, *, files: frozenset[str]) -> Manifest:
    """Read ``imsmanifest.xml``. files: what is in the package.

    Raises PackageRefused with words for a trainer: not XML, a DTD, nothing to start, a part that leads elsewhere.
    """
    if len(text) > LONGEST:
        raise PackageRefused("The manifest is far too long.", entry="imsmanifest.xml")
    try:
        root = xml.parse(text)
    except xml.HasEntities:
        raise PackageRefused("The manifest has a DTD or entities in it.", entry="imsmanifest.xml") from None
    except xml.NotSound:
        raise PackageRefused("The manifest can't be read: it isn't sound XML.", entry="imsmanifest.xml") from None
    organisation = _organisation(root)
    parts = tuple(_parts(root, organisation, files))
    if not parts:
        raise PackageRefused("There's nothing in it that can be started.", entry="imsmanifest.xml")
    if len(parts) > MOST_PARTS or len({part.id for part in parts}) < len(parts):
        raise PackageRefused("Two of its parts have the same name, or it has too many.", entry="imsmanifest.xml")
    title = _text(organisation, "title") if organisation is not None else ""
    return Manifest(_standard(root), title[:150], parts, _is_in_order(root, organisation))


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(element: Element, name: str) -> Iterator[Element]:
    """Children by their name, whichever of the many namespaces it is in."""
    return (child for child in element if _name(child) == name)


def _text(element: Element, name: str) -> str:
    found = next(_children(element, name), None)
    return " ".join((found.text or "").split()) if found is not None else ""


def _standard(root: Element) -> str:
    version = next((_text(meta, "schemaversion") for meta in _children(root, "metadata")), "")
    if version.strip() == "1.2" or "imscp_rootv1p1p2" in root.tag:
        return "1.2"
    return "2004"


def _organisation(root: Element) -> Element | None:
    every = [one for group in _children(root, "organizations") for one in _children(group, "organization")]
    wanted = next((group.get("default") for group in _children(root, "organizations")), None)
    return next((one for one in every if one.get("identifier") == wanted), every[0] if every else None)


def _parts(root: Element, organisation: Element | None, files: frozenset[str]) -> Iterator[Part]:
    resources = {
        one.get("identifier", ""): (group, one)
        for group in _children(root, "resources")
        for one in _children(group, "resource")
    }
    for item, within in _items(organisation, ()) if organisation is not None else ():
        if wanted := item.get("identifierref"):
            if wanted not in resources:
                raise PackageRefused(f"An item points at {wanted!r}, which isn't there.", entry="imsmanifest.xml")
            href = _href(root, *resources[wanted], item.get("parameters", ""), files)
            if href:
                yield _part(root, item, resources[wanted][1], href, within)


def _items(parent: Element, within: tuple[str, ...]) -> Iterator[tuple[Element, tuple[str, ...]]]:
    """All items in order, each with the groups that it is in."""
    if len(within) > DEEPEST:
        raise PackageRefused("Its parts are nested too deep.", entry="imsmanifest.xml")
    for item in _children(parent, "item"):
        yield item, within
        yield from _items(item, (*within, item.get("identifier", "")))


def _part(root: Element, item: Element, resource: Element, href: str, within: tuple[str, ...]) -> Part:
    kind = next((value for name, value in resource.attrib.items() if name.lower().endswith("scormtype")), "")
    return Part(
        id=item.get("identifier", item.get("identifierref", ""))[:200],
        title=_text(item, "title")[:150],
        href=href,
        limits=_limits(root, item),
        is_page=kind.lower() == "asset",
        needs=_text(item, "prerequisites")[:500],
        within=within,
    )


def _href(root: Element, group: Element, resource: Element, parameters: str, files: frozenset[str]) -> str:
    """Where a part starts, within the package; nothing for a resource without a page of its own."""
    href = resource.get("href", "")
    if not href:
        return ""
    bases = "".join(element.get(BASE, "") for element in (root, group, resource))
    parts = urlsplit(bases + href)
    path = normpath(unquote(parts.path))
    if parts.scheme or parts.netloc or path.startswith(("/", "..")) or path not in files:
        raise PackageRefused(f"{href[:80]!r} isn't a file of this package.", entry="imsmanifest.xml")
    query = parameters.strip() or (f"?{parts.query}" if parts.query else "")
    if query and not query.startswith(("?", "#")):
        query = f"?{query.removeprefix('&')}"
    return f"{path}{query[:500]}"


LIMITS = {
    "masteryscore": "mastery_score",
    "maxtimeallowed": "max_time_allowed",
    "datafromlms": "launch_data",
    "dataFromLMS": "launch_data",
    "completionThreshold": "completion_threshold",
}
NUMBERS = ("mastery_score", "completion_threshold", "scaled_passing_score")


def _limits(root: Element, item: Element) -> dict[str, str]:
    """What the manifest asks of one item. Raises PackageRefused for a mark that is no number."""
    found = {}
    for element in item:
        name = LIMITS.get(_name(element))
        if name and (words := (element.text or "").strip()):
            found[name] = words[:4096]
        elif name == "completion_threshold" and element.get("completedByMeasure") == "true":
            found[name] = element.get("minProgressMeasure", "1.0")
    if mark := _mark_to_pass(_sequencing(root, item)):
        found["scaled_passing_score"] = mark
    for name in NUMBERS:
        try:
            rules.number(found.get(name), name=name)
        except rules.NotUnderstood:
            title = _text(item, "title")[:80]
            raise PackageRefused(f"The mark that {title!r} asks isn't a number.", entry="imsmanifest.xml") from None
    return found


def _sequencing(root: Element, of: Element) -> Element | None:
    """The rules of order of an item or the whole: its own, or those of the collection that it names."""
    own = next(_children(of, "sequencing"), None)
    named = own.get("IDRef") if own is not None else None
    shared = (one for every in _children(root, "sequencingCollection") for one in _children(every, "sequencing"))
    return next((one for one in shared if one.get("ID") == named), own) if named else own


def _mark_to_pass(sequencing: Element | None) -> str:
    """The scaled mark by which an item is passed, where its mark decides; empty otherwise."""
    for objectives in _children(sequencing, "objectives") if sequencing is not None else ():
        for primary in _children(objectives, "primaryObjective"):
            if primary.get("satisfiedByMeasure") == "true":
                return _text(primary, "minNormalizedMeasure") or "1.0"
    return ""


def _is_in_order(root: Element, organisation: Element | None) -> bool:
    """Whether the manifest lets nobody choose, and leads from part to part."""
    found = _sequencing(root, organisation) if organisation is not None else None
    modes = _children(found, "controlMode") if found is not None else ()
    return any(mode.get("choice") == "false" and mode.get("flow") == "true" for mode in modes)
