"""Documents, in parts and with rights; pictures, without what they tell."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.urls import reverse
from PIL import Image as Drawing
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection, CollectionViewRestriction

from cms.pictures import redrawn
from tests.factories.accounts import PersonFactory

CLIP = bytes(range(256)) * 8


def read(answer):
    """All of a file's answer: read to its end, it closes the file behind it."""
    return b"".join(answer.streaming_content)


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("cms.views.PICTURES", tmp_path / "images")


@pytest.fixture
def clip(db):
    return Document.objects.create(title="Clip", file=ContentFile(CLIP, name="clip.mp4"))


def test_a_video_can_be_read_from_anywhere_in_it(client, clip):
    whole = client.get(clip.url)
    assert (whole.status_code, read(whole)) == (200, CLIP)
    part = client.get(clip.url, headers={"Range": "bytes=100-199"})
    assert part.status_code == 206
    assert part["Content-Range"] == f"bytes 100-199/{len(CLIP)}"
    assert read(part) == CLIP[100:200]
    last = client.get(clip.url, headers={"Range": "bytes=-5"})
    assert read(last) == CLIP[-5:]
    assert client.get(clip.url, headers={"Range": "bytes=999999-"}).status_code == 416
    assert read(client.get(clip.url, headers={"Range": f"bytes={'9' * 5_000}-"})) == CLIP
    assert client.get(reverse("words:picture", args=[f"{'x' * 300}.png"])).status_code == 404


def test_a_file_is_what_we_say_it_is(client, clip):
    answer = client.get(clip.url)
    assert read(answer)
    assert answer["Content-Type"] == "video/mp4"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "attachment" not in answer.get("Content-Disposition", "")
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("name", ["notes.txt", "notes.docx", "page.html"])
def test_what_is_not_shown_in_place_is_saved(client, db, name):
    document = Document.objects.create(title="Notes", file=ContentFile(b"<script>alert(1)</script>", name=name))
    answer = client.get(document.url)
    assert read(answer)
    assert "attachment" in answer["Content-Disposition"]


def test_a_restricted_file_is_not_handed_out(client, clip):
    private = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    Document.objects.filter(pk=clip.pk).update(collection=private)
    assert client.get(clip.url).status_code == 302
    client.force_login(PersonFactory())
    assert read(client.get(clip.url)) == CLIP


def test_another_name_or_number_finds_nothing(client, clip):
    assert client.get(f"/documents/{clip.pk}/other.mp4").status_code == 404
    assert client.get("/documents/99999/clip.mp4").status_code == 404


def photo(kind="JPEG", size=(60, 40), *, orientation=6, mode="RGB"):
    picture = Drawing.new(mode, size)
    exif = Drawing.Exif()
    exif[0x010E] = "Garden of 3 Example Lane"
    exif[0x0112] = orientation
    exif.get_ifd(0x8825)[2] = (53.0, 44.0, 1.0)
    out = BytesIO()
    picture.save(out, format=kind, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp")])
def test_a_photo_no_longer_says_where_it_was_taken(db, kind, name):
    image = Image.objects.create(title="Garden", file=ImageFile(BytesIO(photo(kind)), name=name))
    image.refresh_from_db()
    with open(image.file.path, "rb") as file:
        stored = file.read()
    assert b"Example Lane" not in stored
    with Drawing.open(BytesIO(stored)) as picture:
        assert not picture.getexif()
        assert picture.format == kind
        assert picture.size == (40, 60), "it stands as it was held"
    assert (image.width, image.height) == (40, 60)
    assert image.file_size == len(stored)


def test_saving_a_picture_again_leaves_it_alone(db):
    image = Image.objects.create(title="Garden", file=ImageFile(BytesIO(photo()), name="a.jpg"))
    with open(image.file.path, "rb") as file:
        stored = file.read()
    image.title = "Another title"
    image.save()
    with open(image.file.path, "rb") as file:
        assert file.read() == stored


@pytest.mark.parametrize("mode", ["RGBA", "L", "LA", "P", "1"])
def test_a_picture_of_any_colours_stays_a_picture(mode):
    with Drawing.open(redrawn(BytesIO(photo("PNG", orientation=1, mode=mode)))) as picture:
        assert (picture.mode, picture.size) == (mode, (60, 40))


def test_a_moving_picture_keeps_moving_and_tells_nothing():
    frames = [Drawing.new("RGB", (8, 8), colour) for colour in ("red", "blue", "green")]
    out = BytesIO()
    frames[0].save(out, format="GIF", save_all=True, append_images=frames[1:], comment=b"3 Example Lane")
    clean = redrawn(BytesIO(out.getvalue()))
    assert b"Example Lane" not in clean.read()
    with Drawing.open(clean) as picture:
        assert picture.n_frames == 3


@pytest.mark.parametrize("data", [b"", b"not a picture", photo()[:200], b"\x89PNG\r\n\x1a\n" + b"\0" * 50])
def test_what_is_no_picture_is_refused_in_words(data):
    with pytest.raises(ValidationError, match="can't read that picture"):
        redrawn(BytesIO(data))


def test_only_the_sizes_that_pages_show_can_be_fetched(client, db, tmp_path):
    image = Image.objects.create(title="Garden", file=ImageFile(BytesIO(photo()), name="a.jpg"))
    shown = tmp_path / "images" / "a.width-20.jpg"
    shown.parent.mkdir()
    shown.write_bytes(photo(size=(20, 30)))
    answer = client.get("/media/images/a.width-20.jpg")
    assert read(answer) == shown.read_bytes()
    assert answer["Content-Type"] == "image/jpeg"
    assert "max-age" in answer["Cache-Control"]
    for url in (image.file.url, "/media/images/a.jpg", "/media/images/..%2foriginal_images%2fa.jpg",
                "/media/images/.htaccess", "/media/original_images/a.jpg"):  # fmt: skip
        assert client.get(url).status_code == 404
