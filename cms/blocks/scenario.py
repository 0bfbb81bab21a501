"""A scenario: cards joined by choices, with no score and kind endings."""

from dataclasses import dataclass

from wagtail import blocks

from cms.blocks.parts import IdentityBlock, item_layout, key_block, passage
from cms.soundness import scenario_faults


@dataclass(frozen=True)
class Card:
    """A card as it is shown. One without choices is an ending. choices: (card name, words)."""

    name: str
    text: object
    choices: tuple[tuple[str, str], ...]


class ScenarioValue(blocks.StructValue):
    """A scenario as templates read it."""

    @property
    def deck(self) -> dict[str, Card]:
        """The cards by name, in the order they were written."""
        return {
            card["name"]: Card(card["name"], card["text"], tuple((way["to"], way["words"]) for way in card["choices"]))
            for card in self["cards"]
        }

    @property
    def first(self) -> Card | None:
        """The card it begins with; none while it is still being written."""
        return self.deck.get(self["start"])


class WayBlock(blocks.StructBlock):
    """A choice, and the card it leads to."""

    words = blocks.CharBlock(max_length=200, search_index=False)
    to = blocks.CharBlock(max_length=40, label="Leads to card", search_index=False)

    class Meta:
        icon = "arrow-right"
        label_format = "{words}"


class CardBlock(blocks.StructBlock):
    """One moment of a scenario."""

    name = blocks.CharBlock(
        max_length=40, search_index=False, help_text="Small letters, digits and dashes, like end-book."
    )
    text = passage(label="What happens", search_index=False)
    choices = blocks.ListBlock(WayBlock(), min_num=0, max_num=4, default=[], help_text="None: this is an ending.")

    class Meta:
        icon = "doc-empty"
        label_format = "{name}"


class ScenarioBlock(blocks.StructBlock):
    """Try out what might happen. Every card can be reached, and each comes to an ending."""

    title = blocks.CharBlock(max_length=120)
    start = blocks.CharBlock(max_length=40, label="First card", help_text="The name of the card it begins with.")
    cards = blocks.ListBlock(CardBlock(), min_num=2, max_num=30)
    key = key_block()
    item_id = IdentityBlock(required=False, label="Identity")

    def clean(self, value: ScenarioValue) -> ScenarioValue:
        """Refuse a scenario in which somebody could be lost."""
        cleaned: ScenarioValue = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        cards = [(card["name"], [way["to"] for way in card["choices"]]) for card in cleaned["cards"]]
        faults = scenario_faults(cleaned["start"], cards)
        if faults:
            words = [f'Card "{f.where}" {f.words}.' if f.where else f"The scenario {f.words}." for f in faults]
            raise blocks.StructBlockValidationError(non_block_errors=words)
        return cleaned

    class Meta:
        icon = "redirect"
        group = "Practice"
        label = "Scenario"
        value_class = ScenarioValue
        template = "courses/blocks/scenario.html"
        form_layout = item_layout("title", "start", "cards")
        label_format = "{title}"
        description = "Cards joined by choices, with kind endings."
        preview_value = {
            "title": "“Not my real mum”",
            "start": "car",
            "cards": [
                {
                    "name": "car",
                    "text": "<p>From the back: “You're not my real mum!”</p>",
                    "choices": [{"to": "pace", "words": "“You're so cross.”"}],
                },
                {"name": "pace", "text": "<p>Her shoulders drop. Nobody gets it right every time.</p>", "choices": []},
            ],
            "key": "",
            "item_id": None,
        }
