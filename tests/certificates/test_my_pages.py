"""A holder claims, reads, downloads and shows certificates: their own, and without any script."""

import re
from datetime import date

import pytest
from django.core.files.storage import storages
from django.urls import reverse
from django.utils.html import escape
from django_q.models import OrmQ

from lms.certificates import operations, tasks
from lms.certificates.models import MOST_ATTEMPTS, Award, AwardState
from tests.certificates.reading import words
from tests.factories.accounts import PersonFactory
from tests.factories.certificates import NAME, AwardFactory, attended, claimed, completed_round

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "private": private}


@pytest.fixture
def award(client):
    made = AwardFactory()
    client.force_login(made.person)
    return made


def at(name, award):
    return reverse(f"certificates:{name}", args=[award.uuid])


def closed(answer):
    """Read a file to its end, as a browser does."""
    if answer.streaming:
        b"".join(answer)
    return answer


def rendered(award):
    assert tasks.render_award(award_id=award.pk) == "made"
    award.refresh_from_db()
    return award


def test_a_walk_from_the_last_lesson_to_the_file(client, now):
    person = PersonFactory(certificate_name="")
    client.force_login(person)
    assert "Nothing here yet" in words(client.get(reverse("certificates:awards")))
    award = operations.issue_for_round(round_id=completed_round(person=person).pk, now=now)
    listed = client.get(reverse("certificates:awards"))
    assert at("award", award) in listed.content.decode()
    page = client.get(at("award", award))
    assert "How should your name be written?" in words(page)
    answer = client.post(at("claim", award), {"name": NAME, "title": "neutral"}, follow=True)
    assert "Your certificate is being made" in words(answer)
    rendered(award)
    page = client.get(at("award", award))
    assert NAME in words(page)
    assert "Family stories" in words(page)
    assert award.shown_code in words(page)
    file = client.get(at("download", award))
    assert file["Content-Type"] == "application/pdf"
    assert file["Content-Disposition"] == 'attachment; filename="certificate.pdf"'
    assert b"".join(file).startswith(b"%PDF-1.7")


def test_nothing_is_rendered_while_somebody_waits_for_a_page(client):
    award = AwardFactory(waiting=True)
    client.force_login(award.person)
    client.post(at("claim", award), {"name": NAME, "title": "full"})
    award.refresh_from_db()
    assert (award.state, award.pdf, award.render_attempts) == ("active", "", 0)
    assert OrmQ.objects.count() == 1


def test_the_page_of_one_being_made_looks_again_by_itself_for_a_minute(client, award):
    first = client.get(at("award", award))
    assert first["Refresh"] == f"3; url={at('award', award)}?look=1"
    assert "<meta http-equiv" not in first.content.decode()
    last = client.get(at("award", award), {"look": "20"})
    assert "Refresh" not in last.headers
    assert "taking longer" in words(last)
    rendered(award)
    assert "Refresh" not in client.get(at("award", award)).headers


@pytest.mark.parametrize("look", ["", "-1", "x", "٣", "9" * 4000, "1e3"])
def test_a_strange_count_of_looks_is_no_fault(client, award, look):
    assert client.get(at("award", award), {"look": look}).status_code == 200


def test_one_that_was_given_up_says_so_calmly(client, award):
    Award.objects.owned_by(award.person).update(render_attempts=MOST_ATTEMPTS)
    page = client.get(at("award", award))
    assert "taking longer" in words(page)
    assert "Refresh" not in page.headers


