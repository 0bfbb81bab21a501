"""The front matter of each kind of file, read into fields named as the models name them."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from cms.courseformat.bodies import NATIONS, own_id
from cms.courseformat.entries import Entry, Reference
from cms.courseformat.frontmatter import Front, Unfit, a_list, a_number, a_text
from cms.courseformat.problems import Place
from cms.models import fields, selfcheck
from cms.models.courses import Finish, OpenTo
from cms.models.snippets import Dye, Weave
from cms.soundness import agenda_fault, note_faults

AGES = tuple(age for age, _ in fields.AGES)
DYES, WEAVES, OPEN_TO, FINISH = tuple(Dye.values), tuple(Weave.values), tuple(OpenTo.values), tuple(Finish.values)
# Pages that every site has: their files say only their title and a line or two.
SHELVES = frozenset({"home", "courses", "workshops", "topics", "right-now", "help-now"})
LONGEST_TITLE = 150
UNDECIDED = 'a lesson with a "content_note" needs a notice around its hard part, or "no_hard_part: true"'


class Reading:
    """One file's front matter on its way into an entry. References are kept for when all files are known."""

    def __init__(self, front: Front, entry: Entry, place: Place, references: list[Reference], folder: Path) -> None:
        self.front = front
        self.folder = folder  # where the file lies
        self.entry = entry
        self.place = place
        self.references = references
        self.text = ""  # what stands below, in files without a body of blocks

    def keep(self, **values: Any) -> None:
        """Keep fields of the model."""
        self.entry.fields.update(values)

    def link(self, name: str, kind: str, *, to: str = "", required: bool = True) -> list[str]:
        """Read a list of slugs of another kind; kept as the model's relation ``to`` unless that is empty."""
        slugs = self.front.texts(name, required=required)
        self.refer(name, kind, slugs)
        if to:
            self.entry.links[to] = slugs
        return slugs

    def link_one(self, name: str, kind: str) -> None:
        """Read one slug of another kind."""
        slug = self.front.text(name, most=50)
        if slug:
            self.refer(name, kind, [slug])
            self.entry.links[name] = [slug]

    def refer(self, name: str, kind: str, slugs: list[str]) -> None:
        """Note that a field names things of another kind, which must be there."""
        line = self.front.line(name)
        self.references.extend(Reference(kind, slug, self.place.path, line) for slug in slugs)


def topic(read: Reading) -> None:
    """``topics/<slug>.md``"""
    front = read.front
    read.keep(
        title=front.text("title", most=60),
        summary=_short(read, most=120),
        dye=front.one_of("dye", DYES),
        weave=front.one_of("weave", WEAVES),
        order=front.number("order", least=0, most=1000),
    )


def trainer(read: Reading) -> None:
    """``trainers/<slug>.md``"""
    front = read.front
    name, role = front.text("name", most=80), front.text("role", most=120)
    credential = front.text("credential", most=200, required=False)
    read.keep(name=name, role=role, credential=credential, biography=read.text)


def fact(read: Reading) -> None:
    """``facts/<slug>.md``"""
    front = read.front
    read.keep(
        title=front.text("title", most=120),
        value=front.text("value", most=1000),
        source=front.text("source", most=250),
        checked_on=front.day("checked_on"),
        review_by=front.day("review_by"),
        nation=_nation(front),
    )
    no_text(read)


def contact(read: Reading) -> None:
    """``contacts/<slug>.md``"""
    front = read.front
    number = front.take(
        "number", lambda value: value.strip() if isinstance(value, str) else _refuse(), "", required=False
    )
    link = front.text("link", most=100, required=False)
    if not number and not link:
        read.place.wrong(front.line("number"), 'a contact line needs a "number" or a "link"')
    read.keep(
        name=front.text("name", most=100),
        number=number,
        link=link,
        hours=front.text("hours", most=100, required=False),
        purpose=front.text("for", most=200),
        order=front.number("order", least=0, most=1000),
        checked_on=front.day("checked_on"),
    )
    no_text(read)


def _refuse() -> str:
    raise Unfit("must be in quotes, so that no nought is lost")


