"""Reading what mail servers write back: that a letter could not be delivered, or that its reader called it spam."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Mail

LONGEST = 1_000_000  # bytes that are looked at
COMPLAINT = "complaint"
FINAL = re.compile(r"5\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class Report:
    """What became of one letter. status: like "5.1.1", or "complaint"; text: where its return address may stand."""

    status: str
    text: str


def read_report(raw: bytes) -> Report | None:
    """Return what a mail says of a letter of ours; None for any other mail, and for one that tells of a delay only."""
    try:
        mail = message_from_bytes(raw[:LONGEST])
        parts = list(mail.walk())
    except RecursionError:  # made to hurt: no mail server nests like this
        return None
    status = next(filter(None, map(_status, parts)), "")
    return Report(status, "\n".join(_places(mail, parts))) if status else None


def _status(part: Mail) -> str:
    """What one part says that is final; nothing for any other part."""
    if part.get_content_type() == "message/feedback-report":
        return COMPLAINT
    if part.get_content_type() != "message/delivery-status":
        return ""
    blocks = part.get_payload()
    failed = [one for one in blocks if _is_final(one)] if isinstance(blocks, list) else []
    return _word(failed[0], "Status") if failed else ""


def _is_final(block: object) -> bool:
    return _word(block, "Action").lower() == "failed" and FINAL.fullmatch(_word(block, "Status")) is not None


def _word(block: object, name: str) -> str:
    words = str(block.get(name, "")).split() if isinstance(block, Mail) else []
    return words[0] if words else ""


def _places(mail: Mail, parts: list[Mail]) -> Iterator[str]:
    for name in ("To", "Delivered-To", "X-Original-To"):
        yield from map(str, mail.get_all(name, []))
    for part in parts:  # what came back, and what a complaint is about
        yield str(part.get("Return-Path", ""))
        yield str(part.get("Original-Mail-From", ""))