def test_the_known_name_is_filled_in_and_the_neutral_title_is_chosen_first(client):
    award = AwardFactory(waiting=True, person__certificate_name="Samira Bŵen")
    client.force_login(award.person)
    page = client.get(at("award", award)).content.decode()
    assert 'value="Samira Bŵen"' in page
    assert re.search(r'value="neutral"[^>]*checked', page)
    assert award.title in page
    assert award.neutral_title in page


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"name": "", "title": "neutral"}, "Add a name"),
        ({"name": "Sam 🙂", "title": "neutral"}, "Leave out: 🙂"),
        ({"name": "<b>Sam", "title": "neutral"}, "Leave out: &lt; &gt;"),
        ({"name": "नेहा", "title": "neutral"}, "print these letters yet"),
        ({"name": "W" * 80, "title": "neutral"}, "longer than fits on the paper"),
        ({"name": "x" * 10_000, "title": "neutral"}, "Use 80 characters or fewer"),
        ({"name": "S" + "a\u0301\u0302\u0303\u0304", "title": "neutral"}, "no more than two accents"),
        ({"name": NAME, "title": ""}, "Choose a title"),
        ({"name": NAME, "title": "gold"}, "Choose one of the two titles"),
        ({}, "Add a name"),
    ],
)
def test_what_cannot_be_printed_is_said_in_plain_words_and_what_was_typed_stays(client, typed, reason):
    award = AwardFactory(waiting=True)
    client.force_login(award.person)
    answer = client.post(at("claim", award), typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert reason in page
    if name := typed.get("name"):
        assert f'value="{escape(name)}"' in page
    award.refresh_from_db()
    assert award.state == AwardState.WAITING


def test_apostrophes_from_other_keyboards_are_taken(client):
    award = AwardFactory(waiting=True)
    client.force_login(award.person)
    client.post(at("claim", award), {"name": "O\u02bcneill  Mary`s", "title": "full"})
    award.refresh_from_db()
    assert award.name == "O\u2019neill Mary\u2019s"


def test_pressing_twice_makes_one(client):
    award = AwardFactory(waiting=True)
    client.force_login(award.person)
    for name in (NAME, "Somebody Else"):
        assert client.post(at("claim", award), {"name": name, "title": "full"}).status_code == 302
    award.refresh_from_db()
    assert award.name == NAME
    assert OrmQ.objects.count() == 1


def test_a_register_changed_meanwhile_is_said_on_the_page(client, now):
    booking = attended()
    award = operations.issue_for_booking(booking_id=booking.pk, now=now)
    type(booking).objects.owned_by(booking.person).update(state="absent")
    client.force_login(booking.person)
    answer = client.post(at("claim", award), {"name": NAME, "title": "full"})
    assert answer.status_code == 422
    assert "The register has been changed since" in words(answer)


@pytest.mark.parametrize("name", ["award", "download", "text", "change"])
def test_somebody_elses_is_not_there(client, name):
    other = rendered(AwardFactory())
    client.force_login(PersonFactory())
    assert client.get(at(name, other)).status_code == 404


@pytest.mark.parametrize("name", ["claim", "change", "show_name"])
def test_nothing_can_be_done_to_somebody_elses(client, name):
    other = AwardFactory(waiting=name == "claim")
    client.force_login(PersonFactory())
    answer = client.post(at(name, other), {"name": "Mine Now", "title": "full", "shows": "yes"})
    assert answer.status_code == 404
    before = (other.name, other.state, other.shows_name)
    other.refresh_from_db()
    assert (other.name, other.state, other.shows_name) == before


@pytest.mark.parametrize("name", ["award", "claim", "change", "download", "text", "show_name"])
def test_who_is_not_signed_in_is_asked_to(client, name):
    answer = client.get(at(name, AwardFactory()))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", ["claim", "show_name"])
def test_looking_changes_nothing(client, award, name):
    assert client.get(at(name, award)).status_code == 405


def test_a_file_that_is_lost_is_made_again(client, award):
    rendered(award)
    before = award.pdf_sha256
    storages["private"].delete(award.pdf)
    answer = client.get(at("download", award))
    assert answer["Location"] == at("award", award)
    rendered(award)
    assert award.pdf_sha256 == before
    assert closed(client.get(at("download", award))).status_code == 200


@pytest.mark.parametrize("state", ["suspended", "withdrawn", "replaced"])
def test_the_paper_of_one_that_is_stopped_cannot_be_had(client, award, state):
    rendered(award)
    award.changes.create(after=state, at=award.issued_at, reason="canary-reason")
    Award.objects.owned_by(award.person).update(state=state)
    for name in ("download", "text", "change"):
        assert client.get(at(name, award)).status_code == 404
    page = client.get(at("award", award))
    assert page.status_code == 200
    assert "canary" not in page.content.decode()
    assert "18 January 2026" in words(page)


def test_an_expired_one_can_still_be_had(client, award):
    rendered(award)
    Award.objects.owned_by(award.person).update(valid_until=award.earned_on)
    assert closed(client.get(at("download", award))).status_code == 200
    assert "Expired" in words(client.get(reverse("certificates:awards")))


def test_as_plain_text_it_says_the_same(client, award):
    answer = client.get(at("text", award))
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    said = answer.content.decode()
    for expected in (NAME, award.neutral_title, award.issuer, award.shown_code, "not a qualification", "/verify/"):
        assert expected in said


def test_another_title_makes_a_new_one(client, award):
    rendered(award)
    page = client.get(at("change", award))
    assert f'value="{NAME}"' in page.content.decode()
    answer = client.post(at("change", award), {"name": NAME, "title": "full"})
    new = Award.objects.owned_by(award.person).get(replaces=award)
    assert answer["Location"] == at("award", new)
    assert new.public_title == award.title
    listed = words(client.get(reverse("certificates:awards")))
    assert "Earlier ones" in listed
    assert "Replaced" in listed


def test_who_leads_groups_is_sent_to_their_agency_for_another_name(client):
    award = rendered(AwardFactory(leader=True))
    client.force_login(award.person)
    assert client.get(at("change", award)).status_code == 404
    page = client.get(at("award", award)).content.decode()
    assert "Change how it appears" not in page
    assert "Ring us" in page


def test_the_name_is_shown_to_checkers_by_a_switch(client, award):
    listed = reverse("certificates:awards")
    assert "can't see your name" in words(client.get(listed))
    answer = client.post(at("show_name", award), {"shows": "yes"}, follow=True)
    assert "sees your name" in words(answer)
    answer = client.post(at("show_name", award), {"shows": "no"}, follow=True)
    assert "can't see your name" in words(answer)


def test_the_list_says_on_which_days_the_code_was_checked(client, award):
    for _ in range(2):
        operations.count_lookup(award=award, day=date(2026, 3, 12))
    assert "12 March 2026: 2 times" in words(client.get(reverse("certificates:awards")))


@pytest.mark.parametrize("many", [1, 12])
def test_the_list_costs_the_same_however_long(client, django_assert_num_queries, many):
    person = PersonFactory()
    AwardFactory.create_batch(many, person=person)
    AwardFactory.create_batch(many, person=person, waiting=True)
    client.force_login(person)
    client.get(reverse("certificates:awards"))
    with django_assert_num_queries(5):  # session, person, roles, awards, lookups
        client.get(reverse("certificates:awards"))


def test_titles_of_pages_say_nothing(client, award):
    rendered(award)
    for address in (reverse("certificates:awards"), at("award", award), at("change", award)):
        title = re.search(r"<title>(.*?)</title>", client.get(address).content.decode(), re.DOTALL)[1]
        assert award.title not in title
        assert "adopt" not in title.lower()


def test_private_pages_are_not_kept(client, award):
    rendered(award)
    for name in ("award", "download", "text"):
        assert "no-store" in closed(client.get(at(name, award)))["Cache-Control"]


def test_no_page_has_styles_or_scripts_of_its_own(client, award):
    rendered(award)
    for address in (reverse("certificates:awards"), at("award", award), at("change", award)):
        main = client.get(address).content.decode().partition("<main")[2].partition("</main>")[0]
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=", main)


def test_a_claimed_one_is_claimed_by_its_page_alone(client):
    award = AwardFactory(waiting=True)
    claimed(award)
    client.force_login(award.person)
    assert "being made" in words(client.get(at("award", award)))