def page(read: Reading) -> None:
    """``pages/<slug>.md``: a plain page, or the words of one that every site has."""
    front = read.front
    read.keep(title=front.text("title", most=LONGEST_TITLE), summary=front.text("summary", most=200, required=False))
    if read.entry.slug not in SHELVES:
        return
    if read.entry.slug == "home":
        read.keep(heading=front.text("heading", most=100))
    if read.entry.slug == "help-now":
        read.keep(introduction=read.text)
    else:
        read.keep(introduction=read.entry.fields["summary"])
        no_text(read)


def card(read: Reading) -> None:
    """``cards/<slug>.md``"""
    front = read.front
    read.keep(
        title=front.text("title", most=LONGEST_TITLE),
        introduction=read.text,
        do_now="\n".join(front.texts("do_now")),
        say=front.text("say", most=200),
        avoid="\n".join(front.texts("avoid")),
        also_called="\n".join(front.texts("also_called", required=False)),
        order=front.number("order", least=0, most=1000),
        sensitive=front.flag("sensitive"),
        content_note=front.text("content_note", most=200, required=False),
    )
    _dates(read)
    read.link("topics", "topic", to="topics")
    read.link("who_to_ring", "contact", to="who_to_ring")
    read.link("deeper", "deeper", to="deeper", required=False)


def self_check(read: Reading) -> None:
    """``self-checks/<slug>.md``"""
    front = read.front
    nothing: list[dict[str, Any]] = []
    found = front.take("statements", _statements, nothing, required=True)
    slugs = {slug for one in found for slug in one["leads_to"] if slug != selfcheck.HELP_FIRST}
    read.refer("statements", "deeper", sorted(slugs))
    read.keep(
        title=front.text("title", most=LONGEST_TITLE),
        introduction=front.text("summary", most=300),
        statements=found,
        ending=read.text,
        sensitive=front.flag("sensitive"),
    )
    _dates(read)
    if not read.text:
        read.place.wrong(1, "the text below the front matter is what people read last: it is missing")


def _statements(value: Any) -> list[dict[str, Any]]:
    try:
        return selfcheck.statements([a_text(one, most=400) for one in a_list(value)])
    except ValidationError as fault:
        raise Unfit(f"cannot be read: {' '.join(fault.messages)}") from fault


def module(read: Reading) -> None:
    """``courses/<slug>/<nn-module>/module.md``"""
    front = read.front
    skippable, note = front.flag("skippable"), front.text("content_note", most=200, required=False)
    if skippable and "content_note" not in front.values:
        read.place.wrong(front.line("skippable"), 'a part that may be left out needs a "content_note" that says why')
    read.keep(
        title=front.text("title", most=LONGEST_TITLE),
        summary=front.text("summary", most=250),
        skippable=skippable,
        content_note=note,
    )
    given = own_id(front.text("id", most=36, required=False), front.line("id"), read.place)
    read.entry.identity = given or read.entry.identity
    no_text(read)


def lesson(read: Reading) -> None:
    """``courses/<slug>/<nn-module>/<nn-lesson>.md``"""
    front = read.front
    read.keep(
        title=front.text("title", most=LONGEST_TITLE),
        summary=front.text("summary", most=250),
        minutes=front.number("minutes", least=1, most=30),
        sensitive=front.flag("sensitive"),
        content_note=front.text("content_note", most=200, required=False),
        no_hard_part=front.flag("no_hard_part"),
    )
    fields = read.entry.fields
    if note_faults(fields["content_note"], read.entry.body or [], fields["no_hard_part"]):
        read.place.wrong(front.line("content_note"), UNDECIDED)
    _review(read)


def course(read: Reading) -> None:
    """``courses/<slug>/course.md``"""
    _described(read)
    front = read.front
    read.keep(
        outcomes="\n".join(front.texts("outcomes")),
        open_to=front.one_of("open_to", OPEN_TO),
        certificate_months=front.take("certificate_months", _months, None, required=False),
    )
    read.keep(in_order=front.flag("in_order"))
    _finish(read)
    if "sensitive" in front.values:  # said of its lessons as a rule; of the course only where an editor did
        read.keep(sensitive=front.flag("sensitive"))
    read.link("after", "course", to="after", required=False)
    read.link("linked_workshops", "workshop", to="linked_workshops", required=False)


