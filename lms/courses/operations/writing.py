"""Private writing: the owner's alone, kept as it is typed, gone when it is emptied or deleted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.fields.json import KeyTransform

from lms.accounts.models import User
from lms.common.errors import DomainError
from lms.common.html import CONTROLS
from lms.courses import rules
from lms.courses.models import Enrolment, Reflection
from lms.courses.operations.sitting import NotLearning, UnknownItem


class TooLong(DomainError):
    code = "courses.note_too_long"
    message = f"That's more than one note can hold ({rules.LONGEST_ENTRY:,} characters). Your words are still here."


def as_typed(text: str) -> str:
    """Return what was typed without characters that no keyboard makes; letters, emoji and direction marks stay."""
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def save_reflection(*, learner: User, course: UUID, item: UUID, body: str, now: datetime) -> None:
    """Keep what the learner wrote under a prompt; emptied, it is deleted, whatever has become of the prompt.

    Raises TooLong, NotLearning or UnknownItem, and then nothing has changed.
    """
    _save(learner=learner, course=course, item=item, kind="reflection", bodies={0: body}, now=now)


def save_plan(*, learner: User, course: UUID, item: UUID, bodies: Mapping[int, str], now: datetime) -> None:
    """Keep the boxes of an action plan, counted from 1. Raises TooLong, NotLearning or UnknownItem."""
    _save(learner=learner, course=course, item=item, kind="plan", bodies=bodies, now=now)


def _save(*, learner: User, course: UUID, item: UUID, kind: str, bodies: Mapping[int, str], now: datetime) -> None:
    texts = {field: as_typed(body) for field, body in bodies.items()}
    if any(len(text) > rules.LONGEST_ENTRY for text in texts.values()):
        raise TooLong(item=item)
    filled = {field: text for field, text in texts.items() if text.strip()}
    with transaction.atomic():
        _forget(learner, item=item, fields=texts.keys() - filled.keys())
        if filled:
            said = _what_is_said(learner, course=course, item=item, kind=kind)
            _keep(learner, said, item=item, bodies=filled, now=now)


def _what_is_said(learner: User, *, course: UUID, item: UUID, kind: str) -> Any:
    """Read what the latest version says of the item. Whoever has ever been on the course may write."""
    mine = Enrolment.objects.owned_by(learner).filter(course__identity=course)
    items = KeyTransform(str(item), "course__latest__items")
    keys = KeyTransform(str(item), "course__latest__keys")
    said = mine.annotate(says=items, key=keys).values("course_id", "says", "key").first()
    if said is None:
        raise NotLearning
    if said["says"] is None or said["says"]["kind"] != kind:
        raise UnknownItem(item=item)
    return said


def _prompts(said: Mapping[str, Any]) -> dict[int, str]:
    if said["says"]["kind"] == "reflection":
        return {0: said["says"]["title"]}
    return dict(enumerate((said["key"] or {}).get("boxes", ()), start=1))


def _forget(learner: User, *, item: UUID, fields: set[int]) -> None:
    if fields:
        Reflection.objects.owned_by(learner).filter(item=item, field__in=fields).delete()


def _keep(learner: User, said: Mapping[str, Any], *, item: UUID, bodies: Mapping[int, str], now: datetime) -> None:
    prompts = _prompts(said)
    if not bodies.keys() <= prompts.keys():
        raise UnknownItem(item=item)
    whose = {"person": learner, "course_id": said["course_id"], "lesson_title": said["says"]["within"]}
    times = {"created_at": now, "updated_at": now}
    Reflection.objects.bulk_create(
        [
            Reflection(item=item, field=field, prompt=prompts[field], body=body, **whose, **times)
            for field, body in bodies.items()
        ],
        update_conflicts=True,
        unique_fields=["person", "item", "field"],
        update_fields=["course", "lesson_title", "prompt", "body", "updated_at"],
    )


def change_note(*, owner: User, note: UUID, body: str, now: datetime) -> None:
    """Change a note of one's own; emptied, it is deleted. Raises TooLong, or UnknownItem for any other note."""
    text = as_typed(body)
    if len(text) > rules.LONGEST_ENTRY:
        raise TooLong(note=note)
    if not text.strip():
        return delete_note(owner=owner, note=note)
    if not Reflection.objects.owned_by(owner).filter(uuid=note).update(body=text, updated_at=now):
        raise UnknownItem(note=note)
    return None


def delete_note(*, owner: User, note: UUID) -> None:
    """Delete a note of one's own, at once and for good. Raises UnknownItem for any other."""
    deleted, _ = Reflection.objects.owned_by(owner).filter(uuid=note).delete()
    if not deleted:
        raise UnknownItem(note=note)
