"""Anybody can check a code; nobody learns whose it is."""

import hashlib
import re
from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from lms.audit.models import Entry
from lms.certificates import answers, gathering, operations
from lms.certificates.models import Lookup
from lms.certificates.rules import Deed, check_character, new_code
from lms.outbox.models import Message
from tests.certificates.reading import words
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import StaffRoleFactory
from tests.factories.certificates import NAME, AwardFactory

pytestmark = pytest.mark.django_db
SURNAME = "Adeyemi"
TODAY = "2026-03-12 21:47+00:00"


@pytest.fixture(autouse=True)
def _an_evening():
    with time_machine.travel(TODAY, tick=False):
        yield


def look(client, award):
    return client.get(reverse("certificates:check", args=[award.shown_code]))


def try_name(client, award, name, **extra):
    return client.post(reverse("certificates:check", args=[award.shown_code]), {"name": name}, **extra)


def without_nonce(answer):
    return re.sub(r'nonce="[^"]*"', "", answer.content.decode())


def test_the_form_asks_for_a_code(client):
    answer = client.get(reverse("certificates:check_form"))
    assert answer.status_code == 200
    assert 'name="code"' in answer.content.decode()


def test_a_valid_one_says_what_by_whom_and_when_but_not_whose(client):
    award = AwardFactory(is_neutral=False)
    said = words(look(client, award))
    for expected in ("This certificate is valid", award.title, award.issuer, "18 January 2026", "No end date"):
        assert expected in said
    assert "Checked on 12 March 2026 at 9:47pm" in said
    assert SURNAME not in look(client, award).content.decode()


def test_a_neutral_one_shows_the_neutral_title(client):
    said = words(look(client, AwardFactory()))
    assert "Warmth and structure at home" in said
    assert "Therapeutic" not in said


def test_a_typed_code_gives_the_same_answer_as_the_address(client):
    award = AwardFactory()
    typed = client.get(reverse("certificates:check_form"), {"code": award.shown_code.lower().replace("-", " ")})
    assert words(typed) == words(look(client, award))


def test_the_name_is_shown_once_the_holder_wishes_and_hidden_again_at_once(client):
    award = AwardFactory()
    operations.show_name(award=award, holder=award.person, shows=True, now=award.issued_at)
    said = words(look(client, award))
    assert NAME in said
    assert "Does the name match?" not in said
    operations.show_name(award=award, holder=award.person, shows=False, now=award.issued_at)
    assert SURNAME not in look(client, award).content.decode()


@pytest.mark.parametrize(
    ("state", "heading"),
    [
        ("active", "This certificate is valid"),
        ("expired", "This certificate has expired"),
        ("suspended", "This certificate is on hold"),
        ("replaced", "This certificate has been replaced"),
        ("withdrawn", "This certificate has been withdrawn"),
    ],
)
def test_each_state_has_an_answer_of_its_own(client, state, heading):
    award = AwardFactory(state=state, valid_until=date(2026, 3, 1) if state == "expired" else None)
    award.changes.create(after=state, at=award.issued_at, reason="canary-reason")
    answer = look(client, award)
    assert answer.status_code == 200
    assert heading in words(answer)
    assert "canary" not in answer.content.decode()
    if state != "active":
        assert "is valid" not in words(answer)


@pytest.mark.parametrize("state", ["suspended", "withdrawn"])
def test_of_one_that_is_stopped_nothing_is_said_but_that(client, state):
    award = AwardFactory(state=state, shows_name=True)
    award.changes.create(after=state, at=award.issued_at)
    said = words(look(client, award))
    assert award.neutral_title not in said
    assert SURNAME not in said
    assert "18 January 2026" in said  # since when
    assert try_name(client, award, NAME).status_code == 404


def test_it_expires_with_its_last_day_though_no_job_has_run(client):
    award = AwardFactory(valid_until=date(2026, 3, 12))
    assert "is valid" in words(look(client, award))
    with time_machine.travel("2026-03-13 00:30+00:00", tick=False):
        assert "has expired" in words(look(client, award))


