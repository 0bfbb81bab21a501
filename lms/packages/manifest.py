"""What a package says of itself: which standard, which parts it has, in order, and what it asks for."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from posixpath import normpath
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit
from xml.etree.ElementTree import Element

from lms.common import xml
from lms.packages import rules, sequence, sequencing
from lms.packages.elements import children, has, name, says, text
from lms.packages.judging import PackageRefused
from lms.packages.rollup import WHOLE
from lms.packages.sequencing import Shared

LONGEST = 2_000_000  # bytes
BASE = "{http://www.w3.org/XML/1998/namespace}base"
MOST_PARTS = 200
DEEPEST = 20  # groups in groups


@dataclass(frozen=True)
class Part:
    """Something of a package that can be started. limits: what the manifest asks, as names of the data model.

    is_page: it says nothing by itself, and is done once it was opened. needs: what has to be done first, in the words
    of 1.2. within: the ids of the groups that it is in. left_out: the ends of its group for which it does not count.
    """

    id: str
    title: str
    href: str
    limits: dict[str, str]
    is_page: bool
    needs: str
    within: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Parts that belong together; the whole has no id. in_order: they open one after the other."""

    id: str
    title: str
    within: tuple[str, ...]
    in_order: bool
    rules: tuple[sequencing.Rule, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Manifest:
    """standard: "1.2" or "2004". groups: the whole first. beyond: names of what it asks for and does not get here."""

    standard: str
    title: str
    parts: tuple[Part, ...]
    groups: tuple[Group, ...]
    beyond: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        """Plain data, to be kept."""
        return asdict(self)


def read(written: bytes, *, files: frozenset[str]) -> Manifest:
    """Read ``imsmanifest.xml``. files: what is in the package.

    Raises PackageRefused with words for a trainer: not XML, a DTD, nothing to start, a part that leads elsewhere.
    """
    if len(written) > LONGEST:
        raise PackageRefused("The manifest is far too long.", entry="imsmanifest.xml")
    try:
        root = xml.parse(written)
    except xml.HasEntities:
        raise PackageRefused("The manifest has a DTD or entities in it.", entry="imsmanifest.xml") from None
    except xml.NotSound:
        raise PackageRefused("The manifest can't be read: it isn't sound XML.", entry="imsmanifest.xml") from None
    organisation, shared = _organisation(root), sequencing.collected(root)
    parts = tuple(_parts(root, shared, organisation, files))
    if not parts:
        raise PackageRefused("There's nothing in it that can be started.", entry="imsmanifest.xml")
    if len(parts) > MOST_PARTS or len({part.id for part in parts}) < len(parts):
        raise PackageRefused("Two of its parts have the same name, or it has too many.", entry="imsmanifest.xml")
    title = text(organisation, "title") if organisation is not None else ""
    groups = tuple(_groups(shared, organisation))
    if len(groups) > MOST_PARTS:
        raise PackageRefused("It has too many groups of parts.", entry="imsmanifest.xml")
    beyond = sorted(_beyond(shared, organisation, parts))
    return Manifest(_standard(root), title[:150], parts, groups, tuple(beyond))


def _standard(root: Element) -> str:
    version = next((text(meta, "schemaversion") for meta in children(root, "metadata")), "")
    if version.strip() == "1.2" or "imscp_rootv1p1p2" in root.tag:
        return "1.2"
    return "2004"


def _organisation(root: Element) -> Element | None:
    every = [one for group in children(root, "organizations") for one in children(group, "organization")]
    wanted = next((group.get("default") for group in children(root, "organizations")), None)
    return next((one for one in every if one.get("identifier") == wanted), every[0] if every else None)


def _parts(root: Element, shared: Shared, organisation: Element | None, files: frozenset[str]) -> Iterator[Part]:
    resources = {
        one.get("identifier", ""): (group, one)
        for group in children(root, "resources")
        for one in children(group, "resource")
    }
    for item, within in _items(organisation, ()):
        if wanted := item.get("identifierref"):
            if wanted not in resources:
                raise PackageRefused(f"An item points at {wanted!r}, which isn't there.", entry="imsmanifest.xml")
            href = _href(root, *resources[wanted], item.get("parameters", ""), files)
            if href:
                yield _part(shared, item, resources[wanted][1], href, within)


def _items(parent: Element | None, within: tuple[str, ...]) -> Iterator[tuple[Element, tuple[str, ...]]]:
    """All items in order, each with the groups that it is in."""
    if len(within) > DEEPEST:
        raise PackageRefused("Its parts are nested too deep.", entry="imsmanifest.xml")
    for item in children(parent, "item"):
        yield item, within
        yield from _items(item, (*within, item.get("identifier", "")))


def _part(shared: Shared, item: Element, resource: Element, href: str, within: tuple[str, ...]) -> Part:
    kind = next((value for name, value in resource.attrib.items() if name.lower().endswith("scormtype")), "")
    return Part(
        id=item.get("identifier", item.get("identifierref", ""))[:200],
        title=text(item, "title")[:150],
        href=href,
        limits=_limits(shared, item),
        is_page=kind.lower() == "asset",
        needs=text(item, "prerequisites")[:500],
        within=within,
        left_out=sequencing.left_out(sequencing.of(shared, item)),
    )


def _groups(shared: Shared, organisation: Element | None) -> Iterator[Group]:
    """The whole, and all groups in it; the whole alone where two of them have the same name."""
    if organisation is None:
        return
    yield _group(shared, organisation, WHOLE, ())
    inside = [(item, within) for item, within in _items(organisation, ()) if has(item, "item")]
    ids = [item.get("identifier", WHOLE) for item, _ in inside]
    if len({WHOLE, *ids}) > len(ids):
        yield from (_group(shared, item, item.get("identifier", WHOLE), within) for item, within in inside)


def _group(shared: Shared, element: Element, own: str, within: tuple[str, ...]) -> Group:
    asked = sequencing.of(shared, element)
    in_order, left_out = sequencing.is_in_order(asked), sequencing.left_out(asked)
    return Group(own, text(element, "title")[:150], within, in_order, sequencing.rules(asked), left_out)


def _beyond(shared: Shared, organisation: Element | None, parts: tuple[Part, ...]) -> set[str]:
    """What is asked for and does not happen here; of one part alone, what could matter to one."""
    if organisation is None:
        return set()
    every = [organisation, *(item for item, _ in _items(organisation, ()))]
    asked = {wish for one in every for wish in sequencing.beyond(sequencing.of(shared, one), is_group=has(one, "item"))}
    asked |= {"needs" for part in parts if not sequence.is_understood(part.needs)}
    return asked if len(parts) > 1 else asked & OF_ONE_PART


def _href(root: Element, group: Element, resource: Element, parameters: str, files: frozenset[str]) -> str:
    """Where a part starts, within the package; nothing for a resource without a page of its own."""
    href = resource.get("href", "")
    if not href:
        return ""
    bases = "".join(element.get(BASE, "") for element in (root, group, resource))
    try:
        parts = urlsplit(bases + href)
    except ValueError:  # half an address of a machine
        raise PackageRefused(f"{href[:80]!r} isn't a file of this package.", entry="imsmanifest.xml") from None
    path = normpath(unquote(parts.path))
    if parts.scheme or parts.netloc or path.startswith(("/", "..")) or path not in files:
        raise PackageRefused(f"{href[:80]!r} isn't a file of this package.", entry="imsmanifest.xml")
    asked, _, place = parameters.strip().lstrip("?&").partition("#")
    query, fragment = "&".join(filter(None, (parts.query, asked))), parts.fragment or place
    return urlunsplit(("", "", quote(path), query, fragment))


LIMITS = {
    "masteryscore": "mastery_score",
    "maxtimeallowed": "max_time_allowed",
    "datafromlms": "launch_data",
    "dataFromLMS": "launch_data",
    "completionThreshold": "completion_threshold",
}
OF_ONE_PART = {"limits"}
NUMBERS = ("mastery_score", "completion_threshold", "scaled_passing_score")


def _limits(shared: Shared, item: Element) -> dict[str, str]:
    """What the manifest asks of one item. Raises PackageRefused for a mark that is no number."""
    found = {}
    for element in item:
        limit = LIMITS.get(name(element))
        if limit and (words := (element.text or "").strip()):
            found[limit] = words[:4096]
        elif limit == "completion_threshold" and says(element, "completedByMeasure", "true"):
            found[limit] = element.get("minProgressMeasure", "1.0")
    if mark := _mark_to_pass(sequencing.of(shared, item)):
        found["scaled_passing_score"] = mark
    for limit in NUMBERS:
        try:
            rules.number(found.get(limit), name=limit)
        except rules.NotUnderstood:
            title = text(item, "title")[:80]
            raise PackageRefused(f"The mark that {title!r} asks isn't a number.", entry="imsmanifest.xml") from None
    return found


def _mark_to_pass(asked: Element | None) -> str:
    """The scaled mark by which an item is passed, where its mark decides; empty otherwise."""
    for objectives in children(asked, "objectives"):
        for primary in children(objectives, "primaryObjective"):
            if says(primary, "satisfiedByMeasure", "true"):
                return text(primary, "minNormalizedMeasure") or "1.0"
    return ""
