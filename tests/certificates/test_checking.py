"""Anybody can check a code; nobody learns whose it is."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from lms.certificates import operations
from lms.certificates.rules import Deed, check_character
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
            answer = client.get(address)
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
def test_a_check_costs_at_most_four_queries(client, django_assert_num_queries, state, queries):
    award = AwardFactory(state=state)
    award.changes.create(after=state, at=award.issued_at)
    look(client, award)
    with django_assert_num_queries(queries):
        look(client, award)


def test_an_unknown_code_costs_two_queries_and_an_impossible_one_fewer(client, django_assert_num_queries):
    client.get(reverse("certificates:check", args=["1"]))
    with django_assert_num_queries(2):
        client.get(reverse("certificates:check", args=["0000-0000-0000-0000"]))
    with django_assert_num_queries(1):
        client.get(reverse("certificates:check", args=["1"]))


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