def test_a_decision_shows_with_the_next_look(client, now):
    award = AwardFactory()
    lead = StaffRoleFactory(agency=award.agency, role="safeguarding_lead").person
    said = []
    for deed in (Deed.SUSPEND, Deed.REINSTATE, Deed.WITHDRAW):
        operations.decide(award=award, deed=deed, actor=lead, reason="because", now=now)
        said.append(words(look(client, award)))
    assert [heading in text for heading, text in zip(("on hold", "is valid", "withdrawn"), said, strict=True)] == [
        True
    ] * 3


def test_after_a_correction_the_old_code_says_replaced_and_never_the_new_code(client, now):
    old = AwardFactory()
    new = operations.correct(award=old, actor=old.person, name="Samira Bŵen", is_neutral=True, now=now)
    assert "has been replaced" in words(look(client, old))
    assert new.shown_code not in look(client, old).content.decode()
    assert "is valid" in words(look(client, new))


@pytest.mark.parametrize(
    "typed",
    [
        "7K3M-9QXD-2HPT-4VWC",
        "7K3M-9QXD-2HPT-4VWC-B",
        "7K3M-9QXD-2HPT-4VWC-C",
        "1",
        "1000",
        "<script>alert(1)</script>",
        "' OR 1=1 --",
        "x" * 2000,
        "🙂" * 16,
        "\u202e7K3M",
        "\u0667\u0667\u0667\u0667",
    ],
)
def test_unknown_and_impossible_codes_get_one_answer_to_the_byte(client, typed):
    unknown = client.get(reverse("certificates:check", args=["0000-0000-0000-0000"]))
    for answer in (
        client.get(reverse("certificates:check", args=[typed.replace("/", "")])),
        client.get(reverse("certificates:check_form"), {"code": typed}),
    ):
        assert answer.status_code == unknown.status_code == 404
        assert without_nonce(answer) == without_nonce(unknown)
    assert "We can't find that code" in words(unknown)


def test_one_that_is_not_claimed_yet_is_unknown(client):
    award = AwardFactory(waiting=True)
    unknown = client.get(reverse("certificates:check", args=["0000-0000-0000-0000"]))
    assert without_nonce(look(client, award)) == without_nonce(unknown)


def test_codes_are_not_numbered_one_after_the_other():
    first, second = AwardFactory(), AwardFactory()
    assert sum(a != b for a, b in zip(first.code, second.code, strict=True)) > 8
    assert check_character(first.code) == first.shown_code[-1]


@pytest.mark.parametrize("what", ["form", "valid", "unknown", "limited", "name"])
def test_no_answer_is_kept_listed_or_told_to_others(client, what):
    award = AwardFactory()
    address = reverse("certificates:check", args=[award.shown_code])
    if what == "limited":
        for _ in range(31):
            answer = client.get(reverse("certificates:check", args=["nothing"]))
        assert answer.status_code == 429
    elif what == "name":
        answer = client.post(address, {"name": NAME})
    else:
        paths = {"form": reverse("certificates:check_form"), "valid": address}
        answer = client.get(paths.get(what) or reverse("certificates:check", args=["nothing"]))
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "no-referrer"


# --- Does the name match? ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [NAME, "samira adeyemi-bwen", "  SAMIRA   ADEYEMI BŴEN "])
def test_the_right_name_matches_however_it_is_typed(client, typed):
    answer = try_name(client, AwardFactory(), typed)
    assert answer.status_code == 200
    assert "Yes, the name matches" in words(answer)


@pytest.mark.parametrize("typed", ["Samira", "Samira Adeyemi", "Sam Other", "%", "*", "'", "x" * 200])
def test_another_name_does_not_and_the_right_one_is_not_told(client, typed):
    answer = try_name(client, AwardFactory(), typed)
    assert "No, that isn't the name" in words(answer)
    assert SURNAME not in answer.content.decode().replace(typed, "")


@pytest.mark.parametrize("typed", ["", "   ", "x" * 201])
def test_no_name_is_asked_for_again_with_what_was_typed(client, typed):
    answer = try_name(client, AwardFactory(), typed)
    assert answer.status_code == 422
    assert "the name" in words(answer)


