"""Which blocks may stand where: on any page, in a lesson, and inside a content notice."""

from typing import Any

from wagtail import blocks

from cms.blocks.attending import WorkshopBlock
from cms.blocks.bank import BankBlock
from cms.blocks.doing import ActionPlanBlock, QuestionBlock, ReflectionBlock
from cms.blocks.packages import PackageBlock
from cms.blocks.parts import passage
from cms.blocks.reading import (
    ContestedBlock,
    DownloadBlock,
    ExampleBlock,
    FactBlock,
    KeyPointBlock,
    NationBlock,
    PauseBlock,
    ResourceBlock,
    TextBlock,
    TryStepsBlock,
    UnknownBlock,
)
from cms.blocks.scenario import ScenarioBlock
from cms.blocks.watching import AudioBlock, VideoBlock


class ReadingBody(blocks.StreamBlock):
    """What is only read."""

    text = TextBlock()
    key_point = KeyPointBlock()
    example = ExampleBlock()
    try_steps = TryStepsBlock()
    contested = ContestedBlock()
    unknown = UnknownBlock()
    pause = PauseBlock()
    fact = FactBlock()
    nation = NationBlock()
    resource = ResourceBlock()
    download = DownloadBlock()

    class Meta:
        template = "cms/blocks/body.html"
        required = False


class LearningBody(ReadingBody):
    """What is read, and what asks something of the reader."""

    question = QuestionBlock()
    scenario = ScenarioBlock()
    reflection = ReflectionBlock()
    action_plan = ActionPlanBlock()
    video = VideoBlock()
    audio = AudioBlock()
    package = PackageBlock()


class NoticeBlock(blocks.StructBlock):
    """Say what comes before it comes, and let the reader choose. A notice cannot hold a notice."""

    about = blocks.CharBlock(max_length=200, help_text="One factual line, like 'a baby who was hungry and left alone'.")
    minutes = blocks.IntegerBlock(min_value=1, max_value=30, help_text="How long the part takes to read.")
    short = passage(label="Short version", help_text="Says the point without the detail.")

    def __init__(self, flagged: blocks.StreamBlock | None = None, **kwargs: Any) -> None:
        named = [("body", flagged)] if flagged else None
        super().__init__(named, **kwargs)

    class Meta:
        icon = "warning"
        group = "Words"
        label = "Content notice"
        template = "courses/blocks/notice.html"
        label_format = "{about}"
        description = "Put a distressing part inside it. Skipping it still counts."
        preview_value = {
            "about": "a baby who was hungry and left alone",
            "minutes": 2,
            "short": "<p>Some children were not fed when they needed it.</p>",
            "body": [("text", "<p>The flagged part.</p>")],
        }


class PageBody(ReadingBody):
    """The body of a page that is read."""

    notice = NoticeBlock(ReadingBody(label="The part itself", required=True))


class LessonBody(LearningBody):
    """The body of a lesson. No bank or workshop is inside a notice: what is left out there counts as done."""

    bank = BankBlock()
    workshop = WorkshopBlock()
    notice = NoticeBlock(LearningBody(label="The part itself", required=True))
