"""Markup that somebody types is words, wherever it is shown: page, desk, letter, download."""

import json
from pathlib import Path

import nh3
import pytest
from django.urls import reverse

from lms.accounts.operations import Preferences, save_preferences
from lms.agencies.models import Role
from lms.agencies.operations import request_membership
from lms.common.html import plain, sanitise
from lms.outbox.models import Message
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, StaffRoleFactory
from tests.trust.doors import prove_again, sign_in

CORPUS = json.loads((Path(__file__).parent.parent / "data" / "xss-corpus.json").read_text())
LIVE = (
    "<script>alert",
    "onerror=alert",
    "<svg",
    "<iframe",
    "<base",
    "<meta http-equiv",
    "<form><",
    "<style>@",
    "javascript:",
)
GONE = (
    "<script",
    "onerror=",
    "onbegin=",
    "<svg",
    "<iframe",
    "<base",
    "<meta",
    "<form",
    "<style",
    "javascript:",
    "<img",
)
KEPT = {"p", "br", "h2", "h3", "h4", "strong", "b", "em", "i", "ul", "ol", "li", "a", "blockquote", "hr"}
SCHEMES = {"https", "mailto", "tel"}


def live_in(body, payload):
    """The parts of a payload that came out as they went in."""
    return [sign for sign in LIVE if sign in payload and payload in body]


@pytest.mark.parametrize("name", CORPUS)
def test_a_name_is_inert_wherever_it_is_shown(client, db, now, name):
    payload = " ".join(plain(CORPUS[name]).split())[:80]
    person, agency = PersonFactory(), AgencyFactory(name=f"Agency {payload}"[:100])
    known = {"full_titles": True, "time_zone": "Europe/London", "content_notices": True}
    save_preferences(person=person, chosen=Preferences(payload, "Wilhelmina Canary", "day", **known))
    request_membership(person=person, agency=agency, now=now)
    sign_in(client, person)
    prove_again(client)
    pages = [reverse(page) for page in ("accounts:preferences", "agencies:verification")]
    bodies = [client.get(page).content.decode() for page in (*pages, reverse("accounts:download", args=["html"]))]
    client.force_login(StaffRoleFactory(agency=agency, role=Role.MANAGER).person)
    bodies.append(client.get(reverse("agencies:people")).content.decode())
    bodies += Message.objects.values_list("html", flat=True)
    assert not any(live_in(body, payload) for body in bodies)


@pytest.mark.parametrize("name", CORPUS)
def test_the_one_door_lets_no_payload_through_alive(name):
    cleaned = sanitise(CORPUS[name]).lower()
    assert not [sign for sign in GONE if sign in cleaned]
    assert 'href="data:' not in cleaned
    assert 'href="//' not in cleaned


@pytest.mark.parametrize("name", CORPUS)
def test_another_engine_has_nothing_left_to_take_out(name):
    cleaned = str(sanitise(CORPUS[name]))
    again = nh3.clean(cleaned, tags=KEPT, attributes={"a": {"href"}}, url_schemes=SCHEMES, link_rel=None)
    assert again.replace("&gt;", ">") == cleaned.replace("&gt;", ">")
