"""Where rooms are made: set up by managers and administrators, tried by the worker, and no secret is shown again."""

from datetime import timedelta

import pytest
from django.urls import reverse

from lms.agencies.models import Role
from lms.audit.models import Entry
from lms.meetings import operations, tasks
from lms.meetings.models import Connection, words_in
from tests.factories.agencies import AgencyFactory, StaffRoleFactory
from tests.factories.meetings import ConnectionFactory, RoomFactory
from tests.factories.webinars import START
from tests.meetings.servers import SECRET, ZOOM_SECRETS

pytestmark = pytest.mark.django_db
rows = Connection.objects.unscoped(because="a test")


@pytest.fixture
def agency(db):
    return AgencyFactory()


@pytest.fixture
def desk(client, agency):
    """A manager of the agency, at their desk."""
    client.force_login(StaffRoleFactory(agency=agency, role=Role.MANAGER).person)
    return client


@pytest.fixture
def post(desk, agency):
    def go(name, **fields):
        return desk.post(reverse(f"meetings:desk_{name}"), {"agency": agency.slug, **fields})

    return go


def page(client, agency):
    return client.get(reverse("meetings:desk_rooms"), {"agency": agency.slug})


def test_a_manager_sets_a_server_up_and_the_worker_tries_it(bbb, desk, agency, post):
    fields = {"provider": "bigbluebutton", "bigbluebutton-address": bbb.address, "bigbluebutton-secret": SECRET}
    assert post("save", **fields).status_code == 302
    connection = rows.get()
    assert words_in(connection.secrets) == {"secret": SECRET}
    assert not bbb.heard  # nobody is called while somebody waits for a page
    waiting = page(desk, agency)
    assert "trying it out" in waiting.content.decode()
    assert waiting["Refresh"] == "5"
    tasks.try_out(connection_id=connection.pk)
    done = page(desk, agency)
    assert "It works." in done.content.decode()
    assert "Refresh" not in done
    assert Entry.objects.filter(action="rooms.saved").exists()


def test_what_is_wrong_is_said_in_words(bbb, desk, agency):
    connection = ConnectionFactory(agency=agency, address=bbb.address, secrets='{"secret": "another"}')
    operations.ask_for_trial(connection=connection, now=START)
    tasks.try_out(connection_id=connection.pk)
    assert "doesn&#x27;t take our secret any more" in page(desk, agency).content.decode()


def test_no_secret_is_ever_shown_again(desk, agency, post):
    import json

    ConnectionFactory(agency=agency, provider="zoom", address="https://zoom.us", secrets=json.dumps(ZOOM_SECRETS))
    typed = {"zoom-address": "https://example.org", "zoom-client_secret": "typed-just-now-canary"}
    shown = page(desk, agency).content.decode() + post("save", provider="zoom", **typed).content.decode()
    assert not any(secret in shown for secret in [*ZOOM_SECRETS.values(), "typed-just-now-canary"])
    assert reverse("meetings:hook", args=[rows.get().uuid]) in shown


def test_an_empty_secret_keeps_the_one_that_is_kept(bbb, agency, post):
    ConnectionFactory(agency=agency, address=bbb.address)
    post("save", provider="bigbluebutton", **{"bigbluebutton-address": bbb.address, "bigbluebutton-secret": ""})
    assert words_in(rows.get().secrets) == {"secret": SECRET}


def test_a_secret_is_not_sent_to_another_address(bbb, agency, post):
    ConnectionFactory(agency=agency, address=bbb.address)
    elsewhere = {"bigbluebutton-address": "https://evil.zoom.us/x", "bigbluebutton-secret": ""}
    assert post("save", provider="bigbluebutton", **elsewhere).status_code == 422
    assert rows.get().address == bbb.address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://example.org",
        "https://example.org",
        "https://127.0.0.1@zoom.us/",
        "javascript:1",
        "\U0001f642",
        "x" * 500,
    ],
)
def test_an_address_that_may_not_be_talked_to_is_refused(agency, post, address):
    fields = {"bigbluebutton-address": address, "bigbluebutton-secret": SECRET}
    answer = post("save", provider="bigbluebutton", **fields)
    assert answer.status_code == 422
    assert SECRET not in answer.content.decode()
    assert not rows.exists()


def test_new_rooms_are_made_where_was_chosen_and_made_ones_stay(agency, post):
    old = ConnectionFactory(agency=agency)
    new = ConnectionFactory(agency=agency, provider="zoom", is_chosen=False)
    made = RoomFactory(connection=old, state="ready", given="{}")
    wanted = RoomFactory(connection=old)
    assert post("choose", provider="zoom").status_code == 302
    for room, connection in ((made, old), (wanted, new)):
        room.refresh_from_db()
        assert room.connection == connection
    assert wanted.make_from == wanted.opens_at - timedelta(days=7)  # as early as the new one can be told, or as late
    assert post("choose", provider="").status_code == 302
    assert not rows.chosen().exists()
    assert post("choose", provider="jitsi").status_code == 422


def test_nobody_sets_up_the_rooms_of_another_agency(desk, agency):
    other = ConnectionFactory(is_chosen=False)
    fields = {"agency": other.agency.slug, "provider": "bigbluebutton"}
    for name in ("save", "choose", "try"):
        assert desk.post(reverse(f"meetings:desk_{name}"), fields).status_code == 404
    assert desk.get(reverse("meetings:desk_rooms"), {"agency": other.agency.slug}).status_code == 404
    other.refresh_from_db()
    assert not other.is_chosen
    assert other.trial_asked_at is None


def test_an_administrator_sets_up_any(client, agency):
    client.force_login(StaffRoleFactory(platform=True, role=Role.ADMINISTRATOR).person)
    assert agency.name in page(client, agency).content.decode()


@pytest.mark.parametrize("name", ["save", "choose", "try"])
def test_a_form_with_nothing_in_it_says_so(desk, agency, name):
    assert desk.post(reverse(f"meetings:desk_{name}")).status_code == 422
