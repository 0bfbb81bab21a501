"""An agency's design: a few safe choices, seen as a PDF before they are kept, and frozen into what is issued."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.images import ImageFile
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ
from PIL import Image
from wagtail.images import get_image_model

from cms.editors import set_writing_rights
from lms.agencies.models import Role
from lms.certificates import logos, operations, tasks
from lms.certificates.models import Award, AwardKind, CertificateDesign, DesignPreview
from lms.certificates.operations import designing
from lms.certificates.paper import paper, plain_text
from lms.certificates.typesetting import SAMPLE_NAME, order, sample
from tests.certificates.papers import boxes, drawn, opened, paper_award, text_of, tree
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, StaffRoleFactory
from tests.factories.certificates import AwardFactory, claimed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shelf_of_files")]
MINE = DesignPreview.objects.unscoped(because="the test looks on")


def picture(width=400, height=120, kind="PNG", colour=(111, 36, 83, 255)):
    file = io.BytesIO()
    Image.new("RGBA" if kind == "PNG" else "RGB", (width, height), colour[: 4 if kind == "PNG" else 3]).save(file, kind)
    return file.getvalue()


def logo(**how):
    return get_image_model().objects.create(title="Logo", file=ImageFile(io.BytesIO(picture(**how)), name="logo.png"))


def designed(**choices):
    design = CertificateDesign(agency=choices.pop("agency", None) or AgencyFactory(), **choices)
    design.full_clean()
    design.save()
    return design


def made_out(agency, **said):
    return claimed(AwardFactory(waiting=True, agency=agency, **said))


# --- What a certificate takes from it ------------------------------------------------------------------------------


def test_a_certificate_carries_its_agencys_look():
    design = designed(
        logo=logo(),
        accent="#6e9ec3",
        first_name="Ama Okoro",
        first_role="Head of adoption",
        completion_words="who learned about {title} with {agency}",
        closing_words="With thanks from {agency}.",
    )
    award = made_out(design.agency)
    on_it = paper(award)
    assert on_it.lead == f"who learned about {award.title} with {design.agency.name}"
    assert on_it.closing == f"With thanks from {design.agency.name}."
    assert on_it.signatories == [{"name": "Ama Okoro", "role": "Head of adoption"}]
    assert on_it.colours["accent"] != designing.look_for(None, "completion")["colours"]["accent"]
    with opened(drawn(award)) as book:
        figures = [words for tag, words in tree(book.Root.StructTreeRoot.K, []) if tag == "/Figure"]
        assert figures[0] == f"Logo of {design.agency.name}"
        assert len(figures) == 2
    assert on_it.lead in plain_text(award)
    assert "It is not a qualification" in plain_text(award)


def test_the_title_filled_in_is_the_one_its_holder_chose():
    design = designed(completion_words="who finished {title}")
    award = claimed(AwardFactory(waiting=True, agency=design.agency), is_neutral=True)
    assert award.title not in plain_text(award)


def test_later_edits_change_nothing_that_was_issued():
    design = designed(logo=logo(), first_name="Ama Okoro", first_role="Head", closing_words="Well done.")
    award = made_out(design.agency)
    before = drawn(award)
    design.logo.delete()
    design.logo, design.first_name, design.closing_words = None, "Somebody Else", "Other words."
    design.full_clean()
    design.save()
    assert drawn(Award.objects.owned_by(award.person).get(pk=award.pk)) == before
    assert award.says["look"]["version"] == 1
    assert made_out(design.agency).says["look"]["version"] == 2


def test_the_version_counts_changes_and_nothing_else():
    design = designed(closing_words="Well done.")
    design.save()
    assert design.version == 1
    design.closing_words = "Thank you."
    design.save()
    assert design.version == 2


def test_another_agencys_certificates_look_like_the_site():
    designed(closing_words="Well done.")
    award = made_out(AgencyFactory())
    assert "look" not in award.says
    assert paper(award).closing == ""


@pytest.mark.parametrize("kind", AwardKind)
def test_the_most_that_can_be_chosen_fits_on_one_page(kind):
    long = "who came to every part of it, listened to other parents and carers, and shared a lot, too"
    design = designed(
        logo=logo(width=800, height=110),
        first_name="Bartholomew Featherstonehaugh-Cholmondeley",
        first_role="Senior social worker and head of adoption",
        second_name="Wilhelmina Montgomery-Fitzgerald of Wrenbrook",
        second_role="Chair of the panel and of the board of 2026",
        closing_words="With thanks from all of us, from the whole team, and all the families who came along too.",
        **{f"{kind.value}_words": long},
    )
    learned = ["Explain to someone else how a child's brain adapts to danger without calling it broken"] * 4
    award = paper_award(
        kind=kind, agency=design.agency, title="Early trauma and the developing brain, and what helps " * 2
    )
    award.says = {**award.says, "learned": learned, **designing.look_for(design.agency, kind)}
    made = drawn(award)
    placed = boxes(made)
    last = max(bottom for _, _, _, bottom, word in placed if word in {"parenting.", "check."})
    foot = min(top for _, top, _, _, word in placed if word in {"Bartholomew", "Wilhelmina", "Check"})
    assert last < foot
    assert max(right for _, _, right, _, _ in placed) < 297 - 10


# --- What is refused -----------------------------------------------------------------------------------------------


def refusal(**choices):
    with pytest.raises(ValidationError) as refused:
        designed(**choices)
    return refused.value.message_dict


@pytest.mark.parametrize(
    ("choices", "field", "says"),
    [
        ({"completion_words": "for {name}"}, "completion_words", "We don't know {name}"),
        ({"leader_words": "for {length}"}, "leader_words", "We don't know {length}"),
        ({"closing_words": "for {length}"}, "closing_words", "We don't know {length}"),
        ({"closing_words": "{{ 7*7 }}"}, "closing_words", "We don't know"),
        ({"attendance_words": "a {agency"}, "attendance_words", "Use { and } only"),
        ({"attendance_words": "<script>alert(1)</script>"}, "attendance_words", "We can't print < >"),
        ({"attendance_words": "who was assessed"}, "attendance_words", "more than it is"),
        ({"closing_words": "Fully accredited."}, "closing_words", "more than it is"),
        ({"first_name": "Ama Okoro"}, "first_role", "Give both"),
        ({"second_role": "Chair"}, "second_name", "Give both"),
        ({"first_name": "<b>Ama", "first_role": "Head"}, "first_name", "We can't print"),
        ({"accent": "red; }"}, "accent", "not a valid choice"),
    ],
)
def test_what_would_not_do_is_refused_beside_its_box(choices, field, says):
    assert says in " ".join(refusal(**choices)[field])


@pytest.mark.parametrize(
    ("size", "says"),
    [
        ({"width": 4001, "height": 600}, "at most 4000 pixels"),
        ({"width": 59, "height": 59}, "at least 60 pixels"),
        ({"width": 900, "height": 100}, "doesn't fit"),
        ({"width": 100, "height": 300}, "doesn't fit"),
    ],
)
def test_a_logo_of_no_use_is_refused_with_the_reason(size, says):
    assert says in " ".join(refusal(logo=logo(**size))["logo"])


@pytest.mark.parametrize("junk", [b"", b"<svg onload=alert(1)>", b"%PDF-1.7", b"GIF89a"])
def test_what_is_no_picture_is_no_logo(junk):
    with pytest.raises(logos.LogoUnusable):
        logos.keep(io.BytesIO(junk))


def test_a_file_too_large_is_not_even_opened():
    with pytest.raises(logos.LogoUnusable, match="less than 2 MB"):
        logos.keep(io.BytesIO(picture() + b"\0" * logos.LARGEST_FILE))


def test_a_logo_is_kept_small_and_flat():
    sha256, width, height = logos.keep(io.BytesIO(picture(width=3600, height=1200, colour=(0, 0, 0, 0))))
    assert (width, height) == (900, 300)
    kept = Image.open(io.BytesIO(logos.read(sha256)))
    assert (kept.format, kept.mode) == ("JPEG", "RGB")
    assert all(abs(seen - meant) < 3 for seen, meant in zip(kept.getpixel((5, 5)), logos.PAPER, strict=True))


# --- Looking at it before it is kept -------------------------------------------------------------------------------


def writer(role):
    platform = role in {Role.EDITOR, Role.ADMINISTRATOR}
    person = StaffRoleFactory(platform=platform, role=role).person if platform else StaffRoleFactory(role=role).person
    rights = {"trainer": role == Role.TRAINER, "editor": role == Role.EDITOR}
    set_writing_rights(person, **rights, administrator=role == Role.ADMINISTRATOR)
    return person


@pytest.fixture
def editor(client):
    person = writer(Role.EDITOR)
    client.force_login(person)
    return person


def typed(agency, **choices):
    empty = dict.fromkeys(("logo", "accent", "first_name", "first_role", "second_name", "second_role"), "")
    words = dict.fromkeys(("completion_words", "attendance_words", "leader_words", "closing_words"), "")
    return {"agency": agency.pk, **empty, **words, **choices}


def test_an_editor_sees_a_pdf_of_what_they_type_before_it_is_kept(client, editor):
    where = reverse("wagtailsnippets_certificates_certificatedesign:preview_on_add")
    answer = client.post(where, typed(AgencyFactory(), closing_words="Well done, from {agency}."))
    assert answer.json() == {"is_valid": True, "is_available": True}
    assert not CertificateDesign.objects.exists()
    assert MINE.count() == OrmQ.objects.count() == len(AwardKind)
    before = MINE.count()
    page = client.get(where, {"mode": "attendance", "in_preview_panel": "true"}).content.decode()
    preview = MINE.get(kind="attendance")
    assert reverse("certificate_preview", args=[preview.uuid]) in page
    assert MINE.count() == before

    waiting = client.get(reverse("certificate_preview", args=[preview.uuid]))
    assert waiting["Refresh"] == "1"
    assert waiting["X-Frame-Options"] == "SAMEORIGIN"
    assert tasks.make_preview(preview_id=preview.pk) == "made"
    ready = client.get(reverse("certificate_preview", args=[preview.uuid]))
    assert "Refresh" not in ready
    file = client.get(reverse("certificate_preview_file", args=[preview.uuid]))
    said = " ".join(text_of(b"".join(file)).split())
    assert "Well done, from" in said
    assert SAMPLE_NAME in said
    assert "Record of attendance" in said


def test_the_same_look_is_drawn_once_and_another_anew(editor):
    design = CertificateDesign(agency=AgencyFactory(), closing_words="One.")
    for _ in range(2):
        assert operations.ask_previews(design=design, asked_by=editor, now=timezone.now())
    assert MINE.count() == len(AwardKind)
    design.closing_words = "Two."
    operations.ask_previews(design=design, asked_by=editor, now=timezone.now())
    assert MINE.count() == 2 * len(AwardKind)


def test_a_sample_is_nobodys_and_its_code_is_unknown(client, editor):
    operations.ask_previews(design=CertificateDesign(), asked_by=editor, now=timezone.now())
    asked = order(sample(MINE.first()))
    assert editor.display_name not in asked.page
    assert client.get(asked.address.partition("8000")[2] or asked.address).status_code == 404


def test_hostile_words_are_refused_and_not_drawn(client, editor):
    where = reverse("wagtailsnippets_certificates_certificatedesign:preview_on_add")
    answer = client.post(where, typed(AgencyFactory(), closing_words="<img src=x onerror=alert(1)> {secret}"))
    assert answer.json() == {"is_valid": False, "is_available": False}
    assert not MINE.exists()


def test_who_asks_too_often_waits(client, editor, monkeypatch):
    monkeypatch.setitem(designing.MOST_PREVIEWS, "times", 1)
    where = reverse("wagtailsnippets_certificates_certificatedesign:preview_on_add")
    client.post(where, typed(AgencyFactory()))
    client.post(where, typed(AgencyFactory(), closing_words="Another."))
    assert MINE.count() == len(AwardKind)
    assert "Wait a few minutes" in client.get(where, {"mode": "leader"}).content.decode()


@pytest.mark.parametrize("name", ["certificate_preview", "certificate_preview_file"])
def test_nobody_sees_anothers_preview(client, editor, name):
    operations.ask_previews(design=CertificateDesign(agency=AgencyFactory()), asked_by=editor, now=timezone.now())
    where = reverse(name, args=[MINE.first().uuid])
    client.force_login(writer(Role.EDITOR))
    assert client.get(where).status_code == 404
    client.force_login(writer(Role.TRAINER))
    assert client.get(where).status_code == 404
    client.force_login(PersonFactory())
    assert client.get(where).status_code in {302, 404}


def test_editors_and_administrators_design_and_trainers_do_not(client):
    listing = reverse("wagtailsnippets_certificates_certificatedesign:list")
    for role in (Role.EDITOR, Role.ADMINISTRATOR):
        client.force_login(writer(role))
        assert client.get(listing).status_code == 200
    client.force_login(writer(Role.TRAINER))
    assert client.get(listing).status_code == 302


def test_a_refused_design_comes_back_with_the_reason(client, editor):
    where = reverse("wagtailsnippets_certificates_certificatedesign:add")
    answer = client.post(where, typed(AgencyFactory(), closing_words="for {name}"))
    assert "We don&#x27;t know {name}" in answer.content.decode()
    answer = client.post(where, typed(AgencyFactory(), closing_words="Thank you."))
    assert answer.status_code == 302
    assert CertificateDesign.objects.get().closing_words == "Thank you."