def test_five_tries_then_a_pause_that_cannot_be_walked_round_by_changing_nothing(client):
    award = AwardFactory()
    answers = [try_name(client, award, f"Guess {n}").status_code for n in range(6)]
    assert answers == [200] * 5 + [429]
    assert try_name(client, award, NAME).status_code == 429


def test_the_pause_is_for_one_certificate_and_one_address(client):
    first, second = AwardFactory(), AwardFactory()
    for n in range(6):
        try_name(client, first, f"Guess {n}")
    assert try_name(client, second, NAME).status_code == 200
    assert try_name(client, first, NAME, REMOTE_ADDR="198.51.100.7").status_code == 200


def test_many_addresses_together_are_limited_too(client):
    award = AwardFactory()
    for n in range(30):
        assert try_name(client, award, f"Guess {n}", REMOTE_ADDR=f"198.51.100.{n}").status_code == 200
    assert try_name(client, award, NAME, REMOTE_ADDR="203.0.113.9").status_code == 429


def test_the_pause_ends(client):
    award = AwardFactory()
    for n in range(6):
        try_name(client, award, f"Guess {n}")
    with time_machine.travel("2026-03-12 22:48+00:00", tick=False):
        assert try_name(client, award, NAME).status_code == 200


def test_a_name_can_be_tried_from_a_page_that_sends_no_origin(client):
    strict = client.__class__(enforce_csrf_checks=True)
    answer = try_name(strict, AwardFactory(), NAME, HTTP_ORIGIN="null")
    assert "Yes, the name matches" in words(answer)


def test_no_cookie_is_set_for_who_checks(client):
    look(client, AwardFactory())
    try_name(client, AwardFactory(), NAME)
    assert not client.cookies


def test_a_signed_in_holder_sees_what_strangers_see(client):
    award = AwardFactory()
    before = without_nonce(look(client, award))
    client.force_login(award.person)
    assert without_nonce(look(client, award)) == before


def test_an_erased_holder_matches_nobody(client, now):
    award = AwardFactory()
    operations.forget_holder(person=award.person, now=now)
    assert "has been withdrawn" in words(look(client, award))
    assert try_name(client, award, "").status_code == 404


# --- Limits, counts and cost ---------------------------------------------------------------------------------------


