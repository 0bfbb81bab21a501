"""Started by the clock: what the news missed is given all the same, and end dates are written down."""

from django.utils import timezone

from lms.certificates import operations, progress, reports
from lms.certificates.operations import pathways
from lms.common.tasks import Job


def give_what_was_missed() -> str:
    """Give awards for completed rounds, attended sessions and finished pathways that have none."""
    now = timezone.now()
    rounds, bookings = reports.rounds_without_award(), reports.bookings_without_award()
    for pk in rounds:
        operations.issue_for_round(round_id=pk, now=now)
    for pk in bookings:
        operations.issue_for_booking(booking_id=pk, now=now)
    for pk in progress.unfulfilled_records():
        pathways.fulfil_if_done(record_id=pk, now=now)
    return f"gave {len(rounds) + len(bookings)}"


def tell_courses() -> str:
    """Count live sessions in the courses that ask for them: those that were before somebody joined, too."""
    return f"counted {operations.tell_courses(now=timezone.now())}"


def expire() -> str:
    """Write down which awards have come to their end date."""
    return f"expired {operations.expire_past(today=timezone.localdate(), now=timezone.now())}"


def publish_status_lists() -> str:
    """Make the lists of stopped badges anew, long before the last ones run out."""
    return operations.publish_status_lists()


def remind() -> str:
    """Write to who holds a certificate that comes to its end."""
    return f"{operations.remind(today=timezone.localdate(), now=timezone.now())} end soon"


def remind_of_supervision() -> str:
    """Write to leaders who had no supervision for a while."""
    found = pathways.remind_of_supervision(today=timezone.localdate(), now=timezone.now())
    return f"{found} had none for a while"


def try_again() -> str:
    """Once a day, give certificates that could not be made another round of tries."""
    return f"{operations.try_given_up_again()} once more"


def make_what_waits() -> str:
    """Wake a worker for each certificate that is claimed and not made."""
    return f"woken for {operations.wake_renderer() + operations.wake_press()}"


def clear_copies() -> str:
    """Delete copies for print shops and previews of designs that have served."""
    return f"cleared {operations.clear_copies(now=timezone.now())}"


def forget_notes() -> str:
    """Delete the practice notes of people who have been away for two years."""
    return f"forgot {pathways.forget_entries(now=timezone.now())}"


JOBS = [
    Job("certificates.give_what_was_missed", "lms.certificates.jobs.give_what_was_missed", minutes=24 * 60),
    Job("certificates.tell_courses", "lms.certificates.jobs.tell_courses", minutes=60),
    Job("certificates.expire", "lms.certificates.jobs.expire", minutes=24 * 60),
    Job("certificates.publish_status_lists", "lms.certificates.jobs.publish_status_lists", minutes=6 * 60),
    Job("certificates.remind", "lms.certificates.jobs.remind", minutes=24 * 60),
    Job("certificates.remind_of_supervision", "lms.certificates.jobs.remind_of_supervision", minutes=24 * 60),
    Job("certificates.forget_notes", "lms.certificates.jobs.forget_notes", minutes=24 * 60),
    Job("certificates.try_again", "lms.certificates.jobs.try_again", minutes=24 * 60),
    Job("certificates.make_what_waits", "lms.certificates.jobs.make_what_waits", minutes=10),
    Job("certificates.clear_copies", "lms.certificates.jobs.clear_copies", minutes=60),
]
