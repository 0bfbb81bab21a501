"""Reading XML that somebody else wrote. The only door to defusedxml: no DTD, no entities, nothing fetched."""

from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring


class NotSound(ValueError):
    """It isn't XML that can be read."""


class HasEntities(NotSound):
    """It has a DTD or entities: a way to read files, to reach other machines or to grow without end."""


def parse(text: bytes | str) -> Element:
    """Return the root of an XML text. Raises NotSound, or HasEntities."""
    try:
        root: Element = fromstring(text, forbid_dtd=True)
    except DefusedXmlException as refused:
        raise HasEntities from refused
    except (ParseError, ValueError, LookupError) as fault:
        raise NotSound from fault
    return root