def _finish(read: Reading) -> None:
    """When it is finished: by every lesson, unless it says ``any`` or ``mark`` and how much."""
    front = read.front
    finish = front.one_of("finish", FINISH, default=Finish.ALL)
    needed = front.take("finish_needed", _share, None, required=finish != Finish.ALL)
    if needed is not None and finish == Finish.ALL:
        read.place.wrong(front.line("finish_needed"), '"finish_needed" goes with "finish: any" or "finish: mark"')
    read.keep(finish=finish, finish_needed=needed)


def _share(value: Any) -> int | None:
    return a_number(value, least=1, most=100)


def _months(value: Any) -> int | None:
    return a_number(value, least=1, most=120)


def workshop(read: Reading) -> None:
    """``workshops/<slug>/workshop.md``"""
    front = read.front
    _described(read)
    minutes = front.number("minutes", least=15, most=600)
    nothing: list[dict[str, Any]] = []
    agenda = front.take("agenda", _agenda, nothing, required=False)
    if fault := agenda_fault(agenda, minutes=minutes):
        read.place.wrong(front.line("agenda"), fault)
    front.one_of("open_to", ("verified",))
    read.keep(
        minutes=minutes,
        agenda=agenda,
        leave_with="\n".join(front.texts("leave_with")),
        before_you_come="\n".join(front.texts("before_you_come", required=False)),
        access=front.text("access", most=300),
        camera=front.text("camera", most=200),
        facilitator=front.text("facilitator", most=250),
    )
    read.link("trainers", "trainer", to="trainers")
    read.link("linked_courses", "course", to="linked_courses", required=False)


def _described(read: Reading) -> None:
    """What courses and workshops say alike."""
    front = read.front
    read.keep(
        title=front.text("title", most=LONGEST_TITLE),
        neutral_title=_neutral(read),
        summary=front.text("summary", most=250),
        audience=front.text("audience", most=250),
        ages=front.some_of("ages", AGES),
        content_note=front.text("content_note", most=200, required=False),
    )
    read.link("topics", "topic", to="topics")
    _review(read)


def _neutral(read: Reading) -> str:
    title = read.front.text("neutral_title", most=100)
    if "adopt" in title.lower():
        read.place.wrong(read.front.line("neutral_title"), '"neutral_title" must say nothing of adoption')
    return title


def _review(read: Reading) -> None:
    front = read.front
    read.link_one("author", "trainer")
    read.link_one("reviewer", "trainer")
    read.keep(
        lived_experience_review=front.flag("lived_experience_review"),
        nation=_nation(front),
        sources="\n".join(front.take("sources", _sources, [], required=False)),
    )
    _dates(read)


def _dates(read: Reading) -> None:
    reviewed_on, review_by = read.front.day("reviewed_on"), read.front.day("review_by")
    if reviewed_on and review_by and review_by <= reviewed_on:
        read.place.wrong(read.front.line("review_by"), '"review_by" must come after "reviewed_on"')
    read.keep(reviewed_on=reviewed_on, review_by=review_by)


def _nation(front: Front) -> str:
    return ", ".join(front.some_of("nation", ("UK", *NATIONS)))


def _sources(value: Any) -> list[str]:
    return [_source(source) for source in a_list(value)]


def _source(value: Any) -> str:
    """A source as a line of text, or as who, year and title."""
    if isinstance(value, dict):
        if set(value) - {"who", "year", "title"} or "title" not in value:
            raise Unfit("has a source with other fields than who, year and title")
        value = ", ".join(str(value[name]) for name in ("who", "year", "title") if name in value)
    return a_text(value, most=300)


def _agenda(value: Any) -> list[dict[str, Any]]:
    return [_agenda_part(part) for part in a_list(value)]


def _agenda_part(part: Any) -> dict[str, Any]:
    if not isinstance(part, dict) or set(part) != {"minutes", "title"}:
        raise Unfit("must be a list of {minutes: 10, title: Welcome}")
    return {"minutes": a_number(part["minutes"], least=1, most=600), "title": a_text(part["title"], most=120)}


def _short(read: Reading, *, most: int) -> str:
    if not 0 < len(read.text) <= most:
        read.place.wrong(1, f"the text below the front matter must be one line of at most {most} characters")
    return read.text


def no_text(read: Reading) -> None:
    """Note text below the front matter of a file that has none."""
    if read.text:
        read.place.wrong(1, "nothing is read below the front matter here: take the text out")