def test_who_tries_codes_one_after_the_other_is_slowed_down(client):
    codes = [client.get(reverse("certificates:check", args=[str(n)])).status_code for n in range(31)]
    assert codes == [404] * 30 + [429]
    assert look(client, AwardFactory()).status_code == 429
    elsewhere = client.get(reverse("certificates:check", args=["1"]), REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 404


def test_looks_are_counted_by_day_for_the_holder(client):
    award = AwardFactory()
    for _ in range(3):
        look(client, award)
    with time_machine.travel("2026-03-14 09:00+00:00", tick=False):
        look(client, award)
    assert list(award.lookups.values_list("day", "count")) == [(date(2026, 3, 14), 1), (date(2026, 3, 12), 3)]


def test_the_holder_looking_at_it_is_not_counted(client):
    award = AwardFactory()
    client.force_login(award.person)
    look(client, award)
    assert not award.lookups.exists()
    client.force_login(PersonFactory())
    look(client, award)
    assert award.lookups.get().count == 1


@pytest.mark.parametrize(("state", "queries"), [("active", 3), ("withdrawn", 4), ("replaced", 4)])
def test_a_check_costs_a_look_at_the_limit_the_award_and_a_count(client, django_assert_num_queries, state, queries):
    award = AwardFactory(state=state)
    award.changes.create(after=state, at=award.issued_at)
    look(client, award)
    with django_assert_num_queries(queries):
        look(client, award)


@pytest.mark.parametrize("typed", ["0000-0000-0000-0000", "1", "x" * 2000])
def test_an_impossible_code_is_as_much_work_as_an_unknown_one(client, django_assert_num_queries, typed):
    client.get(reverse("certificates:check", args=["1"]))
    with django_assert_num_queries(4):  # the limit, the award, this address's count, everybody's count
        client.get(reverse("certificates:check", args=[typed]))


def test_the_page_is_made_once_and_holds_nothing_of_who_asked_first(client):
    award = AwardFactory()
    client.force_login(award.person)
    first = look(client, award)
    assert award.person.display_name not in words(first)
    assert "\ue000" not in first.content.decode()
    assert "\ue001" not in first.content.decode()
    assert look(client.__class__(), award).content == first.content


def test_looks_that_are_gathered_are_written_together(client, settings):
    settings.LMS_LOOKS_GATHERED_FOR = timedelta(hours=1)
    award = AwardFactory()
    for _ in range(3):
        look(client, award)
    assert not award.lookups.exists()
    gathering.write()
    gathering.write()
    assert award.lookups.get().count == 3


def test_looks_at_an_award_that_is_gone_are_let_go(settings):
    settings.LMS_LOOKS_GATHERED_FOR = timedelta(hours=1)
    gathering.add(award_id=10**9, day=date(2026, 3, 12))
    gathering.write()
    assert not Lookup.objects.exists()


# --- Somebody tries codes ------------------------------------------------------------------------------------------


def miss(client, number):
    return client.get(reverse("certificates:check", args=[f"code{number}"]), REMOTE_ADDR=f"198.51.{number}.7")


def test_many_misses_from_many_addresses_raise_one_alarm_an_hour(client, settings):
    settings.LMS_UNKNOWN_CODES_AN_HOUR = 5
    administrator = StaffRoleFactory(agency=None, role="administrator").person
    assert {miss(client, number).status_code for number in range(5)} == {404}
    assert not Message.objects.exists()
    assert {miss(client, number).status_code for number in range(5, 9)} == {404}
    letter = Message.objects.get()
    assert (letter.kind, letter.person_id) == ("codes_are_guessed", administrator.pk)
    assert Entry.objects.filter(action="certificates.guessing").count() == 1
    with time_machine.travel("2026-03-12 23:30+00:00", tick=False):
        for number in range(9):
            miss(client, number)
    assert Message.objects.count() == Entry.objects.filter(action="certificates.guessing").count() == 2


def test_ten_thousand_guesses_from_everywhere_learn_nothing_and_raise_one_alarm(now, settings):
    AwardFactory()
    StaffRoleFactory(agency=None, role="administrator")
    assert {answers.to_code(new_code(), today=now.date()) for _ in range(10_000)} == {None}
    for _ in range(2 * settings.LMS_UNKNOWN_CODES_AN_HOUR):
        operations.note_miss(now=now)
    assert Entry.objects.filter(action="certificates.guessing").count() == Message.objects.count() == 1


def test_from_one_address_thirty_guesses_are_answered_and_no_more(client):
    AwardFactory()
    guesses = [client.get(reverse("certificates:check", args=[new_code()])).status_code for _ in range(60)]
    assert guesses == [404] * 30 + [429] * 30


# --- The file itself -----------------------------------------------------------------------------------------------


def pdf(content=b"%PDF-1.7 canary", name="certificate.pdf"):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def send(client, file, **extra):
    return client.post(reverse("certificates:check_file"), {"file": file} if file else {}, **extra)


def made(content=b"%PDF-1.7 canary", **kwargs):
    return AwardFactory(pdf="certificates/x.pdf", pdf_sha256=hashlib.sha256(content).hexdigest(), **kwargs)


def test_the_very_file_gets_the_answer_of_its_code(client):
    award = made(is_neutral=False)
    answer = send(client, pdf())
    assert answer.status_code == 200
    for expected in ("exactly the file that we made", "This certificate is valid", award.title):
        assert expected in words(answer)
    assert SURNAME not in answer.content.decode()
    assert award.lookups.get().count == 1


@pytest.mark.parametrize("state", ["withdrawn", "suspended", "replaced"])
def test_the_file_of_one_that_no_longer_holds_says_so(client, state):
    award = made(state=state)
    award.changes.create(after=state, at=award.issued_at)
    assert "is valid" not in words(send(client, pdf()))


def test_a_file_changed_in_one_byte_is_not_ours(client):
    made()
    answer = send(client, pdf(b"%PDF-1.7 cannry"))
    assert answer.status_code == 404
    assert "That isn't a file that we made" in words(answer)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "nothing in it"),
        (b"GIF89a", "isn't a PDF"),
        (b"<html>", "isn't a PDF"),
        (b"%PDF-" + b"x" * 1_000_001, "too big"),
    ],
)
def test_what_can_be_no_certificate_is_refused_in_plain_words(client, content, said):
    answer = send(client, pdf(content, name="../../\u202eevil.exe"))
    assert answer.status_code == 422
    assert said in words(answer)
    assert "evil" not in answer.content.decode()


