"""A file for a print shop: asked for, made by the worker, handed to the holder and the desk, and cleared away."""

from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from lms.agencies.models import Role
from lms.audit.models import Entry
from lms.certificates import operations, tasks
from lms.certificates.models import MOST_ATTEMPTS, PrintCopy
from tests.certificates.papers import opened
from tests.certificates.reading import words
from tests.factories.agencies import StaffRoleFactory
from tests.factories.certificates import AwardFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shelf_of_files")]
EVERY = PrintCopy.objects.unscoped(because="the test looks on")


@pytest.fixture
def award(client):
    made = AwardFactory()
    client.force_login(made.person)
    return made


def at(name, award):
    return reverse(f"certificates:{name}", args=[award.uuid])


def test_a_holder_asks_waits_and_downloads_it(client, award):
    assert "Make the file" in words(client.get(at("print_copy", award)))
    assert not EVERY.exists()
    assert client.post(at("print_copy", award)).url == at("print_copy", award)
    waiting = client.get(at("print_copy", award))
    assert "being made" in words(waiting)
    assert waiting["Refresh"].startswith("3;")
    assert client.get(at("print_copy_file", award)).url == at("print_copy", award)
    assert tasks.make_copy(copy_id=EVERY.get().pk) == "made"
    ready = client.get(at("print_copy", award))
    assert "It's ready" in words(ready)
    assert "Refresh" not in ready
    made = b"".join(client.get(at("print_copy_file", award)))
    with opened(made) as book:
        assert book.open_metadata()["pdfaid:part"] == "3"


def test_whoever_is_sent_the_copy_can_check_it_even_after_it_was_cleared_away(client, award):
    copy = operations.ask_copy(award=award, actor=award.person, now=timezone.now())
    tasks.make_copy(copy_id=copy.pk)
    made = b"".join(client.get(at("print_copy_file", award)))
    operations.clear_copies(now=timezone.now() + timedelta(days=31))
    for content, said in ((made, "exactly the file that we made"), (made + b" ", "That isn't a file that we made")):
        file = SimpleUploadedFile("from-a-print-shop.pdf", content, content_type="application/pdf")
        assert said in words(client.post(reverse("certificates:check_file"), {"file": file}))


def test_asked_twice_it_is_made_once(client, award):
    client.post(at("print_copy", award))
    client.post(at("print_copy", award))
    assert OrmQ.objects.count() == 1
    copy = EVERY.get()
    assert tasks.make_copy(copy_id=copy.pk) == "made"
    assert tasks.make_copy(copy_id=copy.pk) == "nothing to make"
    client.post(at("print_copy", award))
    assert OrmQ.objects.count() == 1


def test_one_whose_file_is_lost_is_made_anew(client, award):
    copy = operations.ask_copy(award=award, actor=award.person, now=timezone.now())
    tasks.make_copy(copy_id=copy.pk)
    copy.refresh_from_db()
    storages["private"].delete(copy.pdf)
    operations.ask_copy(award=award, actor=award.person, now=timezone.now())
    assert tasks.make_copy(copy_id=copy.pk) == "made"


def test_the_page_does_not_look_for_ever(client, award):
    client.post(at("print_copy", award))
    answer = client.get(at("print_copy", award), {"look": "20"})
    assert "Refresh" not in answer
    assert "longer than usual" in words(answer)
    EVERY.update(render_attempts=MOST_ATTEMPTS)
    assert "Refresh" not in client.get(at("print_copy", award))


@pytest.mark.parametrize("state", ["waiting", "suspended", "replaced", "withdrawn"])
def test_there_is_none_of_what_is_not_in_hand(client, award, state):
    award.state = state
    award.save()
    assert client.get(at("print_copy", award)).status_code == 404
    assert client.post(at("print_copy", award)).status_code == 404
    assert client.get(at("print_copy_file", award)).status_code == 404


def test_nobody_elses_is_handed_out(client, award):
    other = AwardFactory()
    assert client.post(at("print_copy", other)).status_code == 404
    assert not EVERY.exists()


def test_the_desk_has_it_made_for_its_own_people_only(client, award):
    lead = StaffRoleFactory(agency=award.agency, role=Role.SAFEGUARDING_LEAD).person
    client.force_login(lead)
    client.post(at("desk_print_copy", award))
    assert Entry.objects.filter(action="award.copy_asked", actor_id=lead.pk).count() == 1
    tasks.make_copy(copy_id=EVERY.get().pk)
    assert b"".join(client.get(at("desk_print_copy_file", award))).startswith(b"%PDF")
    assert client.post(at("desk_print_copy", AwardFactory())).status_code == 404


def test_copies_are_cleared_away_and_go_with_their_holder(award):
    now = timezone.now()
    copy = operations.ask_copy(award=award, actor=award.person, now=now)
    tasks.make_copy(copy_id=copy.pk)
    copy.refresh_from_db()
    assert operations.clear_copies(now=now + timedelta(days=29)) == 0
    operations.forget_copies(person=award.person)
    assert not EVERY.exists()
    assert operations.clear_copies(now=now + timedelta(days=31)) == 0


def test_a_waiting_copy_is_found_by_the_clock(award):
    operations.ask_copy(award=award, actor=award.person, now=timezone.now())
    OrmQ.objects.all().delete()
    assert operations.wake_press() == 1
    assert OrmQ.objects.count() == 1


def test_holder_and_desk_find_the_way_to_it(client, award):
    award.pdf, award.pdf_sha256 = "x.pdf", "0" * 64
    award.save()
    assert at("print_copy", award) in client.get(at("award", award)).content.decode()
    client.force_login(StaffRoleFactory(agency=award.agency, role=Role.SAFEGUARDING_LEAD).person)
    assert at("desk_print_copy", award) in client.get(at("desk_award", award)).content.decode()


def test_the_desk_is_told_of_a_certificate_that_was_given_up(client, award):
    award.render_attempts = MOST_ATTEMPTS
    award.save()
    client.force_login(StaffRoleFactory(agency=award.agency, role=Role.SAFEGUARDING_LEAD).person)
    assert "The paper could not be made" in words(client.get(at("desk_award", award)))
    assert "Some certificates could not be made" in words(client.get(reverse("dashboard:desk")))
