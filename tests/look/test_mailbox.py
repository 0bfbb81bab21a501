"""The mailbox for development shows what was sent, and nothing of it runs."""

import os
import re

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection

from lms.common import mailbox

CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
FOLDER = "django.core.mail.backends.filebased.EmailBackend"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path
    return tmp_path


def letter(subject="Your place is kept", to="llyr@example.org", calendar=False):
    mail = EmailMultiAlternatives(subject, "Dear Llŷr,\n\nsee https://learn.example/my/ you there.", to=[to])
    mail.attach_alternative("<p>Dear Llŷr</p><script>alert(1)</script>", "text/html")
    if calendar:
        mail.attach("invite.ics", CALENDAR, "text/calendar")
    return mail


def send(*mails):
    get_connection(FOLDER).send_messages(list(mails))


def only():
    (mail,) = mailbox.newest_first()
    return f"/dev/mailbox/{mail.name}/{mail.number}/"


def test_an_empty_mailbox_says_what_to_do(client):
    assert "No mail yet" in client.get("/dev/mailbox/").content.decode()


def test_mails_are_listed_the_newest_first(client, folder):
    send(letter("First"))
    for path in folder.glob("*.log"):
        os.utime(path, (1, 1))
    send(letter("Second"), letter("Third"))
    assert re.findall("First|Second|Third", client.get("/dev/mailbox/").content.decode()) == [
        "Third",
        "Second",
        "First",
    ]


def test_a_mail_shows_its_words_as_they_were_written(client):
    send(letter("Grüße"))
    page = client.get(only()).content.decode()
    assert "Grüße" in page
    assert "Dear Llŷr" in page
    assert 'href="https://learn.example/my/"' in page


def test_the_html_of_a_mail_stays_in_a_closed_frame(client):
    send(letter())
    page = client.get(only())
    assert '<iframe class="letter" sandbox' in page.content.decode()
    assert b"<script>alert" not in page.content
    inner = client.get(f"{only()}html/")
    assert inner.content.startswith("<p>Dear Llŷr</p>".encode())
    policy = inner["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_a_calendar_file_can_be_saved(client):
    send(letter(calendar=True))
    assert "BEGIN:VCALENDAR" in client.get(only()).content.decode()
    saved = client.get(f"{only()}invite.ics")
    assert saved["Content-Type"].startswith("text/calendar")
    assert saved["Content-Disposition"] == 'attachment; filename="invite.ics"'
    assert "METHOD:REQUEST" in saved.content.decode()


def test_a_mail_without_a_calendar_has_none_to_save(client):
    send(letter())
    assert client.get(f"{only()}invite.ics").status_code == 404


@pytest.mark.parametrize(
    "address", ["nothing/0/", "..%2f..%2fetc%2fpasswd/0/", "nothing/0/html/", "nothing/99999999999/"]
)
def test_what_is_not_there_is_not_found(client, address):
    assert client.get(f"/dev/mailbox/{address}").status_code == 404


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "", ".", "a/b"])
def test_only_a_bare_name_finds_a_mail(name, folder):
    (folder.parent / "secret.log").write_text("Subject: hidden\n\nx")
    assert mailbox.find(name, 0) is None


def test_a_broken_file_is_still_listed(client, folder):
    (folder / "broken.log").write_bytes(b"\xff\xfe not a mail at all")
    assert client.get("/dev/mailbox/").status_code == 200
    assert client.get("/dev/mailbox/broken/0/").status_code == 200


@pytest.mark.parametrize("path", ["/dev/mailbox/", "/dev/gallery/", "/dev/mailbox/a/0/", "/dev/mailbox/a/0/html/"])
def test_pages_for_developers_exist_only_where_the_settings_say_so(client, settings, path):
    settings.LMS_DEV_PAGES = False
    assert client.get(path).status_code == 404
