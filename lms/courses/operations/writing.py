"""Private writing: the owner's alone, kept as it is typed, gone when it is emptied or deleted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import BigIntegerField, QuerySet, UUIDField
from django.db.models.fields.json import KeyTransform

from lms.accounts.models import User
from lms.common.errors import DomainError
from lms.common.html import CONTROLS
from lms.common.prepared import Blank, BlankKey, Prepared, PreparedUpdate
from lms.courses import rules
from lms.courses.models import CourseVersion, Enrolment, Reflection
from lms.courses.operations.sitting import NotLearning, UnknownItem


class TooLong(DomainError):
    code = "courses.note_too_long"
    message = f"That's more than one note can hold ({rules.LONGEST_ENTRY:,} characters). Your words are still here."


def as_typed(text: str) -> str:
    """Return what was typed without characters that no keyboard makes; letters, emoji and direction marks stay."""
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def save_reflection(
    *, learner: User, course: UUID, item: UUID, body: str, now: datetime, hand: rules.Hand | None = None
) -> None:
    """Keep what the learner wrote under a prompt; emptied, it is deleted, whatever has become of the prompt.

    hand: who wrote, and what they knew of the box: words that they did not know are kept beside theirs.
    Raises TooLong, NotLearning or UnknownItem, and then nothing has changed.
    """
    _save(learner=learner, course=course, item=item, kind="reflection", bodies={0: body}, now=now, hand=hand)


def save_plan(
    *,
    learner: User,
    course: UUID,
    item: UUID,
    bodies: Mapping[int, str],
    now: datetime,
    hand: rules.Hand | None = None,
) -> None:
    """Keep the boxes of an action plan, counted from 1. Raises TooLong, NotLearning or UnknownItem."""
    _save(learner=learner, course=course, item=item, kind="plan", bodies=bodies, now=now, hand=hand)


def typed_by(hand: rules.Hand | None, field: int, body: str, now: datetime) -> rules.Typed:
    """Return what was typed into a box, with who typed it."""
    if hand is None:
        return rules.Typed(body, "", None, now)
    return rules.Typed(body, hand.writer, hand.knows.get(field, ""), hand.at)


def _save(
    *,
    learner: User,
    course: UUID,
    item: UUID,
    kind: str,
    bodies: Mapping[int, str],
    now: datetime,
    hand: rules.Hand | None,
) -> None:
    texts = {field: as_typed(body) for field, body in bodies.items()}
    if any(len(text) > rules.LONGEST_ENTRY for text in texts.values()):
        raise TooLong(item=item)
    with transaction.atomic():
        is_said = any(text.strip() for text in texts.values())
        said = _what_is_said(learner, course=course, item=item, kind=kind) if is_said else None
        kept = {note.field: note for note in _NOTES.all(person=learner.pk, item=item)}
        says = prompts(said, {field: note.prompt for field, note in kept.items()}) if said else {}
        for field, text in texts.items():
            note = kept.get(field)
            after = rules.settle(words_of(note), typed_by(hand, field, text, now))
            if note is not None:
                write(note, after, **says.get(field, {}))
            elif after is not None:
                _begin(learner, after, says=says.get(field) or _as_box_was(said, item, field), item=item, field=field)


def _said() -> QuerySet[Enrolment]:
    person: Any = Blank("person", BigIntegerField())
    mine = Enrolment.objects.owned_by(person).filter(course__identity=Blank("course", UUIDField()))
    says, key = BlankKey("item", "course__latest__items"), BlankKey("item", "course__latest__keys")
    held: QuerySet[Enrolment] = mine.annotate(says=says, key=key).only("course").select_for_update(of=("self",))
    return held.order_by("pk")[:1]


_SAID = Prepared(_said)


def _notes() -> QuerySet[Reflection]:
    """The learner's notes under an item, held."""
    person: Any = Blank("person", BigIntegerField())
    mine = Reflection.objects.owned_by(person).filter(item=Blank("item", UUIDField()))
    held: QuerySet[Reflection] = mine.select_for_update()
    return held


_NOTES = Prepared(_notes)


@cache
def _fields(*names: str) -> PreparedUpdate:
    return PreparedUpdate(Reflection, *names)


@dataclass(frozen=True)
class Said:
    """What a version says of an item. key: as the version keeps it."""

    course_id: int
    says: Mapping[str, Any]
    key: Mapping[str, Any]


def _what_is_said(learner: User, *, course: UUID, item: UUID, kind: str) -> Said:
    """Read what the latest version says of the item, and hold the learner's place on the course.

    Whoever has ever been on the course may write. Two saves of one learner are one after the other.
    """
    said: Any = _SAID.first(person=learner.pk, course=course, item=item)
    if said is None:
        raise NotLearning
    says, key = (said.says, said.key) if said.says else _as_last_asked(said.course_id, item)
    if says is None or says["kind"] != kind:
        raise UnknownItem(item=item)
    return Said(said.course_id, says, key or {})


