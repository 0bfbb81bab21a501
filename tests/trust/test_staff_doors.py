"""Staff prove themselves twice, their sessions are short, and a role that is gone is gone at the next request."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from lms.agencies import operations
from lms.agencies.models import Role
from tests.factories.accounts import AdministratorFactory, PersonFactory
from tests.factories.agencies import StaffRoleFactory
from tests.trust.doors import add_passkey, app_code, is_in, prove_again, sign_in, sign_in_with_passkey, with_code_app

DESK = "/desk/people/"


@pytest.fixture
def asks_twice(settings):
    """As production does."""
    settings.LMS_STAFF_SECOND_FACTOR = True


def coordinator(**role):
    return StaffRoleFactory(**role).person


def goes_to(answer):
    return answer.headers.get("Location", "").partition("?")[0]


# --- The second factor ---------------------------------------------------------------------------


@pytest.mark.parametrize("door", [DESK, "/cms/"])
def test_a_password_alone_opens_no_door_to_staff_who_have_a_second_factor(client, db, asks_twice, door):
    person = coordinator()
    sign_in(client, person)  # signed in before the app was set up
    with_code_app(person)
    answer = client.get(door)
    assert goes_to(answer) == reverse("mfa_reauthenticate")
    assert answer.headers["Location"].endswith(f"?next={door.replace('/', '%2F')}")


def test_the_page_they_are_led_to_lets_them_pass_and_leads_back(client, db, asks_twice):
    person = coordinator()
    sign_in(client, person)
    with_code_app(person)
    asked = client.get(DESK)
    passed = client.post(asked.headers["Location"], {"code": app_code()})
    assert passed.headers["Location"] == DESK
    assert client.get(DESK).status_code == 200


def test_staff_without_a_second_factor_are_led_to_set_one_up_and_then_pass(client, db, asks_twice):
    sign_in(client, coordinator())
    asked = client.get(DESK, follow=True)
    assert asked.redirect_chain[-1][0].startswith(reverse("mfa_index"))
    assert "needs a second step" in asked.content.decode()
    add_passkey(client)
    assert goes_to(client.get(DESK)) == reverse("mfa_reauthenticate_webauthn")


def test_a_passkey_added_today_is_enough_to_pass_and_never_loops(client, db, asks_twice):
    sign_in(client, coordinator())
    key = add_passkey(client)
    page = client.get(client.get(DESK).headers["Location"])
    passed = client.post(
        page.request["PATH_INFO"] + "?next=" + DESK,
        {"credential": key.sign(page.context["js_data"]["request_options"])},
    )
    assert passed.headers["Location"] == DESK
    assert client.get(DESK).status_code == 200


def test_signing_in_with_a_passkey_counts_as_both(client, db, asks_twice):
    sign_in(client, coordinator())
    key = add_passkey(client)
    client.post(reverse("account_logout"))
    sign_in_with_passkey(client, key)
    assert client.get(DESK).status_code == 200


def test_the_code_given_at_sign_in_counts(client, db, asks_twice):
    person = coordinator()
    with_code_app(person)
    sign_in(client, person)
    client.post(reverse("mfa_authenticate"), {"code": app_code()})
    assert client.get(DESK).status_code == 200


def test_a_password_typed_again_is_no_second_factor(client, db, asks_twice):
    person = coordinator()
    sign_in(client, person)
    with_code_app(person)
    prove_again(client)
    assert goes_to(client.get(DESK)) == reverse("mfa_reauthenticate")


def test_the_proof_of_one_person_is_nothing_to_the_next_in_the_same_browser(client, db, asks_twice):
    first, second = coordinator(), coordinator()
    with_code_app(first)
    sign_in(client, first)
    client.post(reverse("mfa_authenticate"), {"code": app_code()})
    client.post(reverse("account_logout"))
    sign_in(client, second)
    assert goes_to(client.get(DESK)) == reverse("mfa_index")


def test_a_form_sent_before_the_second_step_changes_nothing(client, db, asks_twice):
    person = coordinator(role=Role.MANAGER)
    sign_in(client, person)
    with_code_app(person)
    answer = client.post(reverse("agencies:invite"), {"address": "new@example.org"})
    assert goes_to(answer) == reverse("mfa_reauthenticate")


def test_an_administrator_from_the_command_line_is_asked_too(client, db, asks_twice):
    sign_in(client, AdministratorFactory())
    assert goes_to(client.get("/cms/")) == reverse("mfa_index")


def test_learners_are_not_asked(client, db, asks_twice):
    sign_in(client, PersonFactory())
    assert client.get("/my/preferences/").status_code == 200
    assert client.get(DESK).status_code == 404


def test_production_asks_and_the_local_demo_does_not(settings):
    from lms.settings import base, local

    assert base.LMS_STAFF_SECOND_FACTOR
    assert not local.LMS_STAFF_SECOND_FACTOR


# --- Time ----------------------------------------------------------------------------------------

NINE = datetime(2026, 3, 28, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("page", [DESK, "/my/preferences/"])
def test_staff_are_out_after_half_an_hour_whatever_page_they_open(client, db, time_machine, page):
    time_machine.move_to(NINE)
    sign_in(client, coordinator())
    assert client.get(page).status_code == 200
    time_machine.move_to(NINE + timedelta(minutes=31))
    assert goes_to(client.get(page)) == reverse("account_login")


def test_what_staff_typed_is_shown_to_them_once_their_time_is_over(client, db, time_machine):
    time_machine.move_to(NINE)
    sign_in(client, coordinator())
    client.get(DESK)
    time_machine.move_to(NINE + timedelta(minutes=31))
    path, page = reverse("webinars:desk_cancel", args=[uuid4()]), "http://testserver/desk/sessions/?when=past"
    answer = client.post(path, {"reason": "The heating has failed", "next": "/x/"}, headers={"Referer": page})
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "The heating has failed" in text
    assert "/x/" not in text
    assert 'href="/accounts/login/?next=/desk/sessions/%3Fwhen%3Dpast"' in text


@pytest.mark.parametrize(
    "told", ["", "https://elsewhere.example/desk/", "http://testserver//elsewhere.example/", "http://["]
)
def test_who_was_signed_out_is_led_to_no_place_but_ours(client, db, told):
    answer = client.post(reverse("accounts:letters"), {"wanted": "course_reminder"}, headers={"Referer": told})
    assert 'href="/accounts/login/?next=/my/"' in answer.content.decode()


def test_an_address_that_only_takes_forms_says_so(client, db):
    client.force_login(coordinator())
    answer = client.get(reverse("webinars:desk_publish", args=[uuid4()]))
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "only takes what a button sends" in answer.content.decode()


def test_staff_who_go_on_working_stay_in(client, db, time_machine):
    time_machine.move_to(NINE)
    sign_in(client, coordinator())
    for minutes in range(0, 120, 20):
        time_machine.move_to(NINE + timedelta(minutes=minutes))
        assert client.get("/my/preferences/").status_code == 200


def test_no_session_of_staff_is_longer_than_a_long_day(client, db, time_machine):
    sign_in_at = NINE
    time_machine.move_to(sign_in_at)
    sign_in(client, coordinator())
    answers = []
    for minutes in range(0, 12 * 60 + 21, 20):
        time_machine.move_to(sign_in_at + timedelta(minutes=minutes))
        answers.append(client.get(DESK).status_code)
    assert answers[:-1] == [200] * (len(answers) - 1)
    assert answers[-1] == 302


def test_learners_stay_in_for_a_fortnight(client, db, time_machine):
    time_machine.move_to(NINE)
    sign_in(client, PersonFactory())
    client.get("/my/preferences/")
    time_machine.move_to(NINE + timedelta(days=13, hours=23))
    assert is_in(client)
    time_machine.move_to(NINE + timedelta(days=14, hours=1))
    assert not is_in(client)


def test_a_session_that_ran_out_is_gone_from_the_database(client, db, time_machine):
    time_machine.move_to(NINE)
    sign_in(client, coordinator())
    key = client.session.session_key
    time_machine.move_to(NINE + timedelta(minutes=31))
    client.get(DESK)
    assert not client.session.exists(key)


def test_who_becomes_staff_while_signed_in_gets_the_short_session(client, db, time_machine):
    time_machine.move_to(NINE)
    person = PersonFactory()
    sign_in(client, person)
    StaffRoleFactory(person=person)
    client.get(DESK)
    time_machine.move_to(NINE + timedelta(minutes=31))
    assert not is_in(client)


# --- Rights that end -----------------------------------------------------------------------------


def test_a_role_that_is_taken_away_is_gone_at_the_next_request(client, db, now):
    row = StaffRoleFactory()
    sign_in(client, row.person)
    assert client.get(DESK).status_code == 200
    operations.revoke_role(staff_role=row, actor=None, now=now)
    assert client.get(DESK).status_code == 404


def test_a_writer_s_way_into_the_editor_ends_with_the_role(client, db, now):
    person = PersonFactory()
    row = operations.grant_role(person=person, role=Role.EDITOR, agency=None, actor=None, now=now)
    sign_in(client, person)
    assert client.get("/cms/").status_code == 200
    operations.revoke_role(staff_role=row, actor=None, now=now)
    assert client.get("/cms/").status_code != 200


def test_staff_moved_to_another_agency_see_only_the_new_one(db, now):
    from lms.agencies.access import rights_of

    row = StaffRoleFactory()
    other = StaffRoleFactory(person=row.person)
    operations.revoke_role(staff_role=row, actor=None, now=now)
    assert rights_of(type(row.person).objects.get(pk=row.person_id)).scope(Role.COORDINATOR).agency_ids == {
        other.agency_id
    }


def test_a_stranger_s_browser_is_asked_to_sign_in(db):
    assert goes_to(Client().get(DESK)) == reverse("account_login")
