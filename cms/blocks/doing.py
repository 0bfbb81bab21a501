"""Blocks that ask something of the reader: questions, private writing, and a plan."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from wagtail import blocks

from cms.blocks.parts import IdentityBlock, item_layout, key_block
from cms.soundness import Option, question_faults

QUESTION_KINDS = [
    ("single", "One right answer"),
    ("multiple", "Several right answers"),
    ("true-false", "True or false"),
    ("order", "Put in order"),
    ("match", "Match what goes together"),
    ("text", "A few words of one's own"),
    ("scale", "A scale, like how sure somebody is"),
]


@dataclass(frozen=True)
class Choice:
    """An option of a question as it is shown. ``id`` stays when the words change."""

    id: str
    text: str
    right: bool
    feedback: str
    goes_with: str


class QuestionValue(blocks.StructValue):
    """A question as templates and the outline read it."""

    @property
    def choices(self) -> list[Choice]:
        """The options, in the order they were written."""
        return [
            Choice(
                bound.id,
                bound.value["text"],
                bound.value["right"],
                bound.value["feedback"],
                bound.value.get("goes_with") or "",
            )
            for bound in self["options"].bound_blocks
        ]


class OptionBlock(blocks.StructBlock):
    """One option of a question."""

    text = blocks.TextBlock(max_length=400, search_index=False)
    right = blocks.BooleanBlock(required=False, label="This is right")
    feedback = blocks.TextBlock(
        required=False,
        max_length=600,
        search_index=False,
        help_text="Kind words for whoever chooses this. Many of us were taught the answers that aren't right.",
    )

    goes_with = blocks.TextBlock(
        required=False, max_length=200, search_index=False, help_text="For 'Match what goes together': its other half."
    )

    class Meta:
        icon = "radio-empty"
        label_format = "{text}"


class QuestionBlock(blocks.StructBlock):
    """A question that teaches. Tries are unlimited, and each option is answered kindly."""

    kind = blocks.ChoiceBlock(choices=QUESTION_KINDS, default="single")
    prompt = blocks.TextBlock(max_length=600, label="The question")
    options = blocks.ListBlock(
        OptionBlock(),
        max_num=10,
        help_text="For 'Put in order': in the right order. For a scale: its steps. For words of one's own: none.",
    )
    when_right = blocks.TextBlock(
        required=False, max_length=600, search_index=False, label="Said when order or pairs are right"
    )
    otherwise = blocks.TextBlock(
        required=False, max_length=600, search_index=False, label="Said when they're not, or after words of one's own"
    )
    key = key_block()
    item_id = IdentityBlock(required=False, label="Identity")

    def clean(self, value: QuestionValue) -> QuestionValue:
        """Refuse a question that cannot be answered, or an option that is left without an answer."""
        cleaned: QuestionValue = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        options = [Option(one.text, one.right, one.feedback, one.goes_with) for one in cleaned.choices]
        faults = question_faults(cleaned["kind"], options)
        general = [f"This question {fault.words}." for fault in faults if fault.where is None]
        single = {n: ValidationError(f"This option {f.words}.") for f in faults if isinstance(n := f.where, int)}
        if single:
            errors = {"options": blocks.ListBlockValidationError(block_errors=single)}
            raise blocks.StructBlockValidationError(errors, non_block_errors=general)
        if general or (general := self._unanswered(cleaned)):
            raise blocks.StructBlockValidationError(non_block_errors=general)
        return cleaned

    @staticmethod
    def _unanswered(value: QuestionValue) -> list[str]:
        if value["kind"] == "text":
            return [] if value["otherwise"] else ["Say what people read after they've written."]
        missing = value["kind"] in {"order", "match"} and not (value["when_right"] and value["otherwise"])
        return ["Say what people read when the order or the pairs are right, and when they're not."] if missing else []

    class Meta:
        icon = "help"
        group = "Practice"
        label = "Question"
        value_class = QuestionValue
        template = "courses/blocks/question.html"
        form_layout = item_layout("kind", "prompt", "options", "when_right", "otherwise")
        label_format = "{prompt}"
        description = "A check that teaches: every option has a kind answer."
        preview_value = {
            "kind": "single",
            "prompt": "When do you first use the word “adopted”?",
            "options": [
                {
                    "text": "At about five.",
                    "right": False,
                    "feedback": "Understanding grows later. Words can start now.",
                },
                {"text": "From the start.", "right": True, "feedback": "So your child never remembers not knowing."},
            ],
            "when_right": "",
            "otherwise": "",
            "key": "",
            "item_id": None,
        }


class ReflectionBlock(blocks.StructBlock):
    """A prompt for private writing. What is written is the reader's own."""

    prompt = blocks.TextBlock(max_length=400, help_text="One or two sentences. Only the writer reads the answer.")
    key = key_block()
    item_id = IdentityBlock(required=False, label="Identity")

    class Meta:
        icon = "edit"
        group = "Practice"
        label = "Reflection"
        template = "courses/blocks/reflection.html"
        form_layout = item_layout("prompt")
        label_format = "{prompt}"
        description = "A place to write something only for oneself."
        preview_value = {"prompt": "What would you like your child to see?", "key": "", "item_id": None}


class ActionPlanBlock(blocks.StructBlock):
    """Boxes to fill in at the end of a course."""

    title = blocks.CharBlock(required=False, max_length=120)
    boxes = blocks.ListBlock(
        blocks.CharBlock(max_length=200), min_num=1, max_num=12, help_text="Each line is a box to fill in."
    )
    key = key_block()
    item_id = IdentityBlock(required=False, label="Identity")

    class Meta:
        icon = "tasks"
        group = "Practice"
        label = "Action plan"
        template = "courses/blocks/action_plan.html"
        form_layout = item_layout("title", "boxes")
        description = "A few boxes to fill in, to take away."
        preview_value = {"title": "My plan", "boxes": ["Who I ring by day:"], "key": "", "item_id": None}
