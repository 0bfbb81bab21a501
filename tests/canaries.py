"""Private words are canaries: whoever must not see them and does, fails the test in which it happened.

Whatever a test writes into the fields below is remembered with its owner. From then on every answer through the
test client, every letter, every audit row, every task row and every log line of that test is searched for it.
Nothing has to be planted by hand: an address, a reflection, a venue that a factory makes is a canary by itself.
"""

import html
import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.core.handlers.base import BaseHandler
from django.db import connection, models
from django.db.models.signals import post_save
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject
from django_q.signing import SignedPackage

SHORTEST = 10  # characters; a shorter text may stand anywhere by chance
SEARCHED = ("text/", "application/json", "application/xml", "image/svg")
MAY_SHOW_ANYTHING = ("/dev/", "/cms/users/", "/cms/reports/")  # the local mailbox; accounts, to the platform's own keys

Owner = Callable[[Any], int | None]


@dataclass(frozen=True)
class Private:
    """A field that not everybody may see. owner: whose it is. also: who else may see it, of a person and the row."""

    model: str
    name: str
    owner: Owner
    also: Callable[[int, Any], bool] = lambda reader, row: False


def _in_the_room(reader: int, session: Any) -> bool:
    """A seat in the session, work for it, or an award to lead such groups where they run this one."""
    from lms.agencies.models import StaffRole
    from lms.certificates.models import Award
    from lms.webinars.models import Booking, Facilitator

    staff = StaffRole.objects.unscoped(because="the canary search").live().filter(agency=session.agency_id)
    seats = Booking.objects.unscoped(because="the canary search").filter(session=session)
    if staff.filter(person=reader).exists() or seats.filter(person=reader).seated().exists():
        return True
    awards = Award.objects.unscoped(because="the canary search").filter(kind="leader", state="active")
    runs_it = Facilitator.objects.filter(session=session, person=reader)
    return runs_it.exists() and awards.filter(person=reader, agency=session.agency_id).exists()


def _may_come_in(reader: int, surgery: Any) -> bool:
    """A time of their own, or their turn in the queue."""
    from lms.consultations.models import QueuePlace, Slot

    times = Slot.objects.unscoped(because="the canary search").filter(surgery=surgery, state="booked")
    turns = QueuePlace.objects.unscoped(because="the canary search").filter(surgery=surgery, state="called")
    return times.filter(person=reader).exists() or turns.filter(person=reader).exists()


def _works_for(reader: int, agency_id: int | None) -> bool:
    from lms.agencies.models import StaffRole

    rows = StaffRole.objects.unscoped(because="the canary search").live()
    return rows.filter(person=reader, agency=agency_id).exists()


PRIVATE = (
    Private("accounts.User", "email", lambda row: row.pk),
    Private("accounts.User", "certificate_name", lambda row: row.pk),
    Private("account.EmailAddress", "email", lambda row: row.user_id),
    Private("courses.Reflection", "body", lambda row: row.person_id),
    Private("courses.SelfCheck", "answers", lambda row: row.person_id),
    Private("portfolio.SharedEntry", "body", lambda row: row.person_id, lambda who, row: who == row.reader_id),
    Private("courses.LearningEvent", "payload", lambda row: row.round.enrolment.person_id),
    Private("courses.ItemState", "latest", lambda row: row.round.enrolment.person_id),
    Private("packages.PartState", "state", lambda row: row.attempt.person_id),
    Private("webinars.Session", "venue", lambda row: None, _in_the_room),
    Private("webinars.Session", "room_address", lambda row: None, _in_the_room),
    Private(
        "webinars.Booking", "access_needs", lambda row: row.person_id, lambda who, row: _in_the_room(who, row.session)
    ),
    Private("consultations.Slot", "reason", lambda row: row.person_id, lambda who, row: who == row.worker_id),
    Private(
        "consultations.QueuePlace", "reason", lambda row: row.person_id, lambda who, row: who == row.surgery.worker_id
    ),
    Private("consultations.Surgery", "way_in", lambda row: row.worker_id, _may_come_in),
    Private(
        "certificates.LogEntry", "body", lambda row: row.record.person_id, lambda who, row: who == row.shared_with_id
    ),
    Private(
        "certificates.Statement",
        "body",
        lambda row: row.record.person_id,
        lambda who, row: bool(row.sent_at) and who == row.assessor_id,
    ),
    Private(
        "certificates.SignOff",
        "comment",
        lambda row: row.candidate_id,
        lambda who, row: _works_for(who, row.record.agency_id),
    ),
    Private(
        "certificates.AwardChange", "reason", lambda row: None, lambda who, row: _works_for(who, row.award.agency_id)
    ),
    Private(
        "agencies.Invitation",
        "address",
        lambda row: row.accepted_by_id,
        lambda who, row: _works_for(who, row.agency_id),
    ),
    Private(
        "courses.CourseInvitation",
        "address",
        lambda row: row.accepted_by_id,
        lambda who, row: _works_for(who, row.agency_id),
    ),
    Private("courses.ListLine", "address", lambda row: None, lambda who, row: _works_for(who, row.people.agency_id)),
)


