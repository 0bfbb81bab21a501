"""What the public check may say of a certificate: how it stands, and never whose it is unless its holder said so."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from lms.certificates import reports
from lms.certificates.models import Award
from lms.certificates.rules import State, read_code

COMPARED = {State.ACTIVE, State.EXPIRED, State.REPLACED}  # of the others nobody learns whose they were
NO_CODE = ""  # looked for all the same, so that what can be no code costs as much as an unknown one


@dataclass(frozen=True)
class Answer:
    """What may be said of a certificate. at: when it came to stand so. by_file: found by the file itself."""

    award: Award
    standing: State
    at: datetime | None
    by_file: bool = False

    @property
    def is_hidden(self) -> bool:
        """Whether its holder has switched the check off. That it was stopped is said all the same."""
        return not self.award.answers_checks and self.standing in COMPARED

    @property
    def compares_names(self) -> bool:
        """Whether a name can be compared with it."""
        is_open = self.standing in COMPARED and not self.is_hidden
        return is_open and bool(self.award.name) and not self.award.shows_name

    @property
    def shown_name(self) -> str:
        """The name, if its holder lets everybody see it."""
        return self.award.name if self.award.shows_name and self.standing in COMPARED else ""


def to_code(typed: str, *, today: date) -> Answer | None:
    """Find what somebody typed."""
    return _answer(Award.objects.for_check(Q(code=read_code(typed) or NO_CODE)), today)


def to_file(content: bytes, *, today: date) -> Answer | None:
    """Find a file that we made, byte for byte: the certificate itself, or its copy for a print shop."""
    digest = hashlib.sha256(content).hexdigest()
    return _answer(Award.objects.for_check(Q(pdf_sha256=digest) | Q(print_sha256=digest)), today, by_file=True)


def _answer(award: Award | None, today: date, *, by_file: bool = False) -> Answer | None:
    if award is None:
        return None
    standing = award.standing(today)
    has_moment = standing in {State.SUSPENDED, State.REPLACED, State.WITHDRAWN}
    return Answer(award, standing, reports.changed_at(award) if has_moment else None, by_file)
