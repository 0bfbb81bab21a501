"""What the demo shows of the time after a session, and of questions beforehand."""

from datetime import datetime, timedelta

from lms.accounts.models import User
from lms.webinars import operations as webinars
from lms.webinars.models import Audience, Consent, Session

SAID = "How much do we tell grandparents?"
ANSWER = "Only what helps them be kind. It's your child's story, so ask yourself what they would want said."


def add(past: Session, *, asker: User, trainer: User, now: datetime) -> None:
    """A question that was answered for everybody, and a recording that who was booked can watch, of ``past``."""
    then = past.ends_at + timedelta(hours=15)
    question = webinars.ask(session=past, person=asker, words="My mum keeps asking. What do I say?", now=then)
    webinars.answer(question=question, said=SAID, words=ANSWER, publish=True, actor=trainer, now=then)
    recording = webinars.add_recording(
        session=past, title="The talk, 35 minutes", address="https://vimeo.com/hearth-demo", actor=trainer, now=then
    )
    showing = webinars.Showing(Consent.GIVEN, Audience.BOOKED, None, now + timedelta(days=60))
    webinars.show_recording(recording=recording, showing=showing, actor=trainer, now=now)


def ask_ahead(session: Session, *, asker: User, now: datetime) -> None:
    """A question that waits for an answer."""
    words = "Is it all right if I listen with the camera off? Evenings are loud here."
    webinars.ask(session=session, person=asker, words=words, now=now)
