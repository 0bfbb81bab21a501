"""What a package says of itself: which standard, and which parts it has, in order."""

from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import normpath
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from lms.common import xml
from lms.packages.judging import PackageRefused

LONGEST = 2_000_000  # bytes
BASE = "{http://www.w3.org/XML/1998/namespace}base"
MOST_PARTS = 200


@dataclass(frozen=True)
class Part:
    """Something of a package that can be started. limits: what the manifest asks, as names of the data model."""

    id: str
    title: str
    href: str
    limits: dict[str, str]


@dataclass(frozen=True)
class Manifest:
    """standard: "1.2" or "2004"."""

    standard: str
    title: str
    parts: tuple[Part, ...]

    def as_data(self) -> dict[str, Any]:
        """Plain data, to be kept."""
        return {"standard": self.standard, "title": self.title, "parts": [vars(part) for part in self.parts]}


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
    return Manifest(_standard(root), title[:150], parts)


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
    for item in organisation.iter() if organisation is not None else ():
        if _name(item) == "item" and (wanted := item.get("identifierref")):
            if wanted not in resources:
                raise PackageRefused(f"An item points at {wanted!r}, which isn't there.", entry="imsmanifest.xml")
            href = _href(root, *resources[wanted], item.get("parameters", ""), files)
            if href:
                yield Part(item.get("identifier", wanted)[:200], _text(item, "title")[:150], href, _limits(item))


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
    "minNormalizedMeasure": "scaled_passing_score",
}


def _limits(item: Element) -> dict[str, str]:
    found = {}
    for element in item.iter():
        if _name(element) == "item" and element is not item:
            break
        name = LIMITS.get(_name(element))
        if name and element.text and element.text.strip():
            found[name] = element.text.strip()[:4096]
    return found
