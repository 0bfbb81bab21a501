"""Reading what a manifest of 2004 asks of the order of its parts and of its end.

Some of it is done here: parts that open one after the other, and how many of them have to be done. The rest is named
(``beyond``), so that whoever brings a package in is told what will not happen.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from lms.packages.elements import children, has, name, says

Shared = Mapping[str, Element]
COMPLETED, SATISFIED = "completed", "satisfied"
ACTIONS = (COMPLETED, SATISFIED)
HUNDRED = 100
MOST = 1_000  # parts that a rule may ask for
_COUNTS = {COMPLETED: "rollupProgressCompletion", SATISFIED: "rollupObjectiveSatisfied"}
_CONDITIONS = ("preConditionRule", "postConditionRule", "exitConditionRule")


@dataclass(frozen=True)
class Rule:
    """What ends a group: ``least`` of what is in it, or ``share`` hundredths of that; the other one is nought."""

    action: str
    least: int = 0
    share: int = 0


def collected(root: Element) -> Shared:
    """The rules that items may share, by their names."""
    rows = (one for every in children(root, "sequencingCollection") for one in children(every, "sequencing"))
    return {one.get("ID", ""): one for one in rows}


def of(shared: Shared, element: Element) -> Element | None:
    """The rules of an item or of the whole: its own, or those that it names."""
    own = next(children(element, "sequencing"), None)
    named = own.get("IDRef") if own is not None else None
    return shared.get(named, own) if named else own


def is_in_order(found: Element | None) -> bool:
    """Whether they let nobody choose, and lead from part to part."""
    modes = children(found, "controlMode")
    return any(says(mode, "choice", "false") and says(mode, "flow", "true") for mode in modes)


def left_out(found: Element | None) -> tuple[str, ...]:
    """For which ends of its group an item does not count."""
    if any(says(one, "tracked", "false") for one in children(found, "deliveryControls")):
        return ACTIONS
    rollups = list(children(found, "rollupRules"))
    return tuple(action for action in ACTIONS if any(says(one, _COUNTS[action], "false") for one in rollups))


def rules(found: Element | None) -> tuple[Rule, ...]:
    """The rules for the end of a group that are simple enough to be heeded."""
    return tuple(rule for one in _rollups(found) if (rule := _rule(one)))


def _rollups(found: Element | None) -> Iterator[Element]:
    return (one for group in children(found, "rollupRules") for one in children(group, "rollupRule"))


def _rule(rollup: Element) -> Rule | None:
    """One that asks for so many parts that are done, whatever the manifest calls done."""
    actions = [one.get("action", "") for one in children(rollup, "rollupAction")]
    asked = [one for group in children(rollup, "rollupConditions") for one in children(group, "rollupCondition")]
    is_simple = asked and all(one.get("condition") in ACTIONS and not says(one, "operator", "not") for one in asked)
    if len(actions) != 1 or actions[0] not in ACTIONS or not is_simple:
        return None
    match rollup.get("childActivitySet", "all"):
        case "all":
            return Rule(actions[0], share=HUNDRED)
        case "any":
            return Rule(actions[0], least=1)
        case "atLeastCount":
            return _at_least(actions[0], least=_number(rollup.get("minimumCount", "0")))
        case "atLeastPercent":
            return _at_least(actions[0], share=_number(rollup.get("minimumPercent", "0"), times=HUNDRED))
    return None


def _at_least(action: str, *, least: int = 0, share: int = 0) -> Rule | None:
    return Rule(action, least, share) if 0 < least <= MOST or 0 < share <= HUNDRED else None


def _number(text: str, *, times: int = 1) -> int:
    """A count, or so many hundredths, rounded up; nought for what is neither."""
    try:
        found = float(text) * times
    except ValueError:
        return 0
    return math.ceil(round(found, 6)) if math.isfinite(found) and 0 < found <= MOST else 0


def beyond(found: Element | None, *, is_group: bool) -> Iterator[str]:
    """Name what is asked for and does not happen here; the words for each are in ``asking``."""
    for control in children(found, "controlMode"):
        if says(control, "forwardOnly", "true"):
            yield "no way back"
        if says(control, "choiceExit", "false"):
            yield "no way out"
    if any(name(rule) in _CONDITIONS for rules in children(found, "sequencingRules") for rule in rules):
        yield "conditions"
    if any(one.attrib for one in children(found, "limitConditions")):
        yield "limits"
    if any(_is_random(one) for one in children(found, "randomizationControls")):
        yield "chance"
    if any(_rule(one) is None for one in _rollups(found)) or has(found, "rollupConsiderations"):
        yield "own ends"
    yield from _of_objectives(found, is_group=is_group)


def _is_random(controls: Element) -> bool:
    times = (controls.get("randomizationTiming", "never"), controls.get("selectionTiming", "never"))
    return any(time != "never" for time in times)


def _of_objectives(found: Element | None, *, is_group: bool) -> Iterator[str]:
    every = [one for objectives in children(found, "objectives") for one in objectives]
    if any(has(one, "mapInfo") for one in every):
        yield "shared results"
    if is_group and any(says(one, "satisfiedByMeasure", "true") for one in every):
        yield "one mark"