def _texts(kept: Any) -> Iterator[str]:
    """A text itself; of what is kept as JSON, each sentence in it, but no id."""
    if not isinstance(kept, str) or len(kept) < SHORTEST:
        return
    try:
        left = [json.loads(kept)]
    except ValueError:
        yield kept
        return
    while left:
        each = left.pop()
        left += each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
        if isinstance(each, str) and len(each) >= SHORTEST and " " in each:
            yield each


@dataclass
class Canary:
    """One private text, and the row it came from."""

    private: Private
    row: Any

    def may_be_seen_by(self, reader: int | None) -> bool:
        """Whether somebody signed in as ``reader`` may see it."""
        if reader is None:
            return False
        return self.private.owner(self.row) == reader or self.private.also(reader, self.row)


@contextmanager
def _uncounted() -> Iterator[None]:
    """Ask the database without being counted among the queries of the test."""
    counted, connection.force_debug_cursor = connection.force_debug_cursor, False
    try:
        yield
    finally:
        connection.force_debug_cursor = counted


@dataclass
class Search:
    """What one test has made and where it turned up."""

    canaries: dict[str, list[Canary]] = field(default_factory=dict)
    leaks: list[str] = field(default_factory=list)

    def remember(self, row: Any) -> None:
        """Take the private fields of a row that was just written."""
        for private in PRIVATE:
            if row._meta.label == private.model and private.name not in row.get_deferred_fields():
                for text in _texts(getattr(row, private.name)):
                    self.canaries.setdefault(text, []).append(Canary(private, row))

    def look(self, text: str, *, reader: int | None, where: str) -> None:
        """Note every canary in ``text`` that ``reader`` may not see."""
        for words, rows in self.canaries.items():
            if not _stands_in(words, text):
                continue
            with _uncounted():
                allowed = any(canary.may_be_seen_by(reader) for canary in rows)
            if not allowed:
                kind = rows[0].private
                self.leaks.append(f"{where}: {kind.model}.{kind.name} seen by {reader or 'a stranger'}")

    def look_everywhere(self, text: str, *, where: str) -> None:
        """Note every canary in ``text``, which nobody's private words may stand in."""
        self.leaks += [
            f"{where}: {rows[0].private.model}.{rows[0].private.name}" for w, rows in self.canaries.items() if w in text
        ]


def _loaded_session(request: HttpRequest) -> dict[str, Any]:
    """What the answer itself has read of the session: the search asks the database for nothing more."""
    loaded: dict[str, Any] = vars(getattr(request, "session", request)).get("_session_cache", {})
    return loaded


