"""Lists of people: read, looked through, done part by part, and forgotten."""

import csv
import os
import signal
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from lms.agencies.models import Role, StaffRole
from lms.courses import jobs, operations, rules
from lms.courses.models import Cohort, CourseInvitation, Enrolment, ListLine, PeopleList
from lms.courses.operations import uploading
from lms.outbox.models import Message
from tests.courses.browsing import words
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import MembershipFactory, StaffRoleFactory
from tests.factories.courses import BEFORE, EnrolmentFactory, PeopleListFactory, course_of, plain_outline
from tests.trust.processes import until, worker

pytestmark = pytest.mark.django_db
NEWCOMER = "newcomer.canary@example.org"
PEOPLE = 1_000  # in four parts
invitations = CourseInvitation.objects.unscoped(because="a test")
lines = ListLine.objects.unscoped(because="a test").order_by("people", "number")


@pytest.fixture
def course():
    return course_of(plain_outline(open_to="approval"))


def group_of(course, agency, name="Autumn", capacity=None):
    return Cohort.objects.create(course=course, agency=agency, name=name, capacity=capacity, created_at=BEFORE)


def send(desk, course, agency, data):
    file = SimpleUploadedFile("list.csv", data if isinstance(data, bytes) else data.encode())
    answer = desk.post(f"/desk/courses/{course.pk}/list/", {"agency": agency.pk, "file": file})
    for line in lines.all():
        line.save()  # rows that are written at once make no canary
    return answer


def newest():
    return PeopleList.objects.unscoped(because="a test").latest("pk")


def done(desk, page):
    assert desk.post(f"{page}do/").status_code == 302
    assert newest().state == "done"


def results(desk, page):
    text = b"".join(desk.get(f"{page}result/").streaming_content).decode("utf-8-sig")
    return {row["line"]: (row["email"], row["result"]) for row in csv.DictReader(text.splitlines())}


def test_each_line_is_foreseen_then_done_and_the_second_time_changes_nothing(desk, course, agency, monkeypatch):
    monkeypatch.setattr(uploading, "IN_A_PART", 2)
    group_of(course, agency)
    full = group_of(course, agency, "Full", capacity=1)
    there = EnrolmentFactory(course=course, agency=agency, cohort=full).person.email
    asks, waits = (MembershipFactory(agency=agency).person for _ in range(2))
    for person in (asks, waits):
        operations.enrol(person=person, course=course, now=BEFORE)
    text = (
        f"Email;Group;Name\n{NEWCOMER};autumn;Zoë\n{there};;\n{NEWCOMER};;\n"
        f"late.canary@example.org;Full;\n{asks.email};Autumn;\n{waits.email};Full;\n'=cmd@example.org;;\n"
    )
    page = send(desk, course, agency, text)["Location"]
    seen = words(desk.get(page))
    for said in ("Will be invited", "On the course already", "The same address as on line 2", "waiting list", "let in"):
        assert said in seen
    assert (invitations.count(), "Zoë" in str(list(lines.values()))) == (0, False)
    done(desk, page)
    assert results(desk, page) == {
        "2": (NEWCOMER, "done"),
        "3": (there, "already there"),
        "4": (NEWCOMER, "counted once"),
        "5": ("late.canary@example.org", "waiting list"),
        "6": (asks.email, "done"),
        "7": (waits.email, "waiting list"),
        "8": ("'=cmd@example.org", "done"),
    }
    assert [Enrolment.objects.owned_by(one).get().state for one in (asks, waits)] == ["active", "waiting"]
    assert set(invitations.values_list("address", "cohort__name")) == {
        (NEWCOMER, "Autumn"),
        ("late.canary@example.org", "Full"),
        ("=cmd@example.org", None),
    }
    assert desk.post(f"{page}do/").status_code == 422
    letters = Message.objects.count()
    again = send(desk, course, agency, text)["Location"]
    assert "nothing to do" in words(desk.get(again))
    done(desk, again)
    assert {said for _, said in results(desk, again).values()} == {"already there", "counted once"}
    assert (invitations.count(), Message.objects.count()) == (3, letters)


