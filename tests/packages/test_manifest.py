"""Which parts a package has: read from its manifest, whichever of the many namespaces it is in."""

import pytest

from lms.packages.judging import PackageRefused
from lms.packages.manifest import read
from tests.packages.made import MANIFEST_12, Item, manifest

FILES = frozenset(
    {"imsmanifest.xml", "index.html", "two.html", "shared/logo.png", "sco/start.html", "a b.html", "50%#?.html"}
)


def parts(text, files=FILES):
    return [(part.id, part.href) for part in read(text.encode(), files=files).parts]


@pytest.mark.parametrize("standard", ["1.2", "2004"])
def test_the_parts_are_those_of_the_organisation_in_order(standard):
    text = manifest(Item("b", "two.html"), Item("a", "index.html"), standard=standard)
    assert parts(text) == [("b", "two.html"), ("a", "index.html")]
    assert read(text.encode(), files=FILES).standard == standard


def test_a_shared_picture_that_is_listed_first_is_not_what_is_started():
    assert parts(manifest(Item("a", "index.html"), asset_first=True)) == [("a", "index.html")]


def test_the_address_may_carry_a_query_a_base_and_marks():
    assert parts(manifest(Item("a", "index.html?lang=en#/two"))) == [("a", "index.html?lang=en#/two")]
    assert parts(manifest(Item("a", "a%20b.html"), Item("b", "a b.html"))) == [("a", "a%20b.html"), ("b", "a%20b.html")]
    assert parts(manifest(Item("a", "50%25%23%3F.html"))) == [("a", "50%25%23%3F.html")]
    based = manifest(Item("a", "start.html")).replace("<resources>", '<resources xml:base="sco/">')
    assert parts(based) == [("a", "sco/start.html")]


@pytest.mark.parametrize(
    ("href", "parameters", "starts"),
    [
        ("index.html", "step=2", "index.html?step=2"),
        ("index.html", "?step=2", "index.html?step=2"),
        ("index.html?lang=en", "&amp;step=2", "index.html?lang=en&step=2"),
        ("index.html", "#/two", "index.html#/two"),
        ("index.html#/one", "?step=2", "index.html?step=2#/one"),
        ("index.html", "x" * 900, f"index.html?{'x' * 900}"),
    ],
)
def test_parameters_of_the_item_are_added(href, parameters, starts):
    named = f'identifierref="R-a" parameters="{parameters}"'
    assert parts(manifest(Item("a", href)).replace('identifierref="R-a"', named)) == [("a", starts)]


@pytest.mark.parametrize(
    "href",
    [
        "https://evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "http://[",
        "../../admin",
        "missing.html",
        "/index.html",
    ],
)
def test_a_part_that_leads_elsewhere_is_refused_by_name(href):
    with pytest.raises(PackageRefused, match="file of this package"):
        parts(manifest(Item("a", href)))


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]><manifest/>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><manifest/>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "http://127.0.0.1/">]><manifest>&b;</manifest>',
    ],
)
def test_a_document_type_is_refused(text):
    with pytest.raises(PackageRefused, match="DTD"):
        parts(text)


@pytest.mark.parametrize(
    "text", ["", "<manifest", "not xml", "<manifest/>", MANIFEST_12.format(items="", resources="")]
)
def test_what_cannot_be_started_says_so(text):
    with pytest.raises(PackageRefused):
        parts(text)


def test_more_groups_than_anybody_makes_are_refused():
    groups = "".join(f'<item identifier="g{n}"><item identifier="i{n}"/></item>' for n in range(200))
    with pytest.raises(PackageRefused, match="too many groups"):
        parts(manifest(Item("a", "index.html")).replace("</organization>", groups + "</organization>"))


def test_an_item_that_points_at_nothing_is_refused():
    with pytest.raises(PackageRefused, match="isn't there"):
        parts(MANIFEST_12.format(items='<item identifier="a" identifierref="R"><title>a</title></item>', resources=""))


def test_two_parts_of_one_name_are_refused():
    with pytest.raises(PackageRefused, match="same name"):
        parts(manifest(Item("a", "index.html"), Item("a", "two.html")))


def limits(extra, **said):
    return read(manifest(Item("a", "index.html", extra), **said).encode(), files=FILES).parts[0].limits


MEASURE = (
    '<imsss:sequencing><imsss:objectives><imsss:primaryObjective satisfiedByMeasure="{by}">'
    "<imsss:minNormalizedMeasure>0.7</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives>"
    "</imsss:sequencing>"
)


@pytest.mark.parametrize(
    ("extra", "kept"),
    [
        ("<adlcp:masteryscore>80</adlcp:masteryscore>", {"mastery_score": "80"}),
        ("<adlcp:completionThreshold>0.9</adlcp:completionThreshold>", {"completion_threshold": "0.9"}),
        (
            '<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.8"/>',
            {"completion_threshold": "0.8"},
        ),
        ('<adlcp:completionThreshold completedByMeasure="false" minProgressMeasure="0.8"/>', {}),
        ('<adlcp:completionThreshold completedByMeasure="1"/>', {"completion_threshold": "1.0"}),
        (MEASURE.format(by="1"), {"scaled_passing_score": "0.7"}),
        (MEASURE.format(by="true"), {"scaled_passing_score": "0.7"}),
        (MEASURE.format(by="false"), {}),
    ],
)
def test_limits_of_the_manifest_are_kept(extra, kept):
    assert limits(extra, standard="2004" if "imsss" in extra else "1.2") == kept


def test_a_mark_that_is_no_number_is_refused_in_words():
    with pytest.raises(PackageRefused, match="isn't a number"):
        limits("<adlcp:masteryscore>most of it</adlcp:masteryscore>")


def test_groups_pages_and_what_comes_first_are_kept():
    text = MANIFEST_12.format(
        items='<item identifier="g"><title>Group</title>'
        '<item identifier="a" identifierref="A"><title>a</title></item></item>'
        '<item identifier="b" identifierref="B"><title>b</title><adlcp:prerequisites>g</adlcp:prerequisites></item>',
        resources='<resource identifier="A" adlcp:scormtype="asset" href="index.html"/>'
        '<resource identifier="B" adlcp:scormtype="sco" href="two.html"/>',
    )
    found = read(text.encode(), files=FILES)
    assert [(part.id, part.is_page, part.needs, part.within) for part in found.parts] == [
        ("a", True, "", ("g",)),
        ("b", False, "g", ()),
    ]
    assert [(group.id, group.title, group.in_order) for group in found.groups] == [
        ("", "The first week", False),
        ("g", "Group", False),
    ]


def test_a_manifest_may_lead_from_part_to_part():
    mode = '<imsss:sequencing {what}><imsss:controlMode choice="false" flow="true"/></imsss:sequencing>'
    text = manifest(Item("a", "index.html"), standard="2004")
    own = text.replace("</organization>", mode.format(what="") + "</organization>")
    shared = text.replace("</organization>", '<imsss:sequencing IDRef="s"/></organization>').replace(
        "</manifest>",
        "<imsss:sequencingCollection>" + mode.format(what='ID="s"') + "</imsss:sequencingCollection></manifest>",
    )
    assert [read(each.encode(), files=FILES).groups[0].in_order for each in (text, own, shared)] == [False, True, True]
