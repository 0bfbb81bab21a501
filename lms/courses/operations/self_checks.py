"""Self-checks: the owner's alone, to be made again and to be deleted, with nothing worked out from them for others."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from uuid import UUID, uuid5

from cms.models.selfcheck import HELP_FIRST, SelfCheckPage
from lms.accounts.models import User
from lms.common.errors import DomainError
from lms.courses.models import SelfCheck
from lms.courses.rules.self_checks import Answer, answered


class NothingAnswered(DomainError):
    code = "courses.nothing_answered"
    message = "Choose an answer to one of them first. The others can stay empty."


class UnknownSelfCheck(DomainError):
    code = "courses.unknown_self_check"
    message = "There's no such self-check."


def keep_self_check(
    *, owner: User, page: SelfCheckPage, chosen: Mapping[str, str], client_id: UUID, now: datetime
) -> SelfCheck:
    """Keep what was answered, by key; the same answers sent twice by a form are kept once. Raises NothingAnswered."""
    answers = answered(page.statements, chosen, help_word=HELP_FIRST)
    if not answers:
        raise NothingAnswered
    said = json.dumps([asdict(one) for one in answers])
    kept, _ = SelfCheck.objects.owned_by(owner).get_or_create(
        person=owner,
        client_id=uuid5(client_id, said),  # who goes back and answers otherwise sends the same form once more
        defaults={"answers": said, "answered_at": now},
    )
    return kept


def answers_of(check: SelfCheck) -> list[Answer]:
    """Return what was answered, with the words as they were."""
    return [Answer(**{**one, "leads_to": tuple(one["leads_to"])}) for one in json.loads(check.answers)]


def delete_self_check(*, owner: User, check: UUID) -> None:
    """Delete one of one's own, at once and for good. Raises UnknownSelfCheck for any other."""
    deleted, _ = SelfCheck.objects.owned_by(owner).filter(uuid=check).delete()
    if not deleted:
        raise UnknownSelfCheck(check=check)
