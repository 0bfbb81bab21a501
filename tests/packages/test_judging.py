"""A package is judged from its list of contents, before anything of it is written."""

import io
import stat
import tracemalloc
import zipfile

import pytest

from lms.packages import judging
from lms.packages.judging import PackageRefused, judge
from tests.packages.made import sound, zipped

HTML = "<p>Hello</p>"


def refused(packed):
    with pytest.raises(PackageRefused) as refusal:
        judge(packed)
    return refusal.value


def test_a_sound_package_is_taken():
    contents = judge(sound(**{"shared/pictures/logo.png": b"x"}))
    assert contents.paths == {"imsmanifest.xml", "index.html", "shared/pictures/logo.png"}


@pytest.mark.parametrize(
    "name",
    [
        "../../x.html",
        "/abs.html",
        "C:\\x.html",
        "C:/x.html",
        "a\\..\\b.html",
        "a/../b.html",
        "a/./b.html",
        "a//b.html",
        "..",
        "a/../../b.html",
        "a\x07b.html",
        "con.html",
        "a/LPT1.html",
        " a.html",
        "a /b.html",
        "/".join("a" * 13) + "/b.html",
        "a" * 201 + ".html",
        "\u00e9" * 130 + ".html",  # more bytes than a disk takes for one name
        "a./b.html",
    ],
)
def test_a_path_that_leads_elsewhere_refuses_the_whole_and_names_it(name):
    refusal = refused(zipped([("index.html", HTML), (name, HTML)]))
    assert refusal.entry
    readable = name.replace("\x07", "\N{REPLACEMENT CHARACTER}")
    assert refusal.entry.strip() in readable or readable.startswith(refusal.entry)


@pytest.mark.parametrize("name", ["run.exe", "page.php", ".htaccess", "library.so", "noending", "a.html.bat", "x.jsp"])
def test_only_kinds_that_lessons_are_made_of(name):
    assert refused(zipped({name: "x"})).entry == name


def test_a_link_is_refused():
    link = zipfile.ZipInfo("shortcut.html")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "link" in refused(zipped([(link, "/etc/passwd")])).why


def test_a_locked_file_is_refused():
    packed = zipped({"index.html": HTML})
    raw = bytearray(packed.getvalue())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + offset] |= 1
    assert "password" in refused(io.BytesIO(bytes(raw))).why


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Index.html", "index.html"),
        ("\u00e9.html", "e\u0301.html"),
        ("stra\u00dfe.html", "STRASSE.html"),
        ("a.html", "a.html/b.html"),
        ("a.html/b.html", "A.html"),
    ],
)
def test_two_names_that_some_disk_takes_for_one_are_refused(one, other):
    assert "this name" in refused(zipped([(one, HTML), (other, HTML)])).why


def test_a_name_with_what_no_database_keeps_is_named_without_it():
    raw = zipped({"index.html": HTML}).getvalue().replace(b"index.html", b"ind\0x.html")
    assert refused(io.BytesIO(raw)).entry == "ind\N{REPLACEMENT CHARACTER}x.html"


def test_rubbish_that_programmes_leave_is_passed_over():
    packed = zipped({"index.html": HTML, "__MACOSX/._index.html": "x", "a/.DS_Store": "x", "Thumbs.db": "x"})
    assert judge(packed).paths == {"index.html"}


def test_a_bomb_is_refused_quickly_and_without_unpacking_it():
    packed = zipped({"big.html": b"0" * 50_000_000})
    assert len(packed.getvalue()) < 100_000
    tracemalloc.start()
    refusal = refused(packed)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    assert "tightly" in refusal.why


def test_many_small_files_are_a_bomb_too():
    assert "tightly" in refused(zipped({f"{n}.html": b"0" * 900_000 for n in range(5)})).why
    packed = zipped({"a.html": HTML, "b.html": HTML}).getvalue()
    at = packed.rindex(b"PK\x01\x02") + 42  # where the second is said to begin
    assert "shares its bytes" in refused(io.BytesIO(packed[:at] + bytes(4) + packed[at + 4 :])).why


def test_a_list_of_contents_without_end_is_not_read(monkeypatch):
    monkeypatch.setattr(judging, "MOST_ENTRIES", 100)
    packed = zipped({f"{n}.html": "x" for n in range(2_000)})
    monkeypatch.setattr(zipfile.ZipInfo, "_decodeExtra", lambda _: 1 / 0)  # what each line of a list is read with
    assert "files in it" in refused(packed).why


def test_too_many_files_and_too_much_are_refused(monkeypatch):
    monkeypatch.setattr(judging, "MOST_ENTRIES", 2)
    assert "files in it" in refused(zipped({f"{n}.html": "x" for n in range(3)})).why
    monkeypatch.setattr(judging, "MOST_BYTES", 10)
    assert "more than" in refused(zipped({"a.html": "x" * 11})).why


@pytest.mark.parametrize("raw", [b"", b"not a zip", b"PK\x03\x04" + b"\x00" * 30])
def test_what_is_no_zip_says_what_to_do(raw):
    assert "Export the package again" in refused(io.BytesIO(raw)).why


def test_a_zip_that_was_cut_off_is_refused():
    raw = sound().getvalue()
    assert refused(io.BytesIO(raw[: len(raw) * 9 // 10]))
