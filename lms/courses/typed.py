"""Forms of lessons that were filled in and could not be sent as usual: without a connection, or after the session.

They are read like any form and lead to the same operations, with the time at which they were filled in.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID, uuid4

from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils import timezone

from lms.accounts.models import User
from lms.common import crypto
from lms.courses import asking, finding, forms, operations, rules
from lms.courses.whose import is_of, is_ours

MOST = 50  # forms at once
OLDEST = timedelta(days=60)


@dataclass(frozen=True)
class Sent:
    """A form: the address it was for, what was in it, and when it was filled in. fact: its id.

    heard_at: when we heard of it, by our own clock.
    """

    fact: UUID
    name: str
    told: Mapping[str, Any]
    data: QueryDict
    at: datetime
    heard_at: datetime

    @classmethod
    def at_address(
        cls, fact: UUID, path: str, fields: Iterable[Sequence[str]], at: datetime, *, heard_at: datetime
    ) -> Self | None:
        """Return the form for an address; None where that takes none that can be brought later."""
        try:
            found = resolve(path)
        except Resolver404:
            return None
        name = found.url_name or ""
        if found.namespace != "courses" or name not in DEEDS:
            return None
        data = QueryDict(mutable=True)
        for field, value in fields:
            data.appendlist(field, value)
        return cls(fact, name, found.kwargs, data, at, heard_at)

    @property
    def as_fact(self) -> operations.Fact:
        """What it comes to."""
        return operations.Fact(self.fact, lambda learner: DEEDS[self.name](learner, self))

    @property
    def where(self) -> dict[str, Any]:
        """The course and the item that it is about, and when."""
        return {"course": self.told["course"], "item": self.told["item"], "now": self.at}

    @property
    def hand(self) -> rules.Hand:
        """Who wrote. A form that does not say it has seen nothing of what is kept."""
        return forms.hand(self.data, at=self.at) or rules.Hand("", {}, self.at)


def _note(learner: User, sent: Sent) -> None:
    body = forms.bodies(sent.data).get(0, "")
    operations.save_reflection(learner=learner, body=body, hand=sent.hand, **sent.where)


def _plan(learner: User, sent: Sent) -> None:
    operations.save_plan(learner=learner, bodies=forms.bodies(sent.data), hand=sent.hand, **sent.where)


def _draft(learner: User, sent: Sent) -> None:
    operations.keep_draft(learner=learner, fields=forms.begun(sent.data), **sent.where)


def _answer(learner: User, sent: Sent) -> None:
    try:
        chosen = asking.chosen_in(sent.data)
    except rules.NotAnOption:
        return _draft(learner, sent)  # what is not ready to be given is kept as it stands
    operations.answer_question(learner=learner, chosen=chosen, client_id=sent.fact, **sent.where)
    return None


def _read(learner: User, sent: Sent) -> None:
    where = {"course": sent.told["course"], "lesson": sent.told["item"], "now": sent.at}
    operations.read_lesson(learner=learner, client_id=sent.fact, **where)


def _leave_out(learner: User, sent: Sent) -> None:
    items = forms.PartForm(sent.data).items()
    if not finding.may_be_left_out(sent.told["course"], items):
        raise operations.UnknownItem
    where = {"course": sent.told["course"], "now": sent.at}
    operations.leave_out(learner=learner, items=items, client_id=sent.fact, **where)


def _save_check(learner: User, sent: Sent) -> None:
    answers, number = forms.answers(sent.data), sent.told["number"]
    where = {**sent.where, "now": sent.heard_at, "written_at": sent.at}
    operations.save_try(learner=learner, number=number, answers=answers, **where)


DEEDS: Mapping[str, Callable[[User, Sent], None]] = {
    "note": _note,
    "plan": _plan,
    "draft": _draft,
    "answer": _answer,
    "read": _read,
    "leave_out": _leave_out,
    "save_check": _save_check,
    "hand_in_check": _save_check,  # nothing is handed in that its learner does not see handed in
}


# --- From a phone ---------------------------------------------------------------------------------------------------


def from_phone(rows: Any, *, person: User, clock: datetime, now: datetime) -> tuple[list[Sent], list[UUID]]:
    """Return the forms that a phone sends, oldest first, and the ids of those that cannot be opened.

    A form that somebody else locked is not opened for ``person``. clock: what the phone's clock says now; only how
    long ago something was done is believed of it. Raises ValueError, TypeError or KeyError for what no phone sends.
    """
    read, unreadable = [], []
    for row in list(rows)[:MOST]:
        fact = UUID(str(row["id"]))
        age = min(max(clock - datetime.fromisoformat(row["at"]), timedelta(0)), OLDEST)
        sent = _unlocked(fact, str(row["locked"]), person, now - age, heard_at=now)
        if sent is None:
            unreadable.append(fact)
        else:
            read.append(sent)
    return sorted(read, key=lambda sent: sent.at), unreadable


def _unlocked(fact: UUID, locked: str, person: User, at: datetime, *, heard_at: datetime) -> Sent | None:
    try:
        said = json.loads(crypto.opened(locked))
        if not is_of(str(said["whose"]), person):
            return None
        fields = [(str(name), str(value)) for name, value in said["fields"]]
        return Sent.at_address(fact, str(said["path"]), fields, at, heard_at=heard_at)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


# --- From a session that is over --------------------------------------------------------------------------------------

_KEPT = "typed_before"
_MOST_KEPT = 20  # forms
_LONGEST_KEPT = 100_000  # characters of all of them


def set_aside(session: Any, *, path: str, data: QueryDict, at: datetime) -> bool:
    """Keep, locked, what came in after the session had ended, for its writer to sign in again. Say whether it is kept.

    Nothing is kept of who does not show whose form it is: a stranger cannot fill the table of sessions.
    """
    word = data.get("whose", "")
    fields = [(name, value) for name, values in data.lists() for value in values]
    fact = forms.SentForm(data).fact
    if not is_ours(word) or Sent.at_address(fact, path, fields, at, heard_at=at) is None:
        return False
    others = [one for one in _aside(session) if one["path"] != path]
    rows = [*others, {"fact": str(uuid4()), "whose": word, "path": path, "fields": fields, "at": at.isoformat()}]
    text = json.dumps(rows[-_MOST_KEPT:])
    if len(text) > _LONGEST_KEPT:
        return False
    session[_KEPT] = crypto.box().encrypt(text.encode()).decode()
    return True


def _aside(session: Any) -> list[dict[str, Any]]:
    text = crypto.unlocked(session.get(_KEPT, ""))
    return list(json.loads(text)) if text else []


def put_back(session: Any, *, person: User) -> int:
    """Put what ``person`` typed before in its place, now that they are here again; say how much of it there was.

    What somebody else typed is let go of.
    """
    if _KEPT not in session:
        return 0
    rows = [row for row in _aside(session) if is_of(row["whose"], person)]
    del session[_KEPT]
    facts = [sent.as_fact for sent in map(_as_set_aside, rows) if sent]
    return len(operations.bring(learner=person, facts=facts, now=timezone.now()).taken)


def _as_set_aside(row: Mapping[str, Any]) -> Sent | None:
    at = datetime.fromisoformat(row["at"])
    return Sent.at_address(UUID(row["fact"]), row["path"], row["fields"], at, heard_at=at)
