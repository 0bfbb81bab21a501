"""A check that is passed or not: questions drawn from a bank, for where it matters that something is known."""

from typing import Any

from wagtail import blocks

from cms.blocks.doing import QUESTION_KINDS, QuestionBlock
from cms.blocks.parts import IdentityBlock, item_layout, key_block
from cms.soundness import bank_faults

MARKED = frozenset({"single", "multiple", "true-false", "order", "match"})
MARKED_KINDS = [(kind, label) for kind, label in QUESTION_KINDS if kind in MARKED]


class BankQuestionBlock(QuestionBlock):
    """A question of a bank. The entry of the list that it is keeps its identity."""

    kind = blocks.ChoiceBlock(choices=MARKED_KINDS, default="single")
    item_id = None  # type: ignore[assignment]  # how Wagtail is told to leave a part of a block out

    class Meta:
        form_layout = blocks.BlockGroup(
            children=["kind", "prompt", "options", "when_right", "otherwise"], settings=["key"]
        )


class BankBlock(blocks.StructBlock):
    """Questions of which each try shows some, drawn by lot. Passing it is what is asked for."""

    title = blocks.CharBlock(max_length=120, search_index=False)
    show = blocks.IntegerBlock(min_value=1, max_value=40, label="Questions in each try")
    pass_mark = blocks.IntegerBlock(
        min_value=1, max_value=100, default=80, help_text="Per cent of the questions that must be right."
    )
    attempts = blocks.IntegerBlock(
        required=False, min_value=1, max_value=20, label="Tries", help_text="Leave it empty for as many as people need."
    )
    minutes = blocks.IntegerBlock(
        required=False, min_value=5, max_value=240, help_text="For one try. Leave it empty for no limit, the kind way."
    )
    questions = blocks.ListBlock(BankQuestionBlock(search_index=False), min_num=1, max_num=80)
    key = key_block()
    item_id = IdentityBlock(required=False, label="Identity")

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        """Refuse a bank from which no try can be drawn."""
        cleaned: blocks.StructValue = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        faults = bank_faults(show=cleaned["show"], held=len(cleaned["questions"]))
        if faults:
            raise blocks.StructBlockValidationError(non_block_errors=[f"The bank {fault.words}." for fault in faults])
        return cleaned

    class Meta:
        icon = "list-ol"
        group = "Practice"
        label = "Question bank"
        template = "courses/blocks/bank.html"
        form_layout = item_layout("title", "show", "pass_mark", "attempts", "minutes", "questions")
        label_format = "{title}"
        description = "A check with a pass mark. Each try draws questions by lot."
        preview_value: dict[str, Any] = {
            "title": "Keeping people safe",
            "show": 1,
            "pass_mark": 80,
            "attempts": None,
            "minutes": None,
            "questions": [],
            "key": "",
            "item_id": None,
        }
