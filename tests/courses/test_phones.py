"""A course without a connection: what a phone may keep, and how what was done comes in once."""

import base64
import json
import os
from datetime import timedelta
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from lms.common.crypto import public_lock
from lms.courses import operations, rules
from lms.courses.models import Course, Draft, ItemState, LearningEvent, Reflection, Round
from lms.courses.whose import whose
from tests.courses.browsing import words
from tests.courses.written import FLAGGED, SHORT, address, items, options, text
from tests.factories.accounts import PersonFactory
from tests.factories.courses import BEFORE, EnrolmentFactory

pytestmark = pytest.mark.django_db
STATE, BRING = "/offline/state/", "/offline/bring/"


# --- What a phone keeps -----------------------------------------------------------------------------


def copy_of(browser, course):
    """What a phone fetches: the list, and each page by its address."""
    listed = browser.get(f"/offline/{course.identity}/files/").json()
    return listed, {page: browser.get(page) for page in listed["pages"]}


def test_the_copy_is_the_same_for_everybody_and_holds_nothing_of_anybody(reading, written, learner):
    prompt, question = items(written.rich, "reflection")[0], items(written.rich, "question")[0]
    who = {"learner": learner, "course": written.course.identity, "now": BEFORE}
    operations.save_reflection(item=prompt, body="canary-note by the stairs", **who)
    chosen = [options(written.rich, question)["I am glad you asked"]]
    operations.answer_question(item=question, chosen=chosen, client_id=uuid4(), **who)
    listed, pages = copy_of(reading, written.course)
    other, alex = Client(), PersonFactory(display_name="Alex")
    operations.enrol(person=alex, course=written.course, now=BEFORE)
    other.force_login(alex)
    assert copy_of(other, written.course)[0] == listed
    assert {address: answer.status_code for address, answer in pages.items()} == dict.fromkeys(pages, 200)
    everything = "".join(map(words, pages.values()))
    for private in ("canary-note", learner.email, "feedback-of", "csrf", "checked", "Sign out", FLAGGED):
        assert private not in everything
    for wanted in ("It begins with one sentence.", SHORT, "Family stories", "What would you like to remember?"):
        assert wanted in everything
    assert {address(written.rich), "/courses/telling/"} <= listed["stands_for"].keys()
    assert listed["stands_for"].items() <= {(a, b) for a, b in listed["stands_for"].items() if b in pages}
    assert any(name.endswith(".css") for name in listed["files"])
    assert sum(len(answer.content) for answer in pages.values()) < listed["size"] < 1_000_000


def test_a_course_that_changes_has_another_copy_and_closed_lessons_have_none(reading, written, learner):
    listed, _ = copy_of(reading, written.course)
    written.plain.body = [text("Other words.")]
    written.plain.save_revision().publish()
    Course.objects.update(in_order=True)
    changed, pages = copy_of(reading, written.course)
    assert changed["digest"] != listed["digest"]
    assert address(written.rich) in changed["stands_for"]
    assert address(written.plain) not in changed["stands_for"]
    closed = f"/offline/{written.course.identity}/{written.plain.identity}/"
    assert reading.get(closed)["Location"] == f"/offline/{written.course.identity}/"
    operations.leave(person=learner, course=Course.objects.get(), now=timezone.now())
    assert reading.get(next(page for page in pages if page != "/offline/")).status_code == 404
    assert reading.get(STATE).json()["courses"] == []


def test_the_script_may_answer_for_the_site_and_the_page_for_no_connection_is_anybody_s(client, written):
    script = client.get("/offline/worker.js")
    assert script["Service-Worker-Allowed"] == "/"
    assert script["Content-Type"] == "text/javascript"
    assert "no connection" in words(client.get("/offline/"))
    assert client.get(STATE).json() == {"signed_in": False}


def test_what_waits_stays_when_the_time_is_over_and_goes_when_somebody_signs_out(reading, learner):
    assert reading.post("/accounts/logout/")["Clear-Site-Data"] == '"cache", "storage"'
    reading.force_login(learner)
    Session.objects.all().delete()
    assert reading.get("/my/learning/")["Clear-Site-Data"] == '"cache"'


# --- What comes in ----------------------------------------------------------------------------------


def locked(said, *, as_text=json.dumps):
    """Lock words as the phone does, with the lock that the page gives it."""
    known = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.b64decode(public_lock()))
    once = ec.generate_private_key(ec.SECP256R1())
    point = once.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    info = b"hearth: words locked on a phone"
    stretched = HKDF(algorithm=hashes.SHA256(), length=32, salt=point, info=info).derive(
        once.exchange(ec.ECDH(), known)
    )
    nonce = os.urandom(12)
    return base64.b64encode(point + nonce + AESGCM(stretched).encrypt(nonce, as_text(said).encode(), None)).decode()


@pytest.fixture
def did(written, learner):
    """Do something without a connection, some minutes ago; return what waits on the phone."""

    def do(path, *fields, minutes=10, person=learner):
        where = f"/learn/{written.course.identity}/{path}/"
        at = timezone.now() - timedelta(minutes=minutes)
        said = {"whose": whose(person), "path": where, "fields": fields}
        return {"id": str(uuid4()), "at": at.isoformat(), "locked": locked(said)}

    return do


def bring(browser, *facts):
    said = {"clock": timezone.now().isoformat(), "facts": facts}
    return browser.post(BRING, said, content_type="application/json")


