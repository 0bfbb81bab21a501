"""Publishing compiles: the live pages of a course become one immutable version, if anything has changed."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from cms import keeping
from cms.models import CoursePage
from cms.outline import Item, Lesson, Module, Outline, read_course
from lms.common.tasks import enqueue
from lms.courses import rules, tasks
from lms.courses.models import Added, Corrected, Course, CourseVersion, PublishingChoice, Round

# What a person writes for themselves is never asked of them.
MARKS = ("everyone", "quiet")
ASKED = frozenset({"question", "bank", "scenario", "package", "video", "audio", "workshop"})


@dataclass(frozen=True)
class Compiled:
    """What the pages of a course come to."""

    outline: dict[str, Any]
    items: dict[str, dict[str, Any]]
    keys: dict[str, Any]
    minutes: int
    lessons_total: int
    finish: rules.Finish
    in_order: bool
    after: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of all that people see of it, are marked by or have to keep to."""
        rule: list[Any] = [] if self.finish.kind == rules.ALL else [[self.finish.kind, self.finish.needed]]
        if self.in_order or self.after:
            rule.append({"in_order": self.in_order, "after": sorted(self.after)})
        body = json.dumps([self.outline, self.keys, *rule], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(body.encode()).hexdigest()

    @cached_property
    def tally(self) -> rules.Tally:
        """What somebody who begins with it has before them."""
        return rules.tally(self.finish, asked=rules.asked_in(self.items), items=self.items, standings={})


def _item(item: Item, module: Module) -> dict[str, Any]:
    is_asked = item.required and item.kind in ASKED and not module.skippable
    return {"id": str(item.id), "kind": item.kind, "title": item.title, "required": is_asked}


def _lesson(lesson: Lesson, module: Module) -> dict[str, Any]:
    reading = Item(id=lesson.id, kind="lesson", title=lesson.title, required=True)
    return {
        "id": str(lesson.id),
        "title": lesson.title,
        "slug": lesson.slug,
        "path": lesson.path,
        "minutes": lesson.minutes,
        "content_note": lesson.content_note,
        "items": [
            {**_item(reading, module), "required": not module.skippable},
            *(_item(item, module) for item in lesson.items),
        ],
    }


def _module(module: Module) -> dict[str, Any]:
    return {
        "id": str(module.id),
        "title": module.title,
        "slug": module.slug,
        "summary": module.summary,
        "skippable": module.skippable,
        "lessons": [_lesson(lesson, module) for lesson in module.lessons],
    }


def compiled(outline: Outline) -> Compiled:
    """Work out what a version of ``outline`` would say."""
    modules = [_module(module) for module in outline.modules]
    lessons = [lesson for module in modules for lesson in module["lessons"]]
    items: dict[str, dict[str, Any]] = {}
    for lesson in lessons:
        for item in lesson["items"]:
            at = {"lesson": lesson["id"], "within": lesson["title"]}
            items.setdefault(item["id"], {**at, **{name: item[name] for name in ("kind", "title", "required")}})
    written = [item for module in outline.modules for lesson in module.lessons for item in lesson.items]
    for item in filter(_is_marked, written):
        items[str(item.id)]["marked"] = True
    return Compiled(
        outline={"modules": modules},
        items=items,
        keys={str(item.id): item.answer for item in written if item.answer},
        minutes=sum(lesson["minutes"] for lesson in lessons),
        lessons_total=len(lessons),
        finish=rules.Finish(outline.finish, outline.finish_needed),
        in_order=outline.in_order,
        after=tuple(map(str, outline.after)),
    )


def _is_marked(item: Item) -> bool:
    """Whether an answer to it is worth something."""
    is_question = item.kind == "question" and item.answer.get("kind") not in rules.NOT_MARKED
    return is_question or item.kind == "bank"


def compile_outline(outline: Outline, *, now: datetime) -> CourseVersion | None:
    """Turn what is published into the course's newest version; return it, or None when nothing has changed.

    Called twice at once, one waits for the other. Learners in mid-course are counted anew, now or by the worker.
    """
    made = compiled(outline)
    with transaction.atomic():
        course = _course(outline)
        latest = CourseVersion.objects.filter(latest_of=course).defer("outline", "keys").first()
        if latest and latest.digest == made.digest:
            under_way(course).delete()  # there was nothing to decide
            return None
        choice = under_way(course).last()
        version = _new_version(course, latest, made, choice, now)
        Course.objects.filter(pk=course.pk).update(latest=version)
        keeping.changed()  # the outline is part of what strangers see
        if latest:
            _carry_rounds_over(latest, version)
        if choice:
            _carry_out(choice, version)
    return version


def _new_version(
    course: Course, latest: CourseVersion | None, made: Compiled, choice: PublishingChoice | None, now: datetime
) -> CourseVersion:
    digest = made.digest  # of the words, before any marks
    marks = _marks(made.items, latest.items if latest else {}, choice.added if choice else Added.OFFER)
    for lesson in (lesson for module in made.outline["modules"] for lesson in module["lessons"]):
        lesson["items"] = [{**item, **marks.get(item["id"], {})} for item in lesson["items"]]
    return CourseVersion.objects.create(
        course=course,
        number=latest.number + 1 if latest else 1,
        outline=made.outline,
        items={item: {**said, **marks.get(item, {})} for item, said in made.items.items()},
        keys=made.keys,
        digest=digest,
        minutes=made.minutes,
        lessons_total=made.lessons_total,
        finish=made.finish.kind,
        finish_needed=made.finish.needed,
        required_total=made.tally.total,
        marks_needed=made.tally.missing,
        in_order=made.in_order,
        after=titles_of(made.after),
        created_at=now,
    )


def _marks(items: rules.Items, before: rules.Items, added: str) -> dict[str, dict[str, bool]]:
    """Say what is asked of everyone, and what is new without a word; what was marked so before stays so."""
    new = {Added.ASK: {"everyone": True}, Added.KEEP: {"quiet": True}}.get(Added(added), {})
    known = rules.asked_in(before)
    marks = {item: {name: True for name in MARKS if said.get(name)} for item, said in before.items()}
    if before:
        marks.update(dict.fromkeys(rules.asked_in(items) - known, new))
    return {item: said for item, said in marks.items() if said}


def titles_of(courses: Iterable[str]) -> dict[str, str]:
    """Return the titles of courses by their identities; one query."""
    found = Course.objects.filter(identity__in=courses).values_list("identity", "title")
    return {str(identity): title for identity, title in found}


def under_way(course: Course) -> QuerySet[PublishingChoice]:
    """What was decided for the publishing that is under way; what was planned for a day is not."""
    return PublishingChoice.objects.filter(course=course, version=None, waits_for=None)


def _carry_out(choice: PublishingChoice, version: CourseVersion) -> None:
    choice.version = version
    choice.save(update_fields=["version"])
    for one in choice.corrected:
        if one["how"] != Corrected.KEEP:
            enqueue(tasks.correct_answers, version_id=version.pk, **one)


def _course(outline: Outline) -> Course:
    """Find or make the course's row and hold it until the transaction ends."""
    Course.objects.filter(page_id=outline.page_id).exclude(identity=outline.id).update(page=None)
    said = {
        "page_id": outline.page_id,
        "slug": outline.slug,
        "title": outline.title,
        "neutral_title": outline.neutral_title,
        "open_to": outline.open_to,
        "is_open": True,
        "in_order": outline.in_order,
    }
    course = Course.objects.update_or_create(identity=outline.id, defaults=said)[0]
    course.after.set(Course.objects.filter(identity__in=outline.after))
    return course


def _carry_rounds_over(before: CourseVersion, after: CourseVersion) -> None:
    """New words ask nothing new: one statement. Where the requirements differ, the worker counts each round."""
    if _counted_by(before) == _counted_by(after) and before.rule == after.rule:
        rounds = Round.objects.unscoped(because="a new version concerns everybody in mid-course").unfinished()
        rounds.filter(counted_with=before).update(counted_with=after)
    else:
        enqueue(tasks.recount_rounds, course_id=after.course_id)
    if rules.moved(before.items, after.items):
        enqueue(tasks.follow_items, version_id=after.pk)


def _counted_by(version: CourseVersion) -> dict[str, tuple[str, bool]]:
    """What a round is counted by: what is asked for, in which lesson, and whether it brings anything to a pass mark."""
    return {id_: (said["lesson"], bool(said.get("marked"))) for id_, said in version.items.items() if said["required"]}


def compile_page(page: CoursePage, *, now: datetime) -> CourseVersion | None:
    """Compile the course of a page that is live, and close that of one that is not; return the new version, if any."""
    if page.live:
        return compile_outline(read_course(page), now=now)
    close_course(page_id=page.pk)
    return None


def close_course(*, page_id: int | None) -> None:
    """Take no new learners on a course whose page is no longer public, or is gone. Who is learning goes on."""
    Course.objects.filter(page_id=page_id, is_open=True).update(is_open=False)
