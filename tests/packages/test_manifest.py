"""Which parts a package has: read from its manifest, whichever of the many namespaces it is in."""

import pytest

from lms.packages.judging import PackageRefused
from lms.packages.manifest import read
from tests.packages.made import MANIFEST_12, Item, manifest

FILES = frozenset({"imsmanifest.xml", "index.html", "two.html", "shared/logo.png", "sco/start.html", "a b.html"})


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
    assert parts(manifest(Item("a", "index.html?lang=en#top"))) == [("a", "index.html?lang=en")]
    assert parts(manifest(Item("a", "a%20b.html"))) == [("a", "a b.html")]
    based = manifest(Item("a", "start.html")).replace("<resources>", '<resources xml:base="sco/">')
    assert parts(based) == [("a", "sco/start.html")]


def test_parameters_of_the_item_are_kept():
    text = manifest(Item("a", "index.html")).replace('identifierref="R-a"', 'identifierref="R-a" parameters="step=2"')
    assert parts(text) == [("a", "index.html?step=2")]


@pytest.mark.parametrize(
    "href",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "../../admin", "missing.html", "/index.html"],
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


def test_an_item_that_points_at_nothing_is_refused():
    with pytest.raises(PackageRefused, match="isn't there"):
        parts(MANIFEST_12.format(items='<item identifier="a" identifierref="R"><title>a</title></item>', resources=""))


def test_two_parts_of_one_name_are_refused():
    with pytest.raises(PackageRefused, match="same name"):
        parts(manifest(Item("a", "index.html"), Item("a", "two.html")))


def test_limits_of_the_manifest_are_kept():
    text = manifest(Item("a", "index.html", "<adlcp:masteryscore>80</adlcp:masteryscore>"))
    assert read(text.encode(), files=FILES).parts[0].limits == {"mastery_score": "80"}
    measure = "<imsss:sequencing><imsss:objectives><imsss:primaryObjective><imsss:minNormalizedMeasure>0.7"
    measure += "</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives></imsss:sequencing>"
    text = manifest(Item("a", "index.html", measure), standard="2004")
    assert read(text.encode(), files=FILES).parts[0].limits == {"scaled_passing_score": "0.7"}
