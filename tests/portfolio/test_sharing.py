"""One entry is shown to one named person, as a copy, until its owner takes it back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lms.agencies import operations as agencies
from lms.agencies.models import Membership, Role, StaffRole
from lms.audit.models import Entry
from lms.courses import operations as courses
from lms.outbox.models import Message
from lms.portfolio import operations, writers
from lms.portfolio.models import PlanDay, SharedEntry
from tests.factories.accounts import AdministratorFactory, PersonFactory
from tests.factories.agencies import StaffRoleFactory
from tests.factories.courses import ReflectionFactory
from tests.portfolio.conftest import LATER, WROTE


@pytest.fixture
def note(walk):
    return walk.writes(walk.first, WROTE)


@pytest.fixture
def shown(walk, note, trainer):
    return operations.share(owner=walk.person, note=note.uuid, reader=trainer.pk, agency=walk.agency.pk, now=LATER)


def at_desk(client, reader, shown):
    client.force_login(reader)
    return client.get(reverse("portfolio:desk_entry", args=[shown.uuid]))


def test_the_reader_sees_that_entry_and_no_other(client, walk, shown, trainer):
    walk.writes(walk.second, "Nobody is shown these other words.")
    page = at_desk(client, trainer, shown).content.decode()
    assert WROTE in page
    assert "other words" not in page
    listed = client.get(reverse("portfolio:desk_entries")).content.decode()
    assert shown.prompt in listed
    assert WROTE not in listed


@pytest.mark.parametrize("role", [Role.TRAINER, Role.COORDINATOR, Role.MANAGER, Role.SAFEGUARDING_LEAD])
def test_no_colleague_of_the_reader_sees_it(client, walk, shown, role):
    colleague = StaffRoleFactory(agency=walk.agency, role=role).person
    assert at_desk(client, colleague, shown).status_code == 404


def test_nobody_else_sees_it(client, shown):
    for somebody in (PersonFactory(), AdministratorFactory(), StaffRoleFactory(role=Role.TRAINER).person):
        assert at_desk(client, somebody, shown).status_code == 404


def test_it_is_a_copy_as_it_was(client, walk, note, shown, trainer):
    courses.change_note(owner=walk.person, note=note.uuid, body="What I changed is mine.", now=LATER)
    page = at_desk(client, trainer, shown).content.decode()
    assert WROTE in page
    assert "changed is mine" not in page


def _withdrawn(walk, note, trainer, shown):
    operations.withdraw(owner=walk.person, shared=shown.uuid, now=LATER)


def _deleted(walk, note, trainer, shown):
    courses.delete_note(owner=walk.person, note=note.uuid)


def _reader_works_elsewhere(walk, note, trainer, shown):
    StaffRole.objects.owned_by(trainer).update(revoked_at=LATER)
    StaffRoleFactory(person=trainer, role=Role.TRAINER)


def _agency_no_longer_knows_them(walk, note, trainer, shown):
    agencies.revoke(membership=Membership.objects.owned_by(walk.person).get(), actor=None, now=LATER)


def _account_is_gone(walk, note, trainer, shown):
    walk.person.delete()


ENDINGS = (_withdrawn, _deleted, _reader_works_elsewhere, _agency_no_longer_knows_them, _account_is_gone)


@pytest.mark.parametrize("ends", ENDINGS, ids=lambda ends: ends.__name__.strip("_"))
def test_once_it_ended_no_address_shows_it_and_its_letter_is_not_sent(client, walk, note, shown, trainer, ends):
    page, read = (reverse(f"portfolio:{name}", args=[shown.uuid]) for name in ("desk_entry", "desk_read"))
    letter = Message.objects.get(kind="entry_shared")
    client.force_login(trainer)
    assert client.get(page).status_code == 200
    ends(walk, note, trainer, shown)
    assert (client.get(page).status_code, client.post(read).status_code) == (404, 404)
    assert shown.prompt not in client.get(reverse("portfolio:desk_entries")).text
    assert writers.entry_shared(letter) is None
    is_kept = SharedEntry.objects.unscoped(because="a test").exists()
    assert is_kept is (ends is _reader_works_elsewhere)  # for its owner to see, and read by nobody


def test_nobody_takes_back_or_marks_as_read_what_is_not_theirs(client, walk, shown, trainer):
    withdraw, read = (reverse(f"portfolio:{name}", args=[shown.uuid]) for name in ("withdraw", "desk_read"))
    colleague = StaffRoleFactory(agency=walk.agency, role=Role.TRAINER).person
    for somebody, where in ((trainer, withdraw), (colleague, read), (walk.person, read), (PersonFactory(), withdraw)):
        client.force_login(somebody)
        assert client.post(where).status_code == 404
    assert SharedEntry.objects.owned_by(walk.person).get().read_at is None


def test_only_trainers_and_coordinators_of_the_own_agency_can_be_chosen(client, walk, note, trainer):
    manager = StaffRoleFactory(agency=walk.agency, role=Role.MANAGER)
    elsewhere = StaffRoleFactory(role=Role.TRAINER)
    client.force_login(walk.person)
    page = reverse("portfolio:share", args=[note.uuid])
    shown = client.get(page).content.decode()
    assert trainer.display_name in shown
    assert "for emergencies" in shown
    assert f"{manager.person_id}-{walk.agency.pk}" not in shown
    for row in (manager, elsewhere):
        assert client.post(page, {"reader": f"{row.person_id}-{row.agency_id}"}).status_code == 422
        with pytest.raises(operations.NotAReader):
            operations.share(owner=walk.person, note=note.uuid, reader=row.person_id, agency=row.agency_id, now=LATER)
    for wrong in ("", "x", "-", "\u202e🧵" * 50):
        assert client.post(page, {"reader": wrong}).status_code == 422
    assert client.post(page, {"reader": f"{trainer.pk}-{walk.agency.pk}"}).status_code == 302


def test_nobody_shares_the_note_of_somebody_else(client, walk, trainer):
    client.force_login(walk.person)
    page = reverse("portfolio:share", args=[ReflectionFactory().uuid])
    assert client.post(page, {"reader": f"{trainer.pk}-{walk.agency.pk}"}).status_code == 404


def test_shared_twice_it_is_one_copy_of_now(walk, note, shown, trainer):
    courses.change_note(owner=walk.person, note=note.uuid, body="Newer words of mine.", now=LATER)
    operations.share(owner=walk.person, note=note.uuid, reader=trainer.pk, agency=walk.agency.pk, now=LATER)
    assert SharedEntry.objects.owned_by(walk.person).get().body == "Newer words of mine."


def test_the_owner_sees_who_has_it_and_when_it_was_read(client, walk, shown, trainer):
    client.force_login(walk.person)
    mine = reverse("portfolio:shared")
    assert f"{trainer.display_name} can read it" in client.get(mine).content.decode()
    for _ in range(2):
        operations.say_read(reader=trainer, shared=shown.uuid, now=LATER)
    assert f"Read by {trainer.display_name}" in client.get(mine).content.decode()
    deeds = Entry.objects.filter(target=f"shared_entry:{shown.pk}").order_by("pk").values_list("action", flat=True)
    assert list(deeds) == ["entry.shared", "entry.read"]


def test_the_letter_says_nothing_of_it_and_is_not_sent_once_it_was_taken_back(walk, shown, trainer):
    letter = Message.objects.get(kind="entry_shared")
    assert letter.person_id == trainer.pk
    words = writers.entry_shared(letter)
    said = f"{words.subject} {words.text} {words.html}"
    assert walk.person.display_name not in said
    assert "adopt" not in words.subject.lower()
    operations.withdraw(owner=walk.person, shared=shown.uuid, now=LATER)
    assert writers.entry_shared(letter) is None


# --- Days for a plan -----------------------------------------------------------------------------


def test_a_day_set_for_a_plan_brings_one_letter_that_morning_if_it_was_asked_for(walk):
    line = walk.plans("I ring my sister on Friday.")
    on = timezone.localdate(LATER)
    early, later = LATER.replace(hour=5), LATER.replace(hour=9)
    operations.set_day(owner=walk.person, note=line.uuid, on=on, by_letter=False, now=early)
    assert operations.remind(now=later) == 0
    operations.set_day(owner=walk.person, note=line.uuid, on=on, by_letter=True, now=early)
    assert [operations.remind(now=moment) for moment in (early, later, later)] == [0, 1, 0]
    letter = Message.objects.get(kind="plan_day")
    words = writers.plan_day(letter)
    assert "sister" not in f"{words.subject} {words.text} {words.html}"
    operations.forget_day(owner=walk.person, note=line.uuid)
    assert writers.plan_day(letter) is None


def test_a_day_is_set_on_its_page_and_only_for_a_plan(client, walk, note):
    line = walk.plans("I ring my sister on Friday.")
    client.force_login(walk.person)
    page = reverse("portfolio:day", args=[line.uuid])
    tomorrow = timezone.localdate() + timedelta(days=1)
    for wrong in ("", "soon", "2001-01-01", "9999-12-31"):
        assert client.post(page, {"on": wrong}).status_code == 422
    assert client.post(page, {"on": tomorrow.isoformat()}).status_code == 302
    assert PlanDay.objects.owned_by(walk.person).get().on == tomorrow
    assert client.get(page).status_code == 200
    assert client.post(reverse("portfolio:forget_day", args=[line.uuid])).status_code == 302
    assert client.get(reverse("portfolio:day", args=[note.uuid])).status_code == 404
