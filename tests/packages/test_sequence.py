"""Which parts of a package are open, as its manifest asks."""

import pytest

from lms.packages.rollup import WHOLE
from lms.packages.sequence import following, open_parts
from tests.factories.packages import learner_of, package_of
from tests.packages.made import Item, manifest, sound
from tests.packages.test_sitting import Sitting, core, is_done

PARTS = [
    {"id": "a", "within": ("g",)},
    {"id": "b", "within": ("g",)},
    {"id": "c"},
]


def opened(needs="", *, done=(), passed=(), in_order=()):
    parts = [*PARTS, {"id": "d", "needs": needs}]
    return open_parts(parts, done=set(done), passed=set(passed), in_order=in_order)


@pytest.mark.parametrize(
    ("needs", "done", "passed", "is_open"),
    [
        ("", "", "", True),
        ("a", "", "", False),
        ("a", "a", "", True),
        ("a & b", "a", "", False),
        ("a|b", "b", "", True),
        ("~a", "", "", True),
        ("~a", "a", "", False),
        ("(a|b)&c", "b", "", False),
        ("(a|b)&c", "bc", "", True),
        ("g", "a", "", False),
        ("g", "ab", "", True),
        ('a="passed"', "a", "", False),
        ('a = "passed"', "a", "a", True),
        ('a<>"completed"', "", "", True),
        ("2*{a,b,c}", "", "", True),
        ("a &", "", "", True),
        ("(" * 500 + "a", "", "", True),
        ('a="strange"', "", "", True),
    ],
)
def test_a_part_opens_when_what_it_needs_is_done_and_what_is_not_understood_locks_nobody_out(
    needs, done, passed, is_open
):
    assert ("d" in opened(needs, done=done, passed=passed)) is is_open


def test_in_order_each_opens_when_the_one_before_is_done_and_what_is_done_stays_open():
    assert opened(in_order={WHOLE}) == {"a"}
    assert opened(in_order={WHOLE}, done="a") == {"a", "b"}
    assert opened(in_order={WHOLE}, done="ac") == {"a", "b", "c"}
    assert opened(in_order={"g"}) == {"a", "c", "d"}
    assert opened() == {"a", "b", "c", "d"}


def test_what_follows_is_the_next_in_the_manifest():
    assert following(PARTS, "a") == PARTS[1]
    assert following(PARTS, "c") is None
    assert following(PARTS, "gone") is None


IN_ORDER = '<imsss:sequencing><imsss:controlMode choice="false" flow="true"/></imsss:sequencing></organization>'


@pytest.mark.django_db
def test_a_part_that_is_not_open_opens_the_one_that_is_and_a_page_is_done_by_opening_it():
    items = (Item("one", "one.html"), Item("page", "page.html"), Item("two", "two.html"))
    text = manifest(*items, standard="2004").replace("</organization>", IN_ORDER)
    text = text.replace('scormtype="sco" href="page', 'scormtype="asset" href="page')
    package = package_of(sound(*items, **{"imsmanifest.xml": text}))
    place = (package, *learner_of(package))
    assert Sitting(*place, part="two").opened.part["id"] == "one"
    assert Sitting(*place, part="one").tell({"completion_status": "completed"}) is False
    assert Sitting(*place, part="two").opened.part["id"] == "one"  # the page comes first: it stays where it was
    assert Sitting(*place, part="page").opened.part["id"] == "page"
    assert Sitting(*place, part="two").tell({"completion_status": "completed"}) is True
    assert is_done(place[1], place[3])


@pytest.mark.django_db
def test_where_a_look_is_enough_the_package_still_keeps_what_it_tells():
    package = package_of(policy="opened")
    place = (package, *learner_of(package))
    first = Sitting(*place)
    assert is_done(place[1], place[3])
    assert first.tell({**core(lesson_status="incomplete"), "suspend_data": "here"}) is False
    again = Sitting(*place)
    assert (again.opened.attempt.is_review, again.state["suspend_data"]) == (False, "here")
