"""The door to other people's servers."""

import socket

import pytest

from lms.meetings import web
from lms.meetings.web import ProviderFault, Trouble
from tests.meetings.servers import Server, running


class Plain(Server):
    def well(self, method, path, headers, body):
        return 200, b'{"well": true}', {}


@pytest.fixture
def server():
    with running(Plain) as server:
        yield server


def trouble_of(address, **more):
    with pytest.raises(ProviderFault) as fault:
        web.call("GET", address, **more)
    return fault.value


def test_an_answer_is_read_to_its_end(server):
    assert web.call("GET", f"{server.url}/x").json() == {"well": True}


@pytest.mark.parametrize(
    ("mood", "trouble"),
    [
        ("broken", Trouble.AWAY),
        ("busy", Trouble.BUSY),
        ("long", Trouble.WRONG),
        ("elsewhere", Trouble.WRONG),
    ],
)
def test_what_goes_wrong_has_a_name(server, mood, trouble):
    server.mood = mood
    assert trouble_of(f"{server.url}/x").trouble == trouble


def test_a_busy_server_says_how_long_to_wait(server):
    server.mood = "busy"
    assert trouble_of(f"{server.url}/x").wait == 120


def test_nobody_waits_for_a_slow_server(server, monkeypatch):
    monkeypatch.setattr(web, "READ", 0.05)
    server.mood = "slow"
    assert trouble_of(f"{server.url}/x").trouble == Trouble.SLOW


def test_a_server_that_is_away_is_away(server):
    server.go_away()
    server.mood = "away"
    assert trouble_of(f"{server.url}/x").trouble == Trouble.AWAY


def test_an_answer_that_is_no_object_is_wrong(server):
    server.mood = "wrong"
    with pytest.raises(ProviderFault):
        web.call("GET", f"{server.url}/x").json()


def test_no_redirect_is_followed(server):
    server.mood = "elsewhere"
    trouble_of(f"{server.url}/x")
    assert len(server.heard) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://zoom.us/x",
        "https://zoom.us.example.org/",
        "https://someone@zoom.us/",
        "https://zoom.us:8443/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest/",
        "ftp://zoom.us/",
        "file:///etc/passwd",
        "https://zoom.us\\@example.org/",
        "",
        "x" * 3000,
    ],
)
def test_only_known_hosts_are_called(settings, address):
    settings.LMS_PROVIDERS_MAY_BE_LOCAL = False
    assert not web.may_be_called(address)
    assert trouble_of(address).trouble == Trouble.FORBIDDEN


@pytest.mark.parametrize(
    "numbers",
    [
        ["127.0.0.1"],
        ["10.0.0.8"],
        ["192.168.1.1"],
        ["169.254.169.254"],
        ["100.64.0.1"],
        ["::1"],
        ["fe80::1"],
        ["::ffff:10.0.0.8"],
        ["0.1.2.3"],
        ["93.184.216.34", "10.0.0.8"],
    ],
)
def test_a_known_name_that_leads_inside_is_not_called(settings, monkeypatch, numbers):
    settings.LMS_PROVIDERS_MAY_BE_LOCAL = False
    entries = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, 443)) for number in numbers]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: entries)
    assert trouble_of("https://rooms.zoom.us/x").trouble == Trouble.FORBIDDEN


def test_the_address_that_was_looked_at_is_the_one_that_is_called(settings, monkeypatch):
    """A name may mean something else a moment later."""
    settings.LMS_PROVIDERS_MAY_BE_LOCAL = False
    entries = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: entries)
    asked = []

    def refuse(adapter, request, *args, **more):
        asked.append((request.url, request.headers["Host"], adapter.host))
        raise OSError

    monkeypatch.setattr(web.HTTPAdapter, "send", refuse)
    assert trouble_of("https://rooms.zoom.us/x?a=1").trouble == Trouble.AWAY
    assert asked == [("https://93.184.216.34:443/x?a=1", "rooms.zoom.us", "rooms.zoom.us")]