def test_one_wrong_line_stops_the_whole_list_and_is_named_with_its_column(desk, course, agency):
    group_of(course, agency)
    over = group_of(course, agency, "Last year")
    Cohort.objects.unscoped(because="a test").filter(pk=over.pk).update(ends_on=BEFORE - timedelta(days=1))
    data = f"email,group\n{NEWCOMER},Autumn\nnobody,\nfourth@example.org,Nowhere\nO\u2019Neill@example.org,\n"
    data += "sixth@example.org,Last year\n"
    page = send(desk, course, agency, data.encode("cp1252"))["Location"]
    seen = words(desk.get(f"{page}?show=fault"))
    assert "4 lines need a look" in seen
    assert "Group: The last day of this group is over" in seen
    assert "Email: This doesn't look like" in seen
    assert "Group: there's no group" in seen
    assert "o\u2019neill@example.org" in seen
    assert desk.post(f"{page}do/").status_code == 422
    assert newest().state == "ready"
    assert not invitations.exists()
    assert desk.post(f"{page}drop/").status_code == 302
    assert desk.get(page).status_code == 404
    assert not lines.exists()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"email\nfine@example.org\nn\x81\xe9@example.org\n", "Line 3"),
        (b"email\nfine@example.org\nn\x00@example.org\n", "Line 3"),
        (b"name\nRobin\n", "name the columns"),
        (b"email\n", "names nobody"),
        (b"email,Agency ID\na@example.org,1\n", "“Agency ID”"),
        (b"email,is_staff\na@example.org,1\n", "“is_staff”"),
        (b"email,x\na@example.org" + b"," * 1_000_000, "Line 2 has more than 100 columns"),
        (b"email\n" + b"a@example.org\n" * 10_001, "more than 10,000 lines"),
        (b"email\n" + b"x" * 200_000, "Line 2 can't be read"),
        (b"email\n" + b"x" * 2_000_001, "too large"),
        (b'email,name\na@example.org,"Anna\nb@example.org,Ben\n', "Look for a quotation mark"),
        (b'email,name\na@example.org,"Anna\nb@example.org,"Ben"\n', "Look for a quotation mark"),
        (b"", "empty"),
        (b"\xff\xfe\x00", "Line 1"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_line(desk, course, agency, data, says):
    answer = send(desk, course, agency, data)
    assert answer.status_code == 422
    assert says in words(answer)
    assert not lines.exists()


def test_lists_are_read_however_a_spreadsheet_keeps_them():
    for text in ("E-mail\tGroup\nA@b.org\tO\u2019Neill", 'email,group\r\n"a@b.org","O\u2019Neill"\r\n\r\n'):
        for data in (text.encode("utf-8-sig"), text.encode("utf-16"), text.encode("cp1252")):
            line = rules.lines_of(rules.decoded(data))[0]
            assert (line.number, line.address, line.group, line.problem) == (2, "a@b.org", "O\u2019Neill", "")
    of_old_macs = rules.lines_of(rules.decoded(b"email;group\rA@b.org;'Twas\rb@b.org;'=Sia\xcc\x82n\r'c@b.org;\r"))
    assert [(line.number, line.address, line.group) for line in of_old_macs] == [
        (2, "a@b.org", "'Twas"),
        (3, "b@b.org", "=Si\u00e2n"),
        (4, "c@b.org", ""),
    ]


def test_an_address_is_nobody_elses_by_how_it_is_put_in_lower_case():
    for letter in "\u212a\u0131\u0130\u017f\uff4b":  # of Kelvin, without and with a dot, long, wide
        assert rules.lines_of(f"email\nir{letter}@example.org")[0].problem


def test_a_long_list_shows_how_far_it_is_and_costs_the_same_however_long(
    desk, course, agency, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(uploading, "AT_ONCE", 2)
    monkeypatch.setattr(uploading, "IN_A_PART", 2)
    monkeypatch.setattr(uploading, "IN_A_TASK", 1)
    page = send(desk, course, agency, "email\n" + "".join(f"long{n}@example.org\n" for n in range(5)))["Location"]
    assert uploading.go_on(list_id=newest().pk) == "more to do"
    at_work = desk.get(page).text
    assert "2 of 5 lines so far" in at_work
    assert "Look again" in at_work  # without JavaScript
    part = desk.get(page, headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith("<div")
    assert desk.post(f"{page}do/").status_code == 200  # not ready: how far it is, again
    while uploading.go_on(list_id=newest().pk) == "more to do":
        pass
    assert desk.get(page, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "Go on: 5 people" in words(desk.get(page))
    for _ in range(2):
        with django_assert_num_queries(7):
            desk.get(page)
        more = (ListLine(people=newest(), number=n, address=f"m{n}@x.org", outcome="new") for n in range(10, 140))
        ListLine.objects.bulk_create(more, ignore_conflicts=True)


def test_what_cannot_be_done_is_refused_in_words_and_keeps_back_no_other(desk, course, agency):
    staff = StaffRole.objects.unscoped(because="a test").get(agency=agency).person
    MembershipFactory(person=staff, agency=agency)
    operations.enrol(person=staff, course=course, now=BEFORE)
    renamed = group_of(course, agency)
    text = f"email,group\n{staff.email},\n{NEWCOMER},\nother.canary@example.org,Autumn\n"
    page = send(desk, course, agency, text)["Location"]
    Cohort.objects.unscoped(because="a test").filter(pk=renamed.pk).update(name="Winter")
    done(desk, page)
    assert [one for _, one in results(desk, page).values()] == ["refused", "done", "refused"]
    seen = words(desk.get(page))
    assert "Nobody decides about themselves" in seen
    assert "there's no group with this name" in seen


def test_a_part_is_done_whole_or_not_at_all_and_the_clock_goes_on(desk, course, agency, monkeypatch):
    monkeypatch.setattr(uploading, "IN_A_PART", 2)
    page = send(desk, course, agency, "email\n" + "".join(f"part{n}@example.org\n" for n in range(4)))["Location"]
    monkeypatch.setattr(uploading, "AT_ONCE", 2)
    desk.post(f"{page}do/")
    with monkeypatch.context() as broken:
        broken.setattr(uploading, "_became", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            uploading.go_on(list_id=newest().pk)
    assert (invitations.count(), Message.objects.count()) == (0, 0)
    now = timezone.now()
    assert operations.wake_lists(now=now) == 0
    assert operations.wake_lists(now=now + timedelta(minutes=3)) == 1
    uploading.go_on(list_id=newest().pk)
    assert (invitations.count(), newest().state) == (4, "done")


def test_lists_are_forgotten_after_two_weeks_and_with_whoever_is_in_them(agency, course, now):
    person = PersonFactory()
    kept, left, over = (PeopleListFactory(agency=agency, course=course, sent_at=now) for _ in range(3))
    lists = PeopleList.objects.unscoped(because="a test")
    old = now - jobs.KEEP_LISTS - timedelta(days=1)
    lists.filter(pk=left.pk).update(sent_at=old)
    lists.filter(pk=over.pk).update(sent_at=old, state="done", ended_at=now)
    ListLine.objects.create(people=kept, number=3, address=person.email, outcome="new")
    operations.forget_lines(person, now)
    assert operations.forget_lists(before=now - jobs.KEEP_LISTS) == 1
    assert set(lists.values_list("pk", flat=True)) == {kept.pk, over.pk}
    assert not lines.filter(address=person.email).exists()
    assert lines.count() == 2


def test_nobody_says_yes_for_an_agency_they_left(desk, course, agency, monkeypatch):
    page = send(desk, course, agency, f"email\n{NEWCOMER}\n")["Location"]
    monkeypatch.setattr(uploading, "AT_ONCE", 0)
    desk.post(f"{page}do/")
    StaffRole.objects.unscoped(because="a test").filter(agency=agency).delete()
    uploading.go_on(list_id=newest().pk)
    assert lines.get().outcome == "refused"
    assert not invitations.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_killed_worker_is_followed_by_another_and_nobody_is_invited_twice(agency, course, tmp_path):
    folders = [tmp_path / name for name in ("first", "second")]
    for folder in folders:
        folder.mkdir()
    staff = StaffRoleFactory(agency=agency, role=Role.COORDINATOR).person
    sent = [rules.ListLine(number, f"person{number}@example.org") for number in range(2, PEOPLE + 2)]
    people = operations.take_list(course=course, agency=agency, lines=sent, actor=staff, now=timezone.now())
    with worker(folders[0]) as first:
        until(lambda: newest().state == "ready")
        operations.confirm_list(people=people, actor=staff, now=timezone.now())
        until(lambda: lines.filter(is_done=True).exists())
        os.killpg(first.pid, signal.SIGKILL)
    left = lines.filter(is_done=False).count()
    assert 0 < left < PEOPLE
    assert invitations.count() == PEOPLE - left
    assert operations.wake_lists(now=timezone.now() + uploading.LEFT_ALONE) == 1
    with worker(folders[1]):
        until(lambda: newest().state == "done")
    assert dict(lines.counted()) == {"done": PEOPLE}
    assert invitations.count() == Message.objects.values("address").distinct().count() == PEOPLE
