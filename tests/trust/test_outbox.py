"""A letter is written with the deed it tells of, reaches its one reader once, or is seen not to."""

import os
import signal
from datetime import timedelta

import pytest
from django.core import signing
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from lms.outbox import jobs, kinds, mail, rules, tasks
from lms.outbox.kinds import Kind, Words
from lms.outbox.mail import message_id
from lms.outbox.models import LetterChoice, Message, State
from lms.outbox.operations import Letter, Order, post, sweep, try_again
from lms.outbox.stopping import SALT
from tests.factories.accounts import PersonFactory
from tests.races.crowd import at_once
from tests.trust.postoffice import open_post_office
from tests.trust.processes import until, who_talks_to, worker

SWEEP_AGAIN = timedelta(seconds=60 + 28)  # a minute's job, by a clock that ticks every half minute
real = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def letter(once="thing:1", **changes):
    context = {"subject": "About your account", "says": ("Something happened.",), "code": "", "button": "", "link": ""}
    known = {
        "kind": "thing",
        "once": once,
        "address": "sam@example.org",
        "person_id": 7,
        "template": "note",
        "context": context,
    }
    return Letter(**{**known, **changes})


@pytest.fixture
def office(settings):
    with open_post_office() as (office, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 1
        yield office


@pytest.fixture
def moment(time_machine, now):
    time_machine.move_to(now)
    return now


def state_of(message):
    message.refresh_from_db()
    return State(message.state)


# --- Writing -------------------------------------------------------------------------------------


def test_a_letter_of_a_deed_that_is_undone_is_never_written(db, moment):
    with transaction.atomic():
        post(letter(), now=moment)
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert not OrmQ.objects.exists()


def test_the_same_occasion_is_written_about_once(db, moment):
    assert post(letter(), now=moment) == post(letter(), now=moment)
    assert Message.objects.count() == OrmQ.objects.count() == 1


def test_a_letter_for_later_waits(db, moment, office):
    message = post(letter(), now=moment, not_before=moment + timedelta(hours=1))
    assert not OrmQ.objects.exists()
    assert tasks.deliver(message_id=message.pk) == "nothing to send"
    assert sweep(now=moment) == 0
    assert sweep(now=moment + timedelta(hours=1)) == 1


def test_a_subject_is_one_short_line(db, moment):
    message = post(letter(context={"subject": "Two\r\nBcc: evil@example.org\nlines " + "x" * 200}), now=moment)
    assert "\n" not in message.subject
    assert len(message.subject) == 150


# --- Sending -------------------------------------------------------------------------------------


def test_a_letter_that_is_taken_is_sent_once_however_often_it_is_asked_for(db, moment, office):
    message = post(letter(), now=moment)
    assert tasks.deliver(message_id=message.pk) == "sent"
    assert tasks.deliver(message_id=message.pk) == "nothing to send"
    assert len(office.letters) == 1
    assert office.letters[0]["Message-ID"] == message_id(message)
    assert office.recipients == ["sam@example.org"]
    assert state_of(message) == State.SENT
    assert message.sent_at is not None


def test_a_letter_has_one_reader_both_forms_and_says_that_a_machine_wrote_it(db, moment, office):
    tasks.deliver(message_id=post(letter(), now=moment).pk)
    sent = office.letters[0]
    assert sent["To"] == "sam@example.org"
    assert sent["Cc"] is sent["Bcc"] is None
    assert sent["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in sent.walk() if not part.is_multipart()] == ["text/plain", "text/html"]


def test_nothing_in_a_letter_is_fetched_from_anywhere(db, moment, office):
    tasks.deliver(message_id=post(letter(), now=moment).pk)
    html = office.letters[0].get_body(("html",)).get_content()
    assert "<img" not in html
    assert "http://" not in html.replace("http://127.0.0.1", "")


@pytest.mark.parametrize(
    "trouble", ["mail 421", "rcpt 450", "data 451", "data 421", "hang", "drop before data", "drop after data"]
)
def test_what_may_pass_is_tried_again_later(db, moment, office, trouble, time_machine):
    office.plan = [trouble]
    message = post(letter(), now=moment)
    assert tasks.deliver(message_id=message.pk) in {"will try again", "no answer"}
    assert state_of(message) == State.QUEUED
    assert tasks.deliver(message_id=message.pk) == "nothing to send"
    time_machine.move_to(moment + timedelta(minutes=2))
    assert tasks.deliver(message_id=message.pk) == "sent"
    assert len({sent["Message-ID"] for sent in office.letters}) == 1
    assert len(office.letters) == (2 if trouble == "drop after data" else 1)


@pytest.mark.parametrize("trouble", ["mail 550", "rcpt 550", "rcpt 553", "data 554"])
def test_what_will_not_change_is_given_up_at_once_and_seen(db, moment, office, trouble):
    office.plan = [trouble]
    bad, good = post(letter(), now=moment), post(letter("thing:2"), now=moment)
    assert [tasks.deliver(message_id=one.pk) for one in (bad, good)] == ["failed", "sent"]
    assert state_of(bad) == State.FAILED
    assert bad.fault == f"smtp {trouble.split()[1]}"


def test_no_mail_server_at_all_is_tried_again(db, moment, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert tasks.deliver(message_id=post(letter(), now=moment).pk) == "no answer"


def test_a_refused_sign_in_is_about_us_and_no_letter_is_given_up_for_it(db, moment, office, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "us", "wrong"
    message = post(letter(), now=moment)
    assert tasks.deliver(message_id=message.pk) == "no answer"
    assert state_of(message) == State.QUEUED


def test_six_tries_are_the_end_and_somebody_can_begin_again(db, moment, office, time_machine):
    office.plan = ["data 451"] * 6
    message = post(letter(), now=moment)
    for hours in range(6):
        time_machine.move_to(moment + timedelta(hours=5 * hours))
        answer = tasks.deliver(message_id=message.pk)
    assert answer == "failed"
    assert tasks.deliver(message_id=message.pk) == "nothing to send"
    assert try_again(message_id=message.pk, now=timezone.now())
    assert not try_again(message_id=message.pk, now=timezone.now())
    assert tasks.deliver(message_id=message.pk) == "sent"


def test_the_wait_grows_up_to_four_hours():
    waits = [rules.wait_after(attempts).total_seconds() / 60 for attempts in range(1, 7)]
    assert waits == [1, 4, 16, 64, 240, 240]


@pytest.mark.parametrize("address", ["sam@example.org\nBcc: evil@example.org", "a@b\r\nX: y"])
def test_one_letter_that_cannot_be_put_on_the_wire_does_not_stop_the_others(db, moment, office, address):
    bad = post(letter(), now=moment)
    Message.objects.filter(pk=bad.pk).update(address=address)
    good = post(letter("thing:2"), now=moment)
    for one in (bad, good):
        tasks.deliver(message_id=one.pk)
    assert state_of(bad) == State.FAILED
    assert state_of(good) == State.SENT
    assert office.recipients == ["sam@example.org"]


def test_a_letter_that_would_only_confuse_is_not_sent(db, moment, office, time_machine):
    message = post(letter(expires_at=moment + timedelta(minutes=15)), now=moment)
    time_machine.move_to(moment + timedelta(minutes=15))
    assert tasks.deliver(message_id=message.pk) == "suppressed"
    assert office.letters == []


# --- When a sender vanishes ----------------------------------------------------------------------


def test_a_letter_whose_sender_vanished_is_found_within_two_minutes(db, moment, office, time_machine):
    message = post(letter(), now=moment)
    Message.objects.claim(message.pk, now=moment, until=moment + rules.LEASE)
    assert sweep(now=moment) == 0
    later = moment + rules.LEASE + timedelta(seconds=1)
    assert later + SWEEP_AGAIN - moment < timedelta(minutes=2)
    assert sweep(now=later) == 1
    time_machine.move_to(later)
    assert tasks.deliver(message_id=message.pk) == "sent"


def test_a_letter_that_kills_its_sender_each_time_is_given_up(db, moment, office, time_machine):
    message = post(letter(), now=moment)
    for turn in range(rules.MOST_ATTEMPTS):
        at = moment + turn * timedelta(minutes=2)
        assert Message.objects.claim(message.pk, now=at, until=at + rules.LEASE)
    time_machine.move_to(moment + timedelta(hours=1))
    assert tasks.deliver(message_id=message.pk) == "failed"
    assert office.letters == []


def test_a_long_queue_is_not_made_longer(db, moment):
    for number in range(5):
        post(letter(f"thing:{number}"), now=moment)
    assert OrmQ.objects.count() == 5
    assert sweep(now=moment, most=5) == 0
    OrmQ.objects.all().delete()
    assert sweep(now=moment, most=5) == 5
    assert OrmQ.objects.count() == 1


# --- Letters that are written when they are sent, and letters that somebody may do without --------


@pytest.fixture
def in_kinds(monkeypatch):
    """Make the post know further kinds."""

    def put(*more):
        monkeypatch.setattr(kinds, "all_kinds", lambda: {kind.name: kind for kind in more})

    return put


def order(once="call:1", kind="call"):
    return Order(kind=kind, once=once, address="sam@example.org", person_id=7, about={"thing": 1})


def said(_):
    return Words("A call", "Come.", "<p>Come.</p>")


ONCE = Kind("call", choice="Calls", repeats=False, write=said)


def test_a_letter_without_words_gets_them_when_it_is_sent_and_keeps_them(db, moment, office, in_kinds):
    in_kinds(ONCE)
    message = post(order(), now=moment)
    assert message.text == ""
    assert tasks.deliver(message_id=message.pk) == "sent"
    message.refresh_from_db()
    assert (office.letters[0]["Subject"], message.text) == ("A call", "Come.")


def test_a_letter_that_is_no_longer_true_is_not_sent(db, moment, office, in_kinds):
    in_kinds(Kind("call", write=lambda _: None))
    message = post(order(), now=moment)
    assert tasks.deliver(message_id=message.pk) == "suppressed"
    assert (office.letters, state_of(message), message.fault) == ([], State.SUPPRESSED, "no longer true")


@pytest.mark.parametrize("trouble", ["mail 421", "rcpt 450", "data 451", "drop before data"])
def test_what_the_server_surely_did_not_take_is_tried_again_of_every_kind(db, moment, office, in_kinds, trouble):
    in_kinds(ONCE)
    office.plan = [trouble]
    message = post(order(), now=moment)
    tasks.deliver(message_id=message.pk)
    assert (state_of(message), message.handed_at) == (State.QUEUED, None)


@pytest.mark.parametrize("trouble", ["hang", "drop after data"])
def test_what_may_have_been_taken_is_not_sent_twice_and_is_seen(db, moment, office, in_kinds, time_machine, trouble):
    in_kinds(ONCE)
    office.plan = [trouble]
    message = post(order(), now=moment)
    assert tasks.deliver(message_id=message.pk) == "unsure"
    time_machine.move_to(moment + timedelta(hours=5))
    assert sweep(now=timezone.now()) == 0
    assert list(Message.objects.stuck()) == [message]
    assert try_again(message_id=message.pk, now=timezone.now())
    assert tasks.deliver(message_id=message.pk) == "sent"


def test_a_sender_that_died_before_the_words_went_over_loses_nothing(db, moment, office, in_kinds, time_machine):
    in_kinds(ONCE)
    early, late = post(order(), now=moment), post(order("call:2"), now=moment)
    for message in (early, late):
        Message.objects.claim(message.pk, now=moment, until=moment + rules.LEASE)
    Message.objects.filter(pk=late.pk).update(handed_at=moment)
    time_machine.move_to(moment + timedelta(minutes=1))
    assert [tasks.deliver(message_id=one.pk) for one in (early, late)] == ["sent", "unsure"]
    assert len(office.letters) == 1


def test_a_sender_that_was_overtaken_hands_nothing_over(db, moment, office, monkeypatch):
    message = post(letter(), now=moment)
    real_build = mail.build

    def slow(row):  # its claim runs out while it writes, and another takes the letter over
        Message.objects.filter(pk=row.pk).update(attempts=2)
        return real_build(row)

    monkeypatch.setattr(mail, "build", slow)
    assert tasks.deliver(message_id=message.pk) == "somebody else sends it"
    assert office.letters == []
    assert state_of(message) == State.SENDING


def test_a_letter_that_somebody_may_do_without_says_how_to_stop_it(db, moment, office, in_kinds, client):
    in_kinds(ONCE)
    PersonFactory(pk=7)
    tasks.deliver(message_id=post(order(), now=moment).pk)
    sent = office.letters[0]
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = sent["List-Unsubscribe"].strip(" <>").removeprefix("http://127.0.0.1:8000")
    assert "Calls" in client.get(path).content.decode()
    assert client.head(path).status_code == 200
    assert not LetterChoice.objects.exists()  # a scanner that opens every link has stopped nothing
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(path, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, "Stopped" in answer.content.decode()) == (200, True)
    assert tasks.deliver(message_id=post(order("call:2"), now=moment).pk) == "suppressed"
    assert len(office.letters) == 1


@pytest.mark.parametrize("token", ["x", "a" * 3000, "é", "WzEsImNhbGwiXQ:1abc:forged"])
def test_nobody_stops_letters_with_an_address_of_their_own_making(client, db, token):
    path = reverse("outbox:stop", args=[token])
    assert [client.get(path).status_code, client.post(path).status_code] == [404, 404]


def test_a_letter_to_somebody_who_is_erased_stops_nothing_and_keeps_nothing_of_them(db, in_kinds, client):
    in_kinds(ONCE)
    old = signing.dumps([7, "call"], salt=SALT)
    assert "Stopped" in client.post(reverse("outbox:stop", args=[old])).content.decode()
    assert not LetterChoice.objects.exists()


def test_what_must_reach_people_cannot_be_stopped(db, moment, office, client):
    message = post(letter(), now=moment)
    tasks.deliver(message_id=message.pk)
    assert office.letters[0]["List-Unsubscribe"] is None
    forged = signing.dumps([7, "thing"], salt=SALT)
    assert client.post(reverse("outbox:stop", args=[forged])).status_code == 404
    assert not LetterChoice.objects.exists()


def test_a_batch_goes_over_one_line_and_stops_when_nobody_answers(db, moment, office, settings):
    many = [post(letter(f"thing:{number}"), now=moment) for number in range(5)]
    office.plan = ["", "", "hang"]
    settings.EMAIL_TIMEOUT = 1
    assert tasks.deliver_batch(first=many[0].pk, last=many[-1].pk) == "looked after 2"
    assert [state_of(one) for one in many] == [State.SENT, State.SENT, State.QUEUED, State.QUEUED, State.QUEUED]


@real
def test_a_worker_killed_between_claim_and_answer_loses_nothing_and_repeats_nothing(tmp_path):
    with open_post_office() as (office, port), worker(tmp_path, mail_port=port):
        office.plan = ["hang"]
        message = post(letter(), now=timezone.now())
        until(office.called.is_set)
        [busy] = until(lambda: who_talks_to(port))
        os.kill(busy, signal.SIGKILL)
        assert state_of(message) == State.SENDING
        Message.objects.update(leased_until=timezone.now() - timedelta(seconds=1))  # as if its time had run out
        assert sweep(now=timezone.now()) == 1
        until(lambda: state_of(message) == State.SENT)
        sweep(now=timezone.now())
        until(lambda: OrmQ.objects.filter(lock__lte=timezone.now()).count() == 0)
    assert [sent["Message-ID"] for sent in office.letters] == [message_id(message)]
    assert message.attempts == 2


@pytest.mark.race
@real
def test_ten_senders_at_once_send_one_letter(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    message = post(letter(), now=timezone.now())

    def send(_):
        tasks.deliver(message_id=message.pk)

    assert at_once(send, range(10)) == {"done": 10}
    sent = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert sent.count(b"Message-ID:") == 1
    assert state_of(message) == State.SENT


@pytest.mark.race
@real
def test_ten_who_tell_of_one_occasion_write_one_letter():
    def tell(_):
        with transaction.atomic():
            post(letter(), now=timezone.now())

    assert at_once(tell, range(10)) == {"done": 10}
    assert Message.objects.count() == 1


# --- Afterwards ----------------------------------------------------------------------------------


def test_old_letters_lose_their_words_and_their_address_and_waiting_ones_do_not(db, moment):
    done, waiting = post(letter(), now=moment), post(letter("thing:2"), now=moment)
    Message.objects.filter(pk=done.pk).update(state=State.SENT, sent_at=moment)
    Message.objects.update(created_at=timezone.now() - timedelta(days=31))
    jobs.forget_words()
    done.refresh_from_db()
    waiting.refresh_from_db()
    assert (done.text, done.html, done.subject, done.address) == ("", "", "", "erased@invalid.example")
    assert waiting.address == "sam@example.org"
    assert done.state == State.SENT


def test_the_fault_of_a_letter_is_a_code_never_the_server_s_words(db, moment, office):
    office.plan = ["rcpt 550 sam@example.org is unknown to us, ring 01632"]
    message = post(letter(), now=moment)
    tasks.deliver(message_id=message.pk)
    message.refresh_from_db()
    assert message.fault == "smtp 550"
