"""The folder where development mail lands, read as people would read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings

_RULE = b"-" * 79  # what Django's mail-in-a-folder writes between messages


@dataclass(frozen=True)
class Mail:
    """One e-mail of the folder. ``name`` and ``number`` say which file, and which message in it."""

    name: str
    number: int
    message: EmailMessage

    def header(self, name: str) -> str:
        """Return a header, or nothing."""
        return str(self.message[name] or "")

    @property
    def subject(self) -> str:
        """What the mail says it is about."""
        return self.header("subject")

    @property
    def addressee(self) -> str:
        """Whom it goes to."""
        return self.header("to")

    @property
    def sent(self) -> str:
        """When it was sent, as its sender wrote it."""
        return self.header("date")

    def part(self, kind: str) -> str:
        """Return the first part of a type such as ``text/html``, or nothing."""
        for part in self.message.walk():
            if part.get_content_type() == kind:
                return str(part.get_content())
        return ""


def _messages(path: Path) -> Iterator[Mail]:
    pieces = path.read_bytes().split(b"\n" + _RULE + b"\n")
    for number, piece in enumerate(piece for piece in pieces if piece.strip()):
        message = message_from_bytes(piece.strip(), _class=EmailMessage, policy=policy.default)
        yield Mail(name=path.stem, number=number, message=message)


def newest_first(*, most: int = 200) -> list[Mail]:
    """Return the last mails of the folder, the newest first."""
    folder = Path(settings.EMAIL_FILE_PATH)
    if not folder.is_dir():
        return []
    files = sorted(folder.glob("*.log"), key=lambda path: (path.stat().st_mtime, path.name), reverse=True)
    mails: list[Mail] = []
    for path in files[:most]:
        mails.extend(reversed(list(_messages(path))))
    return mails[:most]


def find(name: str, number: int) -> Mail | None:
    """Return one mail. ``name`` is a bare file name without its ending; anything else finds nothing."""
    path = Path(settings.EMAIL_FILE_PATH) / f"{name}.log"
    if path.parent != Path(settings.EMAIL_FILE_PATH) or not path.is_file():
        return None
    return next((mail for mail in _messages(path) if mail.number == number), None)