def _as_last_asked(course_id: int, item: UUID) -> tuple[Any, Any]:
    """Read it from an older version: what is typed under a prompt that is gone since is kept with it."""
    versions = CourseVersion.objects.filter(course=course_id, items__has_key=str(item)).order_by("-number")
    found = versions.values_list(KeyTransform(str(item), "items"), KeyTransform(str(item), "keys")).first()
    return found or (None, None)


def prompts(said: Said, written: Mapping[int, str]) -> dict[int, dict[str, Any]]:
    """Return what is copied from a version beside what is written: by box, one for a reflection.

    written: the words that stand over what is kept already, by box.
    """
    words = list(said.key.get("boxes", ()))
    boxes = dict(zip(rules.fields_of(words, written), words, strict=True))
    return {field: _copied(said, prompt) for field, prompt in (boxes or {0: said.says["title"]}).items()}


def _copied(said: Said, prompt: str) -> dict[str, Any]:
    return {"course_id": said.course_id, "lesson_title": said.says["within"], "prompt": prompt}


def _as_box_was(said: Said | None, item: UUID, field: int) -> dict[str, Any] | None:
    """What an older version says of a box: what is typed into one that is gone since is kept with its words."""
    if said is None or not field:
        return None
    versions = CourseVersion.objects.filter(course=said.course_id, items__has_key=str(item)).order_by("-number")
    keys = versions.values_list(KeyTransform(str(item), "keys"), flat=True)
    stood = (key["boxes"][field - 1] for key in keys if len((key or {}).get("boxes", ())) >= field > 0)
    words = next((words for words in stood if words not in said.key.get("boxes", ())), None)
    return None if words is None else _copied(said, words)


def held(learner: User) -> QuerySet[Reflection]:
    """The learner's notes, held until the transaction ends."""
    return Reflection.objects.owned_by(learner).select_for_update()


def words_of(note: Reflection | None) -> rules.Words | None:
    """Return what is kept of a box."""
    if note is None:
        return None
    writer = str(note.writer) if note.writer else ""
    return rules.Words(note.body, writer, note.updated_at, rules.from_json(note.beside))


def _columns(words: rules.Words) -> dict[str, Any]:
    writer = UUID(words.writer) if words.writer else None
    return {"body": words.body, "writer": writer, "beside": rules.to_json(words.beside), "updated_at": words.at}


def write(note: Reflection, words: rules.Words | None, **copied: Any) -> None:
    """Write what a note holds now; delete it if that is nothing."""
    if words is None:
        note.delete()
        return
    columns = {**copied, **_columns(words)}
    for name, value in columns.items():
        setattr(note, name, value)
    _fields(*(name.removesuffix("_id") for name in columns)).save(note)


def _begin(learner: User, words: rules.Words, *, says: Mapping[str, Any] | None, item: UUID, field: int) -> None:
    if says is None:
        raise UnknownItem(item=item)
    Reflection.objects.create(person=learner, item=item, field=field, created_at=words.at, **says, **_columns(words))


def change_note(*, owner: User, note: UUID, body: str, now: datetime, hand: rules.Hand | None = None) -> None:
    """Change a note of one's own; emptied, it is deleted. Raises TooLong, or UnknownItem for any other note."""
    text = as_typed(body)
    if len(text) > rules.LONGEST_ENTRY:
        raise TooLong(note=note)
    with transaction.atomic():
        mine = _mine(owner, note)
        write(mine, rules.settle(words_of(mine), typed_by(hand, 0, text, now)))


def _mine(owner: User, note: UUID) -> Reflection:
    mine = held(owner).filter(uuid=note).first()
    if mine is None:
        raise UnknownItem(note=note)
    return mine


def settle_beside(*, owner: User, note: UUID, number: int, add: bool, now: datetime) -> None:
    """Put words that stand beside a note under those in it, or let go of them. Raises TooLong, UnknownItem."""
    with transaction.atomic():
        mine = _mine(owner, note)
        kept = words_of(mine)
        if kept is None or not 0 <= number < len(kept.beside):
            raise UnknownItem(note=note)
        after = replace(rules.added(kept, number), at=now) if add else rules.dropped(kept, number)
        if len(after.body) > rules.LONGEST_ENTRY:
            raise TooLong(note=note)
        write(mine, after)


def delete_note(*, owner: User, note: UUID) -> None:
    """Delete a note of one's own, at once and for good. Raises UnknownItem for any other."""
    deleted, _ = Reflection.objects.owned_by(owner).filter(uuid=note).delete()
    if not deleted:
        raise UnknownItem(note=note)
