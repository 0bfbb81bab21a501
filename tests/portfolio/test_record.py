"""A learning record holds exactly what was ticked, of what is one's own, and nothing besides."""

from io import BytesIO

import docx
from django.core.files.storage import storages
from django.urls import reverse

from lms.courses import operations as courses
from lms.portfolio import tasks
from lms.portfolio.models import Paper
from lms.portfolio.record import record
from tests.factories.certificates import AwardFactory
from tests.factories.courses import BEFORE, ReflectionFactory, course_of, plain_outline
from tests.portfolio.conftest import LATER, WROTE

NOTHING = {"courses": [], "hours": False, "awards": [], "notes": []}


def words(document):
    """Everything it says below its title."""
    return [
        word
        for part in document.sections
        for word in (part.heading, *part.lines, *(w for e in part.entries for w in (e.prompt, e.text)))
    ]


def everything(walk):
    """Ticks for one of each, besides another of each that is not ticked."""
    other = course_of(plain_outline(title="Unticked course"))
    courses.enrol(person=walk.person, course=other, now=BEFORE)
    AwardFactory(person=walk.person, neutral_title="Unticked award")
    award = AwardFactory(person=walk.person, neutral_title="Ticked award")
    ReflectionFactory(person=walk.person, body="Unticked words of mine")
    note = walk.writes(walk.first, WROTE)
    return {"courses": [walk.course.pk], "hours": True, "awards": [str(award.uuid)], "notes": [str(note.uuid)]}


def test_it_holds_what_was_ticked_and_nothing_else(walk):
    made = words(record(walk.person, everything(walk), now=LATER))
    said = " ".join(made)
    assert [part for part in made if part in {"Courses", "Learning time", "Certificates", "From my notes"}] == [
        "Courses",
        "Learning time",
        "Certificates",
        "From my notes",
    ]
    assert walk.course.title in said
    assert "Ticked award" in said
    assert WROTE in said
    assert "Unticked" not in said


def test_each_kind_of_tick_brings_its_own_part_alone(walk):
    ticked = everything(walk)
    for name, heading in (("courses", "Courses"), ("awards", "Certificates"), ("notes", "From my notes")):
        made = record(walk.person, {**NOTHING, name: ticked[name]}, now=LATER)
        assert [part.heading for part in made.sections] == [heading]


def test_hours_are_the_stated_minutes_of_lessons_that_are_done(walk):
    who = {"learner": walk.person, "course": walk.course.identity, "now": BEFORE}
    courses.read_lesson(lesson=walk.lessons[0].id, client_id=walk.lessons[0].id, **who)
    made = record(walk.person, {**NOTHING, "courses": [walk.course.pk], "hours": True}, now=LATER)
    assert f"{walk.course.title}: 6 minutes" in made.sections[1].lines
    assert "Together: 6 minutes" in made.sections[1].lines


def test_ids_of_somebody_else_bring_nothing(walk):
    stranger = ReflectionFactory()
    award = AwardFactory()
    theirs = {"courses": [10**6], "hours": True, "awards": [str(award.uuid)], "notes": [str(stranger.uuid)]}
    assert record(walk.person, theirs, now=LATER).sections == ()


def test_a_certificate_withdrawn_since_is_not_in_the_next_copy(walk):
    award = AwardFactory(person=walk.person)
    chosen = {**NOTHING, "awards": [str(award.uuid)]}
    assert record(walk.person, chosen, now=LATER).sections
    type(award).objects.owned_by(walk.person).update(state="withdrawn")
    assert not record(walk.person, chosen, now=LATER).sections


def test_it_is_ticked_seen_and_made(client, walk):
    ticked = {**everything(walk), "hours": "on"}
    client.force_login(walk.person)
    start = client.get(reverse("portfolio:record")).content.decode()
    assert " checked" not in start
    assert WROTE not in start
    seen = client.get(reverse("portfolio:preview"), ticked).content.decode()
    assert WROTE in seen
    assert "Unticked" not in seen
    sent = client.post(reverse("portfolio:make_record"), {**ticked, "form": "docx"})
    paper = Paper.objects.owned_by(walk.person).get()
    assert sent.url == reverse("portfolio:paper", args=[paper.uuid])
    assert tasks.make_paper(paper_id=paper.pk) == "made"
    paper.refresh_from_db()
    with storages["private"].open(paper.file) as file:
        lines = [line.text for line in docx.Document(BytesIO(file.read())).paragraphs]
    assert WROTE in lines
    assert not [line for line in lines if "Unticked" in line]


def test_a_record_of_nothing_or_of_strange_ids_is_not_made(client, walk):
    stranger = ReflectionFactory()
    client.force_login(walk.person)
    for sent in ({}, {"hours": "on"}, {"courses": "x"}, {"notes": str(stranger.uuid)}, {"awards": "🧵" * 300}):
        assert client.post(reverse("portfolio:make_record"), {**sent, "form": "pdf"}).status_code == 422
    assert not Paper.objects.owned_by(walk.person).exists()
