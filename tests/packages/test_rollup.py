"""How many parts a package needs: as its manifest adds them up, and in words; and what it asks for in vain."""

import pytest

from lms.packages import reports
from lms.packages.manifest import read
from lms.packages.rollup import is_over
from tests.factories.packages import learner_of, package_of
from tests.packages.made import Item, manifest, sound
from tests.packages.test_sitting import Sitting, is_done

ITEMS = [Item(name, f"{name}.html") for name in "abc"]
FILES = frozenset({"imsmanifest.xml", *(item.href for item in ITEMS)})
SEQUENCING = "<imsss:sequencing>{}</imsss:sequencing></organization>"
RULE = (
    '<imsss:rollupRules><imsss:rollupRule {asked}><imsss:rollupConditions><imsss:rollupCondition {of}="completed"/>'
    '</imsss:rollupConditions><imsss:rollupAction action="{action}"/></imsss:rollupRule></imsss:rollupRules>'
)
UNCOUNTED = '<imsss:sequencing><imsss:deliveryControls tracked="false"/></imsss:sequencing>'
GROUPED = '<item identifier="g"><title>Either</title>{}<imsss:sequencing>' + RULE + "</imsss:sequencing></item>"
TWINS = '<item identifier="g"><item identifier="g">{}</item></item>'


def text(asked="", *, action="completed", of="condition", items=ITEMS, whole=None):
    rule = SEQUENCING.format(RULE.format(asked=asked, of=of, action=action) if whole is None else whole)
    return manifest(*items, standard="2004").replace("</organization>", rule)


def over(written, done, action="completed"):
    found = read(written.encode(), files=FILES).as_data()
    return is_over(found["parts"], found["groups"], done=done, action=action)


def grouped(shape, **said):
    """Its first two parts in a group."""
    written, first = manifest(*ITEMS, standard="2004"), manifest(*ITEMS[:2], standard="2004")
    both = first.partition("</title>")[2].partition("</organization>")[0]
    return written.replace(both, shape.format(both, **said))


@pytest.mark.parametrize(
    ("written", "enough", "too_few"),
    [
        (manifest(*ITEMS, standard="2004"), "abc", "ab"),
        (text('childActivitySet="any"'), "c", ""),
        (text('childActivitySet="atLeastCount" minimumCount="2"'), "ac", "b"),
        (text('childActivitySet="atLeastCount" minimumCount="9"'), "abc", "ab"),
        (text('childActivitySet="atLeastPercent" minimumPercent="0.34"'), "ab", "a"),
        (text('childActivitySet="any"', action="satisfied"), "abc", "ab"),
        (text('childActivitySet="any"', of='operator="not" condition'), "abc", "ab"),
        (text('childActivitySet="atLeastCount" minimumCount="nan"'), "abc", "ab"),
        (text(whole="", items=[*ITEMS[:2], Item("c", "c.html", UNCOUNTED)]), "ab", "bc"),
        (text(whole="", items=[Item(one.id, one.href, UNCOUNTED) for one in ITEMS]), "abc", "ab"),
        (grouped(GROUPED, asked='childActivitySet="any"', of="condition", action="completed"), "bc", "ab"),
        (grouped(TWINS), "abc", "ab"),
    ],
)
def test_as_many_parts_are_needed_as_a_simple_rule_asks_for_and_else_all(written, enough, too_few):
    assert over(written, enough)
    assert not over(written, too_few)


BEYOND = text(
    whole='<imsss:controlMode forwardOnly="true" choiceExit="false"/><imsss:sequencingRules><imsss:preConditionRule/>'
    '</imsss:sequencingRules><imsss:limitConditions attemptLimit="1"/><imsss:randomizationControls '
    'selectionTiming="once"/><imsss:objectives><imsss:primaryObjective satisfiedByMeasure="true"><imsss:mapInfo/>'
    "</imsss:primaryObjective></imsss:objectives>" + RULE.format(asked="", of="condition", action="incomplete")
)


@pytest.mark.django_db
def test_the_trainer_reads_what_is_done_of_it_and_what_is_not_and_one_part_alone_needs_no_words():
    package = package_of(sound(*ITEMS, standard="2004", **{"imsmanifest.xml": BEYOND}))
    said = " ".join(reports.asked_for(package.latest, package))
    wishes = ("back", "leaves a part", "skip", "limit of tries", "by chance", "more rules", "share results", "one mark")
    assert [wish for wish in wishes if wish not in said] == []
    assert "any order" in said
    assert "over when all of it is done" in said
    alone = package_of(sound())
    assert reports.asked_for(alone.latest, alone) == []


@pytest.mark.django_db
def test_a_learner_who_has_done_enough_of_it_is_done_and_was_told_how_many(client):
    written = text('childActivitySet="atLeastCount" minimumCount="2"')
    package = package_of(sound(*ITEMS, standard="2004", **{"imsmanifest.xml": written}))
    learner, course, item = place = learner_of(package)
    client.force_login(learner)
    shown = client.post(f"/learn/{course}/{item}/package/{package.uuid}/")
    assert "over when 2 of its 3 parts are done." in shown.text
    assert Sitting(package, *place, part="a").tell({"completion_status": "completed"}) is False
    assert Sitting(package, *place, part="c").tell({"completion_status": "completed"}) is True
    assert is_done(learner, item)
