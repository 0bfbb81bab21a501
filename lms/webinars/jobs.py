"""Started by the clock: reminders, the end of sessions, and forgetting what people asked for."""

from django.utils import timezone

from lms.common.tasks import Job
from lms.webinars import operations


def remind() -> str:
    """Remind people of what is a week, a day or an hour away."""
    return f"reminded {operations.remind(now=timezone.now())}"


def follow_up() -> str:
    """Ask people how it was."""
    return f"asked {operations.follow_up(now=timezone.now())}"


def end_sessions() -> str:
    """Close what is over."""
    return f"ended {operations.end_sessions(now=timezone.now())}"


def forget_needs() -> str:
    """Empty access requests a month after."""
    return f"forgot {operations.forget_needs(now=timezone.now())}"


def sweep_places() -> str:
    """Pass on what nobody answered for in time."""
    return f"swept {operations.sweep_places(now=timezone.now())}"


def plan_rooms() -> str:
    """Have rooms for the online dates of the coming week, with who may go in."""
    return f"planned {operations.plan_rooms(now=timezone.now())}"


def resettle() -> str:
    """Put dates where their local time is, after a country changed its rules for the clock."""
    done = operations.resettle(now=timezone.now())
    return f"moved {done.moved}, at a time that is gone: {done.lost or 'none'}"


def forget_after() -> str:
    """Drop recordings whose time is over, and empty what people asked."""
    now = timezone.now()
    recordings, questions = operations.forget_recordings(now=now), operations.forget_questions(now=now)
    return f"dropped {recordings}, forgot {questions}"


JOBS = [
    Job("webinars.resettle", "lms.webinars.jobs.resettle", minutes=24 * 60),
    Job("webinars.plan_rooms", "lms.webinars.jobs.plan_rooms", minutes=1),
    Job("webinars.sweep_places", "lms.webinars.jobs.sweep_places", minutes=1),
    Job("webinars.remind", "lms.webinars.jobs.remind", minutes=1),
    Job("webinars.follow_up", "lms.webinars.jobs.follow_up", minutes=15),
    Job("webinars.end_sessions", "lms.webinars.jobs.end_sessions", minutes=5),
    Job("webinars.forget_needs", "lms.webinars.jobs.forget_needs", minutes=24 * 60),
    Job("webinars.forget_after", "lms.webinars.jobs.forget_after", minutes=60),
]
