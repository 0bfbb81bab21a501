"""Private notes of the demo: some under the prompts of a course, one of them shown to a trainer, and a self-check."""

from datetime import datetime
from uuid import UUID

from cms.models import SelfCheckPage
from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.courses import operations as courses
from lms.courses.models import Course, CourseVersion, Reflection
from lms.courses.operations import self_checks
from lms.portfolio import operations as portfolio

WORDS = (
    "Bath time goes wrong when we hurry. On the night we let the tea go cold, it went well.",
    "I can say it again tomorrow. It doesn't have to be the right words tonight.",
)

ANSWERS = {"S1": "sometimes", "S3": "sometimes", "S5": "mostly", "S7": "not-yet", "S9": "mostly"}
FORM = UUID("6f0b4c1e-2f7d-4a39-9a55-5e1f0c0d2a1b")


def write(owner: User, course: Course, *, reader: User, agency: Agency, now: datetime) -> None:
    """Write under the first prompts of ``course``, show the first note to ``reader``, and answer a self-check."""
    items = CourseVersion.objects.get(latest_of=course).items
    prompts = [item for item, says in items.items() if says["kind"] == "reflection"]
    for item, words in zip(prompts, WORDS, strict=False):
        courses.save_reflection(learner=owner, course=course.identity, item=UUID(item), body=words, now=now)
    note = Reflection.objects.owned_by(owner).order_by("pk").first()
    if note:
        portfolio.share(owner=owner, note=note.uuid, reader=reader.pk, agency=agency.pk, now=now)
    page = SelfCheckPage.objects.first()
    if page:
        self_checks.keep_self_check(owner=owner, page=page, chosen=ANSWERS, client_id=FORM, now=now)
