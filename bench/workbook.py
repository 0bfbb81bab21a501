"""The PDF of a workbook of forty entries, beside bare WeasyPrint on the same page: CPU milliseconds."""

import json
import sys
from datetime import datetime
from typing import Any
from uuid import uuid4

import django

from bench.certificate import cpu_ms

ROUNDS, ENTRIES = 5, 40
WORDS = "Bath time goes wrong when we hurry. On the night we let the tea go cold, it went well. " * 3


def _written(person: Any, now: datetime) -> Any:
    """A course with forty prompts, under each of which ``person`` has written a few lines."""
    from cms.outline import Item, Lesson, Module, Outline
    from lms.courses import operations
    from lms.courses.models import Course

    prompts = tuple(Item(uuid4(), "reflection", f"What did you notice on day {n + 1}?", False) for n in range(ENTRIES))
    lesson = Lesson(uuid4(), "The lesson", "lesson", "/bench/workbook/", 6, "", prompts)
    module = Module(uuid4(), "The part", "part", "", skippable=False, lessons=(lesson,))
    named = {"slug": "bench-workbook", "title": "Days", "neutral_title": "Days", "open_to": "everyone"}
    outline = Outline(id=uuid4(), page_id=None, modules=(module,), **named)
    operations.compile_outline(outline, now=now)
    course = Course.objects.get(identity=outline.id)
    operations.enrol(person=person, course=course, now=now)
    for prompt in prompts:
        operations.save_reflection(learner=person, course=course.identity, item=prompt.id, body=WORDS, now=now)
    return course


def main() -> None:
    """Print the figures as JSON: ours from the database to the bytes, and the engine alone."""
    django.setup()
    from django.utils import timezone
    from weasyprint import HTML

    from lms.accounts.models import User
    from lms.certificates import pdf
    from lms.portfolio import printing
    from lms.portfolio.workbook import workbook

    person = User.objects.get(email="learner0@hearth.example")
    course = _written(person, timezone.now())
    faces, sheets = pdf.faces_and_sheets()

    def ours() -> bytes:
        return bytes(pdf.draw(printing.order(workbook(person, course, now=timezone.now()))).pdf)

    asked = printing.order(workbook(person, course, now=timezone.now()))
    shelf = pdf.Shelf(pdf.own_files() | asked.files)

    def bare() -> bytes:
        html = HTML(string=asked.page, base_url=pdf.SHELF, url_fetcher=shelf)
        return bytes(html.write_pdf(font_config=faces, stylesheets=sheets, pdf_variant="pdf/ua-1"))

    size = len(ours())
    pairs = [(cpu_ms(ours, each=2), cpu_ms(bare, each=2)) for _ in range(ROUNDS)]
    figures = {"ours": min(pair[0] for pair in pairs), "bare": min(pair[1] for pair in pairs), "kB": round(size / 1000)}
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main()
