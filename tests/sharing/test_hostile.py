"""Archives that are broken or meant to do harm: refused whole, with the file and the reason, and nothing is changed."""

import io
import re
import stat
import uuid
import zipfile
from zlib import crc32

import pytest
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Page, Revision

from cms import models
from cms.courseformat.bodies import FILES
from lms.sharing import tasks
from lms.sharing.models import Arrival, ArrivalState
from tests.cms_content.files import LESSON_PATH
from tests.factories.cms import LessonPageFactory, WorkshopPageFactory
from tests.factories.sharing import PIXEL, ArrivalFactory, course_files, zipped

pytestmark = pytest.mark.django_db
FOLDER = LESSON_PATH.rpartition("/")[0]
SECOND = f"{FOLDER}/02-first-words.md"
COURSE = "courses/telling/course.md"
MEDIA = f"{FOLDER}/media"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
XXE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
WHERE = b"tEXtGPS\0somewhere"
TOLD = PIXEL[:33] + (len(WHERE) - 4).to_bytes(4) + WHERE + crc32(WHERE).to_bytes(4) + PIXEL[33:]


def office(*names):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as document:
        for name in names:
            document.writestr(name, "x")
    return packed.getvalue()


def sheet(name, data):
    """The paper of the lesson, under another name and with other bytes."""

    def change(files):
        files[LESSON_PATH] = files[LESSON_PATH].replace(b"media/sheet.pdf", f"media/{name}".encode())
        del files[f"{MEDIA}/sheet.pdf"]
        files[f"{MEDIA}/{name}"] = data

    return change


def put(path, data):
    return lambda files: files.update({path: data})


def swap(path, old, new):
    return lambda files: files.update({path: files[path].replace(old, new, 1)})


def take(path):
    return lambda files: files.pop(path)


def twins(files):
    for path, key in ((LESSON_PATH, b"key: A1.1"), (SECOND, b"key: A1.2")):
        files[path] = files[path].replace(key, key + b"\nid: 11111111-1111-4111-8111-111111111111", 1)


# What is done to a good archive, the file that is named, and a word of the reason.
SPOILT = {
    "path up": (put("../../x.md", b"x"), "../../x.md", "leads out"),
    "absolute": (put("/etc/x.md", b"x"), "/etc/x.md", "leads out"),
    "backslash": (put("courses\\x.md", b"x"), "courses", "leads out"),
    "nul in a name": (put("courses/a\0b.md", b"x"), "courses/a\N{REPLACEMENT CHARACTER}b.md", "leads out"),
    "file and folder": (put(f"{COURSE}/x.md", b"x"), COURSE, "a file and a folder"),
    "zip in it": (put(f"{MEDIA}/more.zip", office("x")), "more.zip", "no text names"),
    "programme": (put(f"{MEDIA}/run.exe", b"MZ"), "run.exe", "kind"),
    "svg with script": (put(f"{MEDIA}/room.svg", SVG), "room.svg", "kind"),
    "xml": (put("courses/telling/manifest.xml", XXE), "manifest.xml", "kind"),
    "packed too tightly": (put(f"{MEDIA}/film.mp4", bytes(3_000_000)), "film.mp4", "tightly"),
    "not utf-8": (put(SECOND, b"---\ntitle: caf\xe9\n---\n"), SECOND, "UTF-8"),
    "unseen": (put(SECOND, b"---\ntitle: a\x00b\n---\n"), SECOND, "cannot be seen"),
    "unseen in quotes": (swap(COURSE, b"title: ", b'title: "a\\0b"\nx: '), COURSE, "cannot be seen"),
    "half a letter": (swap(COURSE, b"title: ", b'title: "a\\ud800b"\nx: '), COURSE, "cannot be seen"),
    "number without end": (swap(LESSON_PATH, b"minutes: 2", b"minutes: " + b"9" * 5_000), LESSON_PATH, "whole number"),
    "name without end": (swap(LESSON_PATH, b"talk.mp4", b"x" * 300 + b".mp4"), LESSON_PATH, "there is no file"),
    "name too long for a topic": (put(f"topics/{'x' * 51}.md", b"---\ntitle: A\n---\nB\n"), "topics/xx", "room for 50"),
    "anchors": (swap(COURSE, b"audience: ", b"audience: &a "), COURSE, "anchors"),
    "html": (swap(LESSON_PATH, b"It is", b"<script>x</script> It is"), LESSON_PATH, "HTML"),
    "missing file": (take(f"{MEDIA}/sheet.pdf"), LESSON_PATH, "there is no file"),
    "stray file": (put(f"{MEDIA}/stray.pdf", b"%PDF-1.4"), "stray.pdf", "no text names"),
    "picture that is a page": (put(f"{MEDIA}/room.png", b"<html>"), "room.png", "not a PNG picture"),
    "picture of another kind": (put(f"{MEDIA}/room.png", b"\xff\xd8\xff\xe0" + PIXEL), "room.png", "not a PNG"),
    "picture and archive": (put(f"{MEDIA}/room.png", PIXEL + office("x")), "room.png", "more than what it shows"),
    "picture that tells where": (put(f"{MEDIA}/room.png", TOLD), "room.png", "more than what it shows"),
    "page named pdf": (sheet("sheet.pdf", b"<html><script>"), "sheet.pdf", "not a PDF"),
    "pdf with script": (sheet("sheet.pdf", b"%PDF-1.4 /OpenAction /JS (x)"), "sheet.pdf", "script"),
    "macro": (sheet("a.docx", office("[Content_Types].xml", "word/vbaProject.bin")), "a.docx", "programmes"),
    "docx that is none": (sheet("a.docx", office("x")), "a.docx", "not what its name says"),
    "text of bytes": (sheet("a.txt", b"\xff\xfe\x00"), "a.txt", "UTF-8"),
    "captions": (put(f"{MEDIA}/talk.vtt", b"hello"), "talk.vtt", "WEBVTT"),
    "video": (put(f"{MEDIA}/talk.mp4", b"hello, hello"), "talk.mp4", "not an mp4"),
    "another course": (put("courses/more/course.md", course_files()[COURSE]), "courses", "one course"),
    "pages too": (put("pages/about.md", b"---\ntitle: About\n---\nHello\n"), "pages/about.md", "brings only itself"),
    "no course": (lambda files: [files.pop(path) for path in [*files] if path.startswith("courses")], "courses", "one"),
    "unknown author": (take("trainers/jo-levi.md"), COURSE, "jo-levi"),
    "twice the same id": (twins, SECOND, "is there twice"),
    "an id that is none": (swap(SECOND, b"key: A1.2", b"key: A1.2\nid: here"), SECOND, "not an identity"),
}


