"""The door to other people's servers."""

import socket

import pytest

from lms.common import web
from lms.common.web import CallFailed, Trouble
from tests.servers import Server, running

HOSTS = ["zoom.us", "rooms.agency.example"]


class Plain(Server):
    def well(self, method, path, headers, body):
        return 200, b'{"well": true}', {}


@pytest.fixture
def server():
    with running(Plain) as server:
        yield server


def trouble_of(address, **more):
    with pytest.raises(CallFailed) as fault:
        web.call("GET", address, hosts=HOSTS, **more)
    return fault.value


def test_an_answer_is_read_to_its_end(server):
    assert web.call("GET", f"{server.url}/x", hosts=HOSTS).json() == {"well": True}


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


@pytest.mark.parametrize(
    ("mood", "patience"), [("slow", "READ"), ("dripping in the head", "TOGETHER"), ("dripping in the body", "TOGETHER")]
)
def test_nobody_waits_for_a_slow_server(server, monkeypatch, mood, patience):
    monkeypatch.setattr(web, patience, 0.1)
    server.mood = mood
    assert trouble_of(f"{server.url}/x").trouble == Trouble.SLOW


def test_a_server_that_is_away_is_away(server):
    server.go_away()
    server.mood = "away"
    assert trouble_of(f"{server.url}/x").trouble == Trouble.AWAY


@pytest.mark.parametrize("body", [b"<html>", b"[1]", b"null", b'{"a": "\xff"}', b"[" * 200_000, b"9" * 5_000])
def test_an_answer_that_is_no_object_is_wrong(body):
    with pytest.raises(CallFailed):
        web.Answer(200, body).json()


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
        "https://[",
        "",
        "x" * 3000,
    ],
)
def test_only_known_hosts_are_called(settings, address):
    settings.LMS_PROVIDERS_MAY_BE_LOCAL = False
    assert not web.may_be_called(address, HOSTS)
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
        ["224.0.0.1"],
        ["64:ff9b::a00:8"],
        ["2002:a00:8::1"],
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


@pytest.mark.parametrize(
    "address",
    [
        "https://zoom.us/j/1",
        "https://us02web.zoom.us/j/1?pwd=a",
        "https://rooms.agency.example/b/x",
        "https://zoom.us:443/j/1",
        "https://ZOOM.us/j/1",
    ],
)
def test_a_room_may_be_on_a_host_that_is_allowed(address):
    assert web.host_allowed(address, HOSTS)


@pytest.mark.parametrize(
    "address",
    [
        "http://zoom.us/j/1",
        "https://evilzoom.us/j/1",
        "https://zoom.us.evil.example/j/1",
        "https://zoom.us@evil.example/",
        "https://evil.example/zoom.us",
        "https://evil.example#zoom.us",
        "https://zoom.us:8443/j/1",
        "https://zoom.us:port/j/1",
        "//zoom.us/j/1",
        "/\\zoom.us",
        "https:zoom.us",
        "https://zoom.us\\@evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "blob:https://zoom.us/1",
        "https://zoom.us/j/1\nX: y",
        "https://zoom.us/j/1 2",
        "https://z\u043eom.us/j/1",
        "https://[zoom.us/j/1",
        "https://",
        "zoom.us/j/1",
    ],
)
def test_any_other_address_is_no_room(address):
    assert not web.host_allowed(address, HOSTS)
