"""Questions to who runs a session. The asker's words are read by staff; others read what the facilitator publishes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce

from lms.accounts.models import User
from lms.audit.operations import record
from lms.common.errors import DomainError
from lms.outbox.operations import post
from lms.webinars import access, mail
from lms.webinars.models import Booking, Facilitator, Question, Session, SessionState

ASK_AFTERWARDS = timedelta(days=14)  # so that there is time to answer before the words go
KEEP_WORDS = timedelta(days=30)  # after the session


class CannotAsk(DomainError):
    code = "webinars.cannot_ask"
    message = "You can ask when you have a place, and for two weeks after. Your question wasn't sent."


class NothingToPublish(DomainError):
    code = "webinars.nothing_to_publish"
    message = "Write the question in your own words and an answer, and then publish."


def may_ask(*, session: Session, person: User, now: datetime) -> bool:
    """Whether ``person`` has, or had, a place, and it is not long over."""
    is_on = session.state in {SessionState.PUBLISHED, SessionState.ENDED}
    in_time = now < session.ends_at + ASK_AFTERWARDS
    return is_on and in_time and Booking.objects.owned_by(person).filter(session=session).seated().exists()


def ask(*, session: Session, person: User, words: str, now: datetime) -> Question:
    """Send ``words`` to who answers for the session, who are told once a day that something waits.

    While they wait, the same words again are the same question. Raises CannotAsk.
    """
    if not may_ask(session=session, person=person, now=now):
        raise CannotAsk(session_id=session.pk)
    with transaction.atomic():
        session = Session.objects.lock(session.pk)
        waiting = Question.objects.owned_by(person).filter(session=session).waiting()
        if same := next((one for one in waiting if one.words == words), None):
            return same
        question = Question.objects.create(session=session, asked_by=person, words=words, asked_at=now)
        for one in _who_answers(session):
            post(mail.question_waits(session, staff=one, now=now), now=now)
    return question


def _who_answers(session: Session) -> list[User]:
    """Who runs it, as far as they can open the desk; where nobody who runs it can, who decides for its agency."""
    running = Facilitator.objects.filter(session=session).values("person")
    staff = access.people_who_facilitate([session.agency]).filter(pk__in=running)
    return list(staff) or list(access.who_decides(session.agency))


def answer(*, question: Question, said: str, words: str, publish: bool, actor: User, now: datetime) -> Question:
    """Answer a question, for its asker or for everybody with a place; asked again, the answer is changed.

    said: the question as others may read it. The asker is told once that there is an answer.
    Raises NothingToPublish.
    """
    if publish and not (said.strip() and words.strip()):
        raise NothingToPublish(question_id=question.pk)
    with transaction.atomic():
        question.said, question.answer = said, words
        question.settled_at = question.settled_at or now
        question.published_at = (question.published_at or now) if publish else None
        question.save(update_fields=["said", "answer", "settled_at", "published_at"])
        _note("published" if publish else "answered", question, actor=actor, now=now)
        if question.asked_by is not None and words.strip():
            post(mail.question_answered(question), now=now)
    return question


def put_aside(*, question: Question, actor: User, now: datetime) -> None:
    """Leave a question unanswered: it was answered in the session, or is not for here."""
    with transaction.atomic():
        rows = Question.objects.unscoped(because="the caller was let in").filter(pk=question.pk, settled_at=None)
        if rows.update(settled_at=now):
            _note("put_aside", question, actor=actor, now=now)


def _note(deed: str, question: Question, *, actor: User, now: datetime) -> None:
    record(
        action=f"question.{deed}",
        target=f"question:{question.pk}",
        actor_id=actor.pk,
        now=now,
        agency_id=question.session.agency_id,
    )


def forget_questions(*, now: datetime) -> int:
    """Empty the askers' words a month after the session, and who they were; return how many questions.

    One that still waits for an answer waits no more: there is nothing left to answer, and nobody to answer to.
    """
    rows = Question.objects.unscoped(because="the clock forgets for everybody")
    old = rows.filter(session__ends_at__lte=now - KEEP_WORDS).exclude(words="")
    return old.update(words="", asked_by=None, settled_at=Coalesce("settled_at", Value(now)))
