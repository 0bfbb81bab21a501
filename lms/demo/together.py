"""Two demo people who read together: linked, with a lesson that waits for the first to say so too."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from lms.accounts.models import User
from lms.courses.models import Course, CourseVersion
from lms.demo import learning
from lms.partners import operations as partners
from lms.together import operations as together

LESSONS = 5


def make(*, person: Callable[[str], User], now: datetime) -> None:
    """Link Priya and Dan, and let Dan say of one lesson more than she has read that they were both there."""
    priya, dan = person("adopter"), person("partner")
    partners.use_code(person=dan, typed=partners.make_code(person=priya, now=now), now=now)
    course = Course.objects.get(slug="therapeutic-parenting")
    learning.walk(dan, course, lessons=LESSONS, now=now - timedelta(days=30))
    outline = CourseVersion.objects.get(latest_of=course).outline
    lesson = [lesson["id"] for module in outline["modules"] for lesson in module["lessons"]][LESSONS - 1]
    yesterday = now - timedelta(days=1)
    together.say_both_here(person=dan, course=course.identity, lesson=UUID(lesson), client_id=uuid4(), now=yesterday)
