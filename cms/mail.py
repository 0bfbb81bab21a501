"""What writers are told of a page on its way: to whom it is passed, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from wagtail.models import Revision, TaskState, WorkflowState

from lms.outbox.operations import Letter, post


@dataclass(frozen=True)
class Words:
    """What a letter says. The page's title is in the letter and not in its subject: a mailbox may be shared."""

    subject: str
    says: tuple[str, ...]
    button: str


def _letter(words: Words, *, once: str, person: Any, page_id: int) -> Letter:
    link = settings.LMS_BASE_URL + reverse("wagtailadmin_pages:edit", args=[page_id])
    context: dict[str, object] = {"subject": words.subject, "says": words.says, "button": words.button, "link": link}
    name = f"{once}:{person.pk}"
    return Letter(kind="page", once=name, address=person.email, person_id=person.pk, template="note", context=context)


def page_waits(state: TaskState, *, readers: list[Any], now: datetime) -> None:
    """Tell each of ``readers`` that a page waits for an editor."""
    page = state.revision.content_object
    says = (f'"{page.title}" has been sent in. Read it, then publish it or say what should change.',)
    words = Words("A page is waiting for you", says, "Read it")
    for person in readers:
        post(_letter(words, once=f"page.waits:{state.pk}", person=person, page_id=page.pk), now=now)


def page_decided(state: WorkflowState, *, is_published: bool, comment: str, now: datetime) -> None:
    """Tell whoever sent a page in what became of it."""
    page = state.content_object
    if is_published:
        words = Words("Your page is published", (f'"{page.title}" is on the site now.',), "See it in the editor")
    else:
        says = (f'"{page.title}" isn\'t published yet. An editor has asked for a change first.', comment)
        words = Words("A page of yours needs a change", tuple(filter(None, says)), "Open it")
    occasion = f"page.decided:{state.pk}:{state.current_task_state_id}:{is_published}"
    post(_letter(words, once=occasion, person=state.requested_by, page_id=page.pk), now=now)


def not_published(revision: Revision, *, faults: list[str], now: datetime) -> None:
    """Tell whoever wrote a page that was to go up by itself that it did not, and what to put right."""
    says = (f'"{revision.object_str}" was planned for now, and it stays a draft for the moment.', *faults)
    words = Words("A page of yours needs a change", says, "Open it")
    name = f"page.unfit:{revision.pk}"
    post(_letter(words, once=name, person=revision.user, page_id=int(revision.object_id)), now=now)
