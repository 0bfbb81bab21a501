"""Letters about pathways. None says what the pathway is for, which step it is about, or what was said."""

from django.conf import settings
from django.urls import reverse

from lms.accounts.models import User
from lms.certificates.models import PathwayRecord, Transfer
from lms.outbox.operations import Letter


def _letter(kind: str, to: User, *, once: str, subject: str, says: list[str], path: str, button: str) -> Letter:
    return Letter(
        kind=kind,
        once=f"{kind}:{once}",
        address=to.email,
        person_id=to.pk,
        template="note",
        context={
            "subject": subject,
            "says": says,
            "link": settings.LMS_BASE_URL.rstrip("/") + path,
            "button": button,
        },
    )


def _to_candidate(record: PathwayRecord, *, once: str, subject: str, says: list[str]) -> Letter:
    path = reverse("certificates:pathway", args=[record.pathway.slug])
    return _letter(
        "pathway_news", record.person, once=once, subject=subject, says=says, path=path, button="See my page"
    )


def _to_staff(record: PathwayRecord, to: User, *, once: str, subject: str, says: list[str]) -> Letter:
    path = reverse("certificates:desk_pathway", args=[record.uuid])
    return _letter("pathway_work", to, once=once, subject=subject, says=says, path=path, button="Open it at the desk")


def step_looked_at(record: PathwayRecord, *, occasion: str) -> Letter:
    """Tell a candidate that somebody has looked at a step."""
    says = ["Somebody has looked at what you sent or did. What they say is on your page."]
    return _to_candidate(record, once=f"{record.pk}:{occasion}", subject="There's an answer for you", says=says)


def put_on_pathway(record: PathwayRecord) -> Letter:
    """Tell somebody that their agency has put them on a pathway."""
    says = [
        "Your agency has set something up for you. Your page says what it asks, step by step.",
        "If it isn't what you agreed, you can pause it or end it there.",
    ]
    return _to_candidate(record, once=f"{record.pk}:put_on", subject="There's a new page for you", says=says)


def pathway_changed(record: PathwayRecord, *, occasion: str) -> Letter:
    """Tell a candidate that staff have paused, resumed or ended their pathway."""
    says = [
        "Your agency has changed something about what you're working towards. Your page says what, and how to go on."
    ]
    return _to_candidate(
        record, once=f"{record.pk}:{occasion}", subject="Something has changed on your page", says=says
    )


def asked_to_move(transfer: Transfer) -> Letter:
    """Ask a candidate whether another agency may take over."""
    says = ["Your agency asks if another one may take over from them. Nothing moves unless you say yes."]
    return _to_candidate(
        transfer.record, once=f"transfer:{transfer.pk}", subject="A question for you to answer", says=says
    )


def supervision_is_due(record: PathwayRecord, *, month: str) -> Letter:
    """Remind a leader that they have had no supervision for a while. month: once in each."""
    says = [
        "There's no supervision on your page for the last few weeks. It's for you: a talk about how it goes.",
        "If you've had one, your supervisor can put the date down.",
    ]
    return _letter(
        "supervision_due",
        record.person,
        once=f"{record.pk}:{month}",
        subject="Time for a talk?",
        says=says,
        path=reverse("certificates:leading"),
        button="See my page",
    )


def something_waits(record: PathwayRecord, to: User, *, occasion: str) -> Letter:
    """Tell a member of staff that somebody waits for their answer."""
    says = ["Somebody has sent you something and waits for your answer. A kind word on the way helps."]
    subject = "Something waits for your answer"
    return _to_staff(record, to, once=f"{record.pk}:{to.pk}:{occasion}", subject=subject, says=says)


def somebody_is_interested(record: PathwayRecord, to: User) -> Letter:
    """Tell a coordinator that somebody would like to begin."""
    says = ["Somebody at your agency would like to begin a pathway. They wait to hear from you."]
    return _to_staff(
        record, to, once=f"interest:{record.pk}:{to.pk}", subject="Somebody would like to begin", says=says
    )


def candidate_changed(record: PathwayRecord, to: User, *, occasion: str) -> Letter:
    """Tell a link worker that their candidate has paused, gone on or stopped."""
    says = ["Somebody you look after has changed how they go on. You may like to get in touch."]
    return _to_staff(
        record, to, once=f"{record.pk}:{to.pk}:{occasion}", subject="Somebody you look after has a change", says=says
    )