def _reader(request: HttpRequest) -> int | None:
    signed_in = _loaded_session(request).get("_auth_user_id")
    user = vars(request).get("user")
    is_lazy = type(user) is SimpleLazyObject  # not asked for by the page, so not asked for here
    return int(signed_in) if signed_in else None if is_lazy else getattr(user, "pk", None)


def _typed(request: HttpRequest) -> str:
    """What this browser has sent itself: now, or in an earlier step that its session remembers."""
    return repr(_loaded_session(request)) + " ".join(
        str(value) for many in (request.POST, request.GET) for value in many.values()
    )


def _answer(search: Search, request: HttpRequest, answer: HttpResponseBase) -> None:
    if answer.streaming or request.path.startswith(MAY_SHOW_ANYTHING):
        return
    typed = _typed(request)
    body = ""
    if answer.headers.get("Content-Type", "").startswith(SEARCHED):
        body = answer.content.decode(errors="replace")
    text = body + " ".join(f"{name}: {value}" for name, value in answer.items())
    own_words = [words for words in search.canaries if words in typed]
    for words in own_words:  # what somebody typed may be shown back to them
        text = text.replace(words, "").replace(html.escape(words), "")
    search.look(text, reader=_reader(request), where=f"{request.method} {request.path}")


def _letter(search: Search, row: Any) -> None:
    body = f"{row.subject}\n{row.text}\n{row.html}\n{row.calendar}".replace(row.address, "")
    search.look(body, reader=row.person_id, where=f"letter {row.kind} to {row.person_id}")


class _Logs(logging.Handler):
    def __init__(self, search: Search) -> None:
        super().__init__(logging.INFO)
        self.search = search

    def emit(self, record: logging.LogRecord) -> None:
        self.search.look_everywhere(self.format(record), where=f"log {record.name}")


KEPT_ROWS: dict[str, Callable[[Search, Any], None]] = {
    "outbox.Message": _letter,
    "audit.Entry": lambda search, row: search.look_everywhere(
        f"{row.target} {row.action} {row.ids}", where="audit row"
    ),
    "django_q.OrmQ": lambda search, row: search.look_everywhere(
        repr(SignedPackage.loads(row.payload)), where="task row"
    ),
}


def _stands_in(words: str, text: str) -> bool:
    """Whether ``words`` are in ``text``, and not the beginning of others, as surname1 is of surname16."""
    forms = {words, html.escape(words)}
    found = (form for form in forms if form in text)
    return any(re.search(rf"{re.escape(form)}(?!\d)", text) for form in found)


def words_of_everybody() -> dict[str, list[Canary]]:
    """All private words that are in the database now, however they came there."""
    search = Search()
    for model in dict.fromkeys(private.model for private in PRIVATE):
        for row in apps.get_model(model)._base_manager.all():
            search.remember(row)
    return search.canaries


@contextmanager
def searching() -> Iterator[Search]:
    """Search until the block ends; what was found is in ``leaks``."""
    search, original, logs = Search(), BaseHandler.get_response, None

    def saved(sender: type[models.Model], instance: Any, **_: Any) -> None:
        with _uncounted():
            search.remember(instance)
        if look := KEPT_ROWS.get(sender._meta.label):
            look(search, instance)

    def get_response(handler: BaseHandler, request: HttpRequest) -> HttpResponseBase:
        answer = original(handler, request)
        _answer(search, request, answer)
        return answer

    logs = _Logs(search)
    logging.getLogger().addHandler(logs)
    post_save.connect(saved, weak=False, dispatch_uid="canaries")
    BaseHandler.get_response = get_response
    try:
        yield search
    finally:
        BaseHandler.get_response = original
        post_save.disconnect(dispatch_uid="canaries")
        logging.getLogger().removeHandler(logs)


@pytest.fixture(autouse=True)
def canaries(request: pytest.FixtureRequest) -> Iterator[Search]:
    """Every test is searched. One that leaks on purpose empties ``canaries.leaks`` before it ends."""
    with searching() as search:
        yield search
    assert not search.leaks, "\n".join(dict.fromkeys(search.leaks))
