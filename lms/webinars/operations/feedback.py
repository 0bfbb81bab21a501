"""How a session was: said once by each person who was booked, and kept so that nobody can tell who said what."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from random import SystemRandom

from django.db import transaction

from lms.accounts.models import User
from lms.common.errors import DomainError
from lms.webinars import leads
from lms.webinars.models import Booking, BookingState, Feedback, Session, SessionState


class NotThere(DomainError):
    code = "webinars.not_there"
    message = "Only people who had a place can say how it was."


class FeedbackNotNow(DomainError):
    code = "webinars.feedback_not_now"
    message = "You can say how it was from its end, for two weeks. Nothing has been kept."


class FeedbackGiven(DomainError):
    code = "webinars.feedback_given"
    message = "You've said how it was already. We can't tell which answer is yours, so it can't be changed."


@dataclass(frozen=True)
class Answers:
    """From 1 (not at all) to 5 (very much); None where somebody would rather not say."""

    worth_it: int | None
    took_part: int | None
    can_use: int | None
    one_change: str


def give_feedback(*, session: Session, person: User, answers: Answers, now: datetime) -> None:
    """Keep ``answers`` without anything that leads to ``person``; a mark without a time stops a second answer.

    All answers of the session are written anew in another order, so that neither their place nor their keys tell
    which came last. No audit row is written: it would be the link. Raises NotThere, FeedbackNotNow or FeedbackGiven.
    """
    refuse_feedback(session=session, person=person, now=now)
    with transaction.atomic():
        session = Session.objects.lock(session.pk)
        mine = Booking.objects.owned_by(person).filter(session=session, said_how_it_was=False).seated()
        if mine.update(said_how_it_was=True) != 1:
            raise FeedbackGiven(session_id=session.pk)
        _put_among_the_others(Feedback(session=session, given_on=now.date(), **vars(answers)))


def refuse_feedback(*, session: Session, person: User, now: datetime) -> None:
    """Raise NotThere, FeedbackNotNow or FeedbackGiven for somebody who cannot say now how it was."""
    if not may_say(session, now):
        raise FeedbackNotNow(session_id=session.pk)
    mine = Booking.objects.owned_by(person).filter(session=session).seated().exclude(state=BookingState.ABSENT).first()
    if mine is None:
        raise NotThere(session_id=session.pk)
    if mine.said_how_it_was:
        raise FeedbackGiven(session_id=session.pk)


def may_say(session: Session, now: datetime) -> bool:
    """Whether people can say how a session was."""
    was_on = session.state in {SessionState.PUBLISHED, SessionState.ENDED}
    return was_on and session.ends_at <= now < session.ends_at + leads.ASK_FOR


def _put_among_the_others(fresh: Feedback) -> None:
    rows = Feedback.objects.filter(session=fresh.session)
    everything = [*rows, fresh]
    rows.delete()
    SystemRandom().shuffle(everything)
    for answer in everything:
        answer.pk = uuid.uuid4()
    Feedback.objects.bulk_create(everything)
