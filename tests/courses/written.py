"""A course as editors would write it: real pages with real blocks."""

import uuid

from cms.items import items_in
from cms.models import LessonPage
from lms.courses import operations
from lms.courses.models import Course
from tests.factories.cms import (
    CoursePageFactory,
    LessonPageFactory,
    ModulePageFactory,
    SiteTree,
    TopicFactory,
    TrainerProfileFactory,
    WorkshopPageFactory,
)
from tests.factories.courses import BEFORE

FLAGGED = "A neighbour rang at two in the morning."
SHORT = "Nobody came, and it was not the child's doing."


def block(kind, value):
    return {"type": kind, "id": str(uuid.uuid4()), "value": value}


def text(words):
    return block("text", f"<p>{words}</p>")


def question(prompt, *options, kind="single", **value):
    """options: (text, right, feedback)."""
    rows = [
        {"type": "item", "id": str(uuid.uuid4()), "value": {"text": words, "right": right, "feedback": feedback}}
        for words, right, feedback in options
    ]
    said = {"kind": kind, "prompt": prompt, "options": rows, "when_right": "", "otherwise": "", "key": "", **value}
    return block("question", said)


def single():
    return question(
        "Your child asks why. What first?",
        ("Not tonight", False, "feedback-of-later: many of us say this one."),
        ("I am glad you asked", True, "feedback-of-glad: it keeps the door open."),
    )


def multiple():
    return question(
        "Which help?",
        ("A calm voice", True, "feedback-of-calm"),
        ("A long talk", False, "feedback-of-long"),
        ("A drink of water", True, "feedback-of-water"),
        kind="multiple",
    )


def order():
    return question(
        "Put them in order.",
        ("Stop", True, ""),
        ("Name it", True, ""),
        ("Plan", True, ""),
        kind="order",
        when_right="feedback-of-right-order",
        otherwise="feedback-of-other-order",
    )


def scenario():
    cards = [
        ("car", "From the back: you are not my real mum.", [("cross", "You are so cross"), ("shout", "I am")]),
        ("shout", "She goes quiet.", [("cross", "Try again"), ("home", "Drive on")]),
        ("cross", "Her shoulders drop.", []),
        ("home", "You get home in silence, and make toast.", []),
    ]
    rows = [
        {
            "type": "item",
            "id": str(uuid.uuid4()),
            "value": {
                "name": name,
                "text": f"<p>{words}</p>",
                "choices": [
                    {"type": "item", "id": str(uuid.uuid4()), "value": {"to": to, "words": said}} for to, said in ways
                ],
            },
        }
        for name, words, ways in cards
    ]
    return block("scenario", {"title": "Not my real mum", "start": "car", "cards": rows, "key": ""})


def reflection(prompt="What would you like to remember?"):
    return block("reflection", {"prompt": prompt, "key": ""})


def plan():
    boxes = [{"type": "item", "id": str(uuid.uuid4()), "value": words} for words in ("Who I ring", "What I put by")]
    return block("action_plan", {"title": "My plan", "boxes": boxes, "key": ""})


def notice(*inside):
    return block(
        "notice",
        {
            "about": "a baby who was left alone",
            "minutes": 2,
            "short": f"<p>{SHORT}</p>",
            "body": [text(FLAGGED), *inside],
        },
    )


def everything():
    return [text("It begins with one sentence."), single(), multiple(), order(), scenario(), reflection(), plan()]


class Written:
    """``rich`` has one of every block, ``plain`` one question, ``hard`` a notice; then as many lessons as asked for."""

    def __init__(self, *, lessons=0):
        site = SiteTree()
        author = TrainerProfileFactory(name="Priya Nair", role="life story practitioner")
        workshop = WorkshopPageFactory(parent=site.workshops, title="Words aloud")
        self.page = CoursePageFactory(
            parent=site.catalogue,
            title="Telling their adoption story",
            slug="telling",
            neutral_title="Family stories",
            outcomes="Say one true sentence\nChoose what can wait",
            sources="Brodzinsky, 2011, Understanding",
            author=author,
            reviewer=author,
            topics=[TopicFactory()],
            linked_workshops=[workshop],
        )
        self.first = ModulePageFactory(parent=self.page, title="First part", slug="first")
        self.second = ModulePageFactory(parent=self.page, title="Second part", slug="second")
        said = {"author": author, "reviewer": author, "sources": "Rees, 2017, Life story books"}
        self.rich = LessonPageFactory(
            parent=self.first, slug="rich", title="One of everything", body=everything(), **said
        )
        self.plain = LessonPageFactory(parent=self.first, slug="plain", body=[single()], **said)
        self.hard = LessonPageFactory(
            parent=self.second,
            slug="hard",
            body=[notice(single())],
            content_note="A baby left alone",
            sensitive=True,
            **said,
        )
        for number in range(lessons):
            LessonPageFactory(parent=self.second, slug=f"more-{number}", body=[single(), reflection()], **said)
        self.compile()

    def compile(self):
        operations.compile_page(self.page, now=BEFORE)

    @property
    def course(self):
        return Course.objects.get(identity=self.page.identity)


def address(page):
    """The page's own address."""
    return "/" + page.url_path.split("/", 2)[2]


def asked_on(page):
    """The raw blocks of a lesson's page that ask something, those in notices too."""
    return list(items_in(LessonPage.objects.get(pk=page.pk).body.get_prep_value()))


def items(page, kind):
    """The ids of the items of one kind on a lesson's page, in order."""
    return [block["value"]["item_id"] for block in asked_on(page) if block["type"] == kind]


def options(page, item):
    """The option ids of a question by their words."""
    asked = next(block for block in asked_on(page) if block["value"]["item_id"] == item)
    return {option["value"]["text"]: option["id"] for option in asked["value"]["options"]}


def bank(*questions, show=2, pass_mark=80, **limits):
    """A bank of ``questions``, made by the functions above."""
    entries = [{"type": "item", "id": str(uuid.uuid4()), "value": asked["value"]} for asked in questions]
    said = {"title": "Keeping people safe", "show": show, "pass_mark": pass_mark, "attempts": None, "minutes": None}
    return block("bank", {**said, "questions": entries, "key": "", **limits})