def test_what_was_done_without_a_connection_counts_once_however_often_it_is_sent(reading, written, learner, did):
    prompt, plan = items(written.rich, "reflection")[0], items(written.rich, "action_plan")[0]
    asked, begun = items(written.rich, "question")[:2]
    chosen, other = options(written.rich, asked)["I am glad you asked"], options(written.rich, begun)["A calm voice"]
    facts = [
        did(f"{written.rich.identity}/read"),
        did(f"{prompt}/note", ("writer", str(uuid4())), ("body-0", "A blue cup")),
        did(f"{plan}/plan", ("writer", str(uuid4())), ("body-1", "The duty line"), ("body-2", "")),
        did(f"{asked}/answer", ("choice", chosen)),
        did(f"{begun}/draft", ("choice", other)),
        did("leave-out", ("item", items(written.hard, "question")[0])),
    ]
    before = timezone.now() - timedelta(minutes=9)
    for sending in (facts[:3], facts, [*facts, *facts]):
        assert {*bring(reading, *sending).json()["taken"]} == {fact["id"] for fact in sending}
    assert LearningEvent.objects.owned_by(learner).count() == 3
    assert ItemState.objects.owned_by(learner).filter(done_at__lt=before).count() == 3
    kept = Reflection.objects.owned_by(learner).order_by("field").values_list("body", "beside")
    assert list(kept) == [("A blue cup", ""), ("The duty line", "")]
    assert Draft.objects.owned_by(learner).get().at < before
    assert Round.objects.owned_by(learner).get().last_seen_at < timezone.now()


def test_newer_words_here_stay_and_older_ones_from_the_phone_stand_beside_them(reading, written, learner, did):
    prompt = items(written.rich, "reflection")[0]
    who = {"learner": learner, "course": written.course.identity, "now": timezone.now()}
    operations.save_reflection(item=prompt, body="Typed at home", **who)
    operations.read_lesson(lesson=written.plain.identity, client_id=uuid4(), **who)
    old, new = (did(f"{prompt}/note", ("body-0", said), minutes=m) for said, m in (("On the bus", 30), ("At last", -1)))
    bring(reading, old)
    note = Reflection.objects.owned_by(learner).get()
    assert (note.body, [one.words for one in rules.from_json(note.beside)]) == ("Typed at home", ["On the bus"])
    bring(reading, new, did(f"{written.rich.identity}/read"))
    note.refresh_from_db()
    assert (note.body, [one.words for one in rules.from_json(note.beside)]) == (
        "At last",
        ["On the bus", "Typed at home"],
    )
    assert Round.objects.owned_by(learner).get().last_lesson == written.plain.identity


def test_words_under_a_prompt_that_is_gone_are_kept_and_answers_to_what_is_gone_are_not(reading, written, learner, did):
    prompt, question = items(written.rich, "reflection")[0], items(written.rich, "question")[0]
    written.rich.body = [text("Nothing is asked now.")]
    written.rich.save_revision().publish()
    written.compile()
    note, answer = did(f"{prompt}/note", ("body-0", "A blue cup")), did(f"{question}/answer", ("choice", "x"))
    said = bring(reading, note, answer).json()
    assert said["taken"] == [note["id"]]
    assert [one["id"] for one in said["refused"]] == [answer["id"]]
    kept = Reflection.objects.owned_by(learner).get()
    assert (kept.body, kept.prompt) == ("A blue cup", "What would you like to remember?")


def test_nothing_of_somebody_else_s_phone_or_of_no_form_is_taken(reading, written, did):
    partner = EnrolmentFactory(course=written.course).person
    prompt = items(written.rich, "reflection")[0]
    theirs = did(f"{prompt}/note", ("body-0", "canary"), person=partner)
    broken = {**did(f"{prompt}/note", ("body-0", "x")), "locked": "AAAA"}
    deep = {**broken, "locked": locked("[" * 100_000, as_text=str)}
    elsewhere = [did(path, ("body-0", "x")) for path in ("enrol", "../../accounts/logout", f"{uuid4()}/note", "\x00")]
    said = bring(reading, theirs, broken, deep, *elsewhere).json()
    assert said["taken"] == []
    assert len(said["refused"]) == 7
    assert not Reflection.objects.unscoped(because="a test").exists()


def test_what_stands_behind_no_notice_is_not_done_by_leaving_it_out(reading, written, learner, did):
    behind, asked = items(written.hard, "question")[0], items(written.rich, "question")[0]
    for item in (asked, str(written.plain.identity), str(uuid4())):
        sent = {"item": [behind, item]}
        assert reading.post(f"/learn/{written.course.identity}/leave-out/", sent).status_code == 404
        fact = did("leave-out", ("item", behind), ("item", item))
        assert [one["id"] for one in bring(reading, fact).json()["refused"]] == [fact["id"]]
    assert not LearningEvent.objects.owned_by(learner).exists()
    assert reading.post(f"/learn/{written.course.identity}/leave-out/", {"item": behind}).status_code == 302
    assert ItemState.objects.owned_by(learner).get().skipped


def test_nothing_is_done_before_its_round_began_whatever_a_clock_says(reading, written, learner, did):
    began = timezone.now() - timedelta(minutes=5)
    Round.objects.owned_by(learner).update(started_at=began, last_seen_at=began)
    bring(reading, did(f"{written.rich.identity}/read", minutes=60 * 24 * 365 * 6))
    assert ItemState.objects.owned_by(learner).get().done_at == began


@pytest.mark.parametrize(
    "said",
    [
        "",
        "null",
        "[]",
        '{"facts": []}',
        '{"clock": "x", "facts": []}',
        '{"clock": "2026-01-01", "facts": [{}]}',
        "[" * 100_000,
    ],
)
def test_what_no_phone_sends_is_refused_in_words(reading, said):
    answer = reading.post(BRING, said, content_type="application/json")
    assert answer.status_code == 400
