"""Reading the elements of a manifest, whichever of the many namespaces they are in."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

DIGITS = {"1": "true", "0": "false"}  # as XML Schema lets them be written


def name(element: Element) -> str:
    """Its name without the namespace."""
    return element.tag.rpartition("}")[2]


def children(element: Element | None, wanted: str) -> Iterator[Element]:
    """Children of this name, in order; none of nothing."""
    return (child for child in (element if element is not None else ()) if name(child) == wanted)


def has(element: Element | None, wanted: str) -> bool:
    """Whether there is a child of this name; one without anything in it is one, too."""
    return next(children(element, wanted), None) is not None


def text(element: Element, wanted: str) -> str:
    """The words of the first child of this name, in one line."""
    found = next(children(element, wanted), None)
    return " ".join((found.text or "").split()) if found is not None else ""


def says(element: Element | None, attribute: str, value: str) -> bool:
    """Whether an attribute has this value, however it is written: yes and no are ones and noughts too."""
    written = element.get(attribute, "").strip().lower() if element is not None else ""
    return DIGITS.get(written, written) == value