def test_no_file_is_asked_for_again(client):
    answer = send(client, None)
    assert answer.status_code == 422
    assert "Choose the PDF first" in words(answer)


def test_a_file_is_not_kept(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    send(client, pdf())
    assert not list(tmp_path.iterdir())


def test_files_are_limited_like_codes(client):
    answers = [send(client, pdf(b"%%PDF-%d" % n)).status_code for n in range(31)]
    assert answers == [404] * 30 + [429]


def test_a_file_can_be_sent_from_a_page_that_sends_no_origin(client):
    made()
    strict = client.__class__(enforce_csrf_checks=True)
    assert send(strict, pdf(), HTTP_ORIGIN="null").status_code == 200


# --- Switched off --------------------------------------------------------------------------------------------------


def test_a_check_that_is_switched_off_says_that_and_nothing_else(client, now):
    award = AwardFactory(is_neutral=False, shows_name=True)
    operations.answer_checks(award=award, holder=award.person, answers=False, now=now)
    said = words(look(client, award))
    assert "This check is switched off" in said
    for hidden in (award.title, award.issuer, "18 January 2026", SURNAME, "is valid"):
        assert hidden not in said
    assert try_name(client, award, NAME).status_code == 404
    operations.answer_checks(award=award, holder=award.person, answers=True, now=now)
    assert "is valid" in words(look(client, award))


@pytest.mark.parametrize(("state", "heading"), [("suspended", "is on hold"), ("withdrawn", "has been withdrawn")])
def test_switching_it_off_hides_no_withdrawal(client, state, heading):
    award = AwardFactory(state=state, answers_checks=False)
    award.changes.create(after=state, at=award.issued_at)
    assert heading in words(look(client, award))


def test_a_group_leader_award_cannot_be_switched_off(now):
    award = AwardFactory(leader=True)
    with pytest.raises(operations.LeadersAreChecked):
        operations.answer_checks(award=award, holder=award.person, answers=False, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        AwardFactory(leader=True, answers_checks=False)


def test_nobody_else_switches_it(now):
    award = AwardFactory()
    operations.answer_checks(award=award, holder=PersonFactory(), answers=False, now=now)
    award.refresh_from_db()
    assert award.answers_checks


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, method):
    assert getattr(client, method)(reverse("certificates:check", args=["1"])).status_code == 405
    assert client.post(reverse("certificates:check_form")).status_code == 405


def test_a_nul_is_refused_in_plain_words(client):
    assert client.get("/verify/%00/").status_code == 400
    assert client.get("/verify/", {"code": "\x00"}).status_code == 400


def test_the_valid_one_is_still_valid_next_year(client):
    award = AwardFactory()
    with time_machine.travel(date(2027, 3, 12) + timedelta(days=1), tick=False):
        assert "is valid" in words(look(client, award))


def test_a_holder_switches_it_off_and_on_from_their_list(client):
    award, leads = AwardFactory(), AwardFactory(leader=True)
    client.force_login(award.person)
    address = reverse("certificates:answer_checks", args=[award.uuid])
    assert "The check is switched off" in words(client.post(address, {"answers": "no"}, follow=True))
    assert "Switch its check off" in words(client.post(address, {"answers": "yes"}, follow=True))
    client.force_login(leads.person)
    assert "Switch its check off" not in words(client.get(reverse("certificates:awards")))
    refused = client.post(reverse("certificates:answer_checks", args=[leads.uuid]), {"answers": "no"}, follow=True)
    assert "can always be checked" in words(refused)