def state():
    """All that an archive could change."""
    models_ = (Page, Revision, Document, Image, models.Topic, models.TrainerProfile, models.DatedFact, models.Loaded)
    return [model.objects.count() for model in models_]


def refused(upload=None, **named):
    arrival = ArrivalFactory(**({"upload": upload} if upload else {}), **named)
    before = state()
    tasks.look(arrival_id=arrival.pk)
    arrival.refresh_from_db()
    assert state() == before
    return arrival.refusal if arrival.state == ArrivalState.REFUSED else f"not refused: {arrival.state}"


@pytest.fixture
def keep(shelf_of_files):
    def kept(packed):
        name = f"uploads/{uuid.uuid4()}.zip"
        (shelf_of_files / "uploads").mkdir(exist_ok=True)
        (shelf_of_files / name).write_bytes(packed)
        return name

    return kept


def test_each_spoilt_archive_is_refused_with_the_file_and_the_reason(keep):
    wrong = {}
    for name, (spoil, file, reason) in SPOILT.items():
        files = course_files()
        spoil(files)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, data in files.items():
                entry = zipfile.ZipInfo("x")
                entry.filename, entry.compress_type = path, zipfile.ZIP_DEFLATED
                archive.writestr(entry, data)
        said = refused(keep(packed.getvalue()))
        if file not in said or reason not in said:
            wrong[name] = said
    assert wrong == {}


def test_links_doubles_broken_and_unreadable_ones_too(keep):
    torn = bytearray(zipped({f"courses/telling/{n}.md": b"x" * 500 for n in range(2)}, zipfile.ZIP_DEFLATED).getvalue())
    torn[torn.index(b"0.md") + len(b"0.md") + 2] ^= 0xFF
    assert "courses/telling/0.md: This file is broken" in refused(keep(bytes(torn)))
    link = zipfile.ZipInfo("courses/telling/link.md")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    linked, doubled = zipped(), zipped()
    with zipfile.ZipFile(linked, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    with zipfile.ZipFile(doubled, "a") as archive:
        archive.writestr("Courses/telling/COURSE.md", "x")
    broken = bytearray(zipped().getvalue())
    at = broken.index(b"A letter") if b"A letter" in broken else broken.index(b"Whose story")
    broken[at] ^= 1
    lying = bytearray(zipped().getvalue())
    entry = lying.rindex(b"PK\x01\x02")
    lying[entry + 24 : entry + 28] = (1).to_bytes(4, "little")
    assert "link" in refused(keep(linked.getvalue()))
    assert "Two files have this name" in refused(keep(doubled.getvalue()))
    assert "broken" in refused(keep(bytes(broken)))
    assert re.search("broken|longer than it says", refused(keep(bytes(lying))))
    assert "isn't a zip file" in refused(keep(b"not a zip"))
    assert "isn't there" in refused("uploads/gone.zip")


def test_an_identity_that_something_else_here_has_is_refused(bring_in):
    bring_in()
    course = models.CoursePage.objects.get()
    lesson = models.LessonPage.objects.get(key="A1.1")
    asked = next(block.value["item_id"] for block in lesson.body if block.block_type == "question")
    course.delete()
    other = WorkshopPageFactory(title="Another thing", identity=lesson.identity)
    taker = LessonPageFactory(title="A taker", key="X1")
    taker.body = [{"type": "reflection", "value": {"prompt": "Why?", "key": "X", "item_id": str(asked)}}]
    taker.save()
    said = refused()
    assert f'the identity {lesson.identity} belongs to "{other.title}" here' in said
    assert f'the identity {asked} belongs to "A taker" here' in said


def test_a_refusal_while_writing_changes_nothing_and_leaves_no_file(settings, monkeypatch):
    arrival = ArrivalFactory(state=ArrivalState.WRITING, foreseen={"steps": []})
    before = state()
    monkeypatch.setattr(models.LessonPage, "save_revision", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tasks.write(arrival_id=arrival.pk)
    assert state() == before
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert Arrival.objects.unscoped(because="a test").get().state == ArrivalState.WRITING


def test_every_kind_of_file_that_a_course_may_hold_is_looked_at():
    from cms.courseformat.bodies import PICTURES
    from cms.courseformat.mediafiles import _LOOKS, PACKAGES

    assert _LOOKS.keys() == {*PICTURES, *PACKAGES, *(ending for endings in FILES.values() for ending in endings)}
