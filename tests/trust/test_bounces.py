"""A letter that comes back after it was taken: whose it was is known, told, and nobody can make it up."""

import sys
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from lms.agencies.models import Membership, Role
from lms.outbox import bounces, mail, returning
from lms.outbox.models import AddressWarning, Message, State
from tests.factories.agencies import MembershipFactory, StaffRoleFactory

pytestmark = pytest.mark.django_db
BOX = "bounces@learn.hearth.example"

# As Postfix writes it, shortened.
DSN = """From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="B"

--B
Content-Description: Notification

This is the mail system at host mx.example.org.

--B
{told}

--B
Content-Type: text/rfc822-headers

Return-Path: <{to}>
Subject: About your account

--B--
"""
DELIVERY = """Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; somebody.else@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 no such user"""
COMPLAINT = """Content-Type: message/feedback-report

Feedback-Type: abuse
Original-Mail-From: <{to}>"""


@pytest.fixture
def person(settings):
    settings.LMS_BOUNCES_TO = BOX
    return MembershipFactory().person


@pytest.fixture
def letter(person):
    now = timezone.now()
    facts = {"kind": "booking_confirmed", "once": "x", "subject": "Hello", "text": "Words", "created_at": now}
    dates = {"not_before": now, "sent_at": now, "state": State.SENT}
    return Message.objects.create(address=person.email, person_id=person.pk, **facts, **dates)


def report(to, status="5.1.1", action="failed"):
    return DSN.format(to=to, kind="delivery-status", told=DELIVERY.format(action=action, status=status))


def complaint(to):
    return DSN.format(to="abuse@hearth.example", kind="feedback-report", told=COMPLAINT.format(to=to))


def come_back(raw, monkeypatch, **options):
    """Hand a mail to the command, as the mail server does."""
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(raw.encode("utf-8", "surrogateescape"))))
    said = StringIO()
    call_command("read_bounce", stdout=said, **options)
    return said.getvalue().strip()


def sent_from(letter):
    return mail.build(letter).from_email


def standing(letter):
    letter.refresh_from_db()
    return letter.state, letter.fault, AddressWarning.objects.count()


def test_a_letter_that_comes_back_is_told_to_staff_and_to_its_reader(client, person, letter, monkeypatch):
    assert mail.build(letter).message()["From"] == mail.settings.DEFAULT_FROM_EMAIL
    assert sent_from(letter).startswith("bounces+")
    for _ in range(2):
        assert come_back(report(sent_from(letter)), monkeypatch) == "5.1.1"
    assert standing(letter) == (State.FAILED, "bounce 5.1.1", 1)
    staff = StaffRoleFactory(agency=Membership.objects.owned_by(person).get().agency, role=Role.COORDINATOR).person
    client.force_login(staff)
    page = client.get(reverse("dashboard:letters")).content.decode()
    assert "It went out and came back" in page
    assert f"{person.display_name}, {person.email[0]}...@example.org: e-mails come back" in page
    assert "reach you by e-mail" not in client.get("/my/").content.decode()
    client.force_login(person)
    assert "reach you by e-mail" in client.get("/my/").content.decode()
    client.post(reverse("outbox:works"))
    assert "reach you by e-mail" not in client.get("/my/").content.decode()


@pytest.mark.parametrize(
    ("status", "action", "expected"),
    [
        ("5.2.2", "failed", (State.FAILED, "bounce 5.2.2", 0)),  # full: the letter is lost, the address is not
        ("4.2.2", "delayed", (State.SENT, "", 0)),
        ("2.0.0", "delivered", (State.SENT, "", 0)),
        ("5.1.1\x00" + "9" * 400, "failed", (State.SENT, "", 0)),
    ],
)
def test_only_what_is_final_counts(letter, monkeypatch, status, action, expected):
    come_back(report(sent_from(letter), status, action), monkeypatch)
    assert standing(letter) == expected


def test_who_calls_a_letter_spam_is_told_to_staff_and_stays_within_reach(person, letter, monkeypatch):
    assert come_back(complaint(sent_from(letter)), monkeypatch) == "complaint"
    assert standing(letter) == (State.SENT, "", 1)
    assert bounces.warning_of(person.email) is None


def test_of_somebody_without_an_account_nothing_is_kept(letter, monkeypatch):
    letter.person_id = None
    letter.save()
    come_back(report(sent_from(letter)), monkeypatch)
    come_back(complaint(sent_from(letter)), monkeypatch)
    assert standing(letter) == (State.FAILED, "bounce 5.1.1", 0)


@pytest.mark.parametrize(
    "forge",
    [
        lambda real, other: real.replace("bounces+", "bounces+aaaa"),
        lambda real, other: real[:12] + ("a" if real[12] != "a" else "b") + real[13:],  # another letter, that signature
        lambda real, other: f"bounces+{'7' * 42}@learn.hearth.example",
        lambda real, other: BOX,
        lambda real, other: f"{other.uuid}@learn.hearth.example",
    ],
)
def test_nobody_makes_up_that_a_letter_came_back(letter, monkeypatch, forge):
    assert come_back(report(forge(sent_from(letter), letter)), monkeypatch) == "no report of ours"
    assert standing(letter) == (State.SENT, "", 0)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "Subject: Away\nAuto-Submitted: auto-replied\n\nI am on holiday until Monday.",
        "Content-Type: multipart/report; boundary=B\n\n--B\nContent-Type: message/delivery-status\n\n",
        "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3000)),
        "\x00\udcff" * 1000,
    ],
)
def test_any_other_mail_changes_nothing(letter, monkeypatch, raw):
    assert come_back(raw, monkeypatch, to=sent_from(letter)) == "no report of ours"
    assert standing(letter) == (State.SENT, "", 0)


def test_a_mail_that_comes_while_the_database_is_away_is_brought_again(letter, monkeypatch):
    def away(*args, **more):
        raise OperationalError

    monkeypatch.setattr(Message.objects, "select_for_update", away)
    with pytest.raises(CommandError) as refusal:
        come_back(report(sent_from(letter)), monkeypatch)
    assert refusal.value.returncode == 75


def test_without_a_return_address_letters_go_out_as_ever(letter, settings):
    settings.LMS_BOUNCES_TO = ""
    assert returning.return_address(letter.uuid) == ""
    assert sent_from(letter) == settings.DEFAULT_FROM_EMAIL
