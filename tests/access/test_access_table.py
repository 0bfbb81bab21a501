"""Every address has a line that says who may open it, and every kind of person is sent there to see if it holds."""

import re

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.access.table import Address, addresses, is_editor, written
from tests.access.world import World, missing, told

ADDRESSES = addresses()
OUTSIDE = [address for address in ADDRESSES if not is_editor(address)]
EDITOR = [address for address in ADDRESSES if is_editor(address)]
TABLE = written()
WORDS = ("anyone", "nobody", "door", "step", "signed in", "own", "dev")
STAFF = "staff: "
ROLES = {"trainer", "coordinator", "manager", "safeguarding_lead", "editor", "administrator"}
LISTED = [address for address in OUTSIDE if address.name in TABLE]


def _ask(client: Client, path: str) -> HttpResponse:
    """Open an address; one that only takes a form is sent an empty one. Whatever it did is undone."""
    client.cookies.pop("messages", None)  # what the page before had to say
    with transaction.atomic():
        answer = client.get(path)
        if answer.status_code == 405:
            answer = client.post(path)
        transaction.set_rollback(True)
    return answer


def _outcome(answer: HttpResponse) -> str:
    if answer.status_code == 500:
        return "broken"
    if answer.status_code == 404:
        return "none"
    if answer.headers.get("Location", "").startswith(reverse("account_login")):
        return "sign in"
    return "open"


def _steady(answer: HttpResponse) -> bytes:
    """The bytes without the token and the nonce, which differ in every answer."""
    return re.sub(rb'(name="csrfmiddlewaretoken" value|nonce)="[^"]+"', b"", answer.content)


def _paths(address: Address, world: World) -> dict[str, str]:
    """The address on either side and on none; one path for all where it takes nothing."""
    if not address.takes:
        return {"only": reverse(address.name) if "(" not in address.route else "/" + address.route}
    known = told(address.name, world.own)
    assert known is not None, f"say in tests/access/world.py what {address.name} must be told: {sorted(address.takes)}"
    sides = {"own": known, "foreign": told(address.name, world.foreign), "missing": missing(known)}
    return {side: reverse(address.name, kwargs=kwargs) for side, kwargs in sides.items()}


def _differs(paths: dict[str, str]) -> bool:
    """Whether the address names something that belongs to somebody."""
    return len(set(paths.values())) > 1 and paths.get("own") != paths.get("foreign")


# --- The table is whole --------------------------------------------------------------------------


def test_every_address_has_a_line():
    assert not sorted({address.name for address in OUTSIDE} - TABLE.keys())


def test_every_line_has_an_address():
    assert not sorted(TABLE.keys() - {address.name for address in ADDRESSES})


@pytest.mark.parametrize("name", sorted(TABLE))
def test_every_line_is_in_the_words_that_are_tried(name):
    who = TABLE[name]
    word, _, roles = who.removeprefix("own or ").partition(STAFF)
    assert (word in WORDS and not roles) or (not word and set(roles.split()) <= ROLES), who


def test_no_address_is_without_a_name():
    assert not [address.route for address in OUTSIDE if "(no name)" in address.name]


# --- The table holds -----------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize("address", LISTED, ids=lambda address: address.name)
def test_the_line_holds_for_everybody(world, address, settings):
    if address.name == "wagtail_serve":
        return _holds_for_unknown_pages(world)
    who, paths = TABLE[address.name], _paths(address, world)
    word, _, roles = who.partition(STAFF)
    wrong = list(RULES[word](world, paths, set(roles.split())))
    if who == "dev":
        settings.LMS_DEV_PAGES = False
        wrong += list(_nobody(world, paths, set()))
    assert not wrong
    return None


def _holds_for_unknown_pages(world):
    assert {_outcome(_ask(client, "/no/such/page/")) for client in world.clients.values()} == {"none"}


def _anyone(world, paths, roles):
    for name, client in world.clients.items():
        for side, path in paths.items():
            outcome = _outcome(_ask(client, path))
            if outcome not in ("open", "none"):
                yield f"{name} at {side}: {outcome}"


def _nobody(world, paths, roles):
    for name, client in world.clients.items():
        for side, path in paths.items():
            if (outcome := _outcome(_ask(client, path))) != "none":
                yield f"{name} at {side}: {outcome}"


def _door(world, paths, roles):
    for name, client in world.clients.items():
        for side, path in paths.items():
            if (outcome := _outcome(_ask(client, path))) != "sign in":
                yield f"{name} at {side}: {outcome}"


def _step(world, paths, roles):
    for name, client in world.clients.items():
        for side, path in paths.items():
            answer = _ask(client, path)
            if answer.status_code not in (302, 404):
                yield f"{name} at {side}: {answer.status_code}"


def _signed_in_only(world, paths, roles):
    for name, client in world.clients.items():
        for side, path in paths.items():
            outcome = _outcome(_ask(client, path))
            wanted = ("sign in",) if name == "anonymous" else ("open",) if side in ("only", "own") else ("open", "none")
            if outcome not in wanted:
                yield f"{name} at {side}: {outcome}, not {wanted}"


def _own(world, paths, roles):
    for name, client in world.clients.items():
        answers = {side: _ask(client, path) for side, path in paths.items()}
        outcomes = {side: _outcome(answer) for side, answer in answers.items()}
        if name == "anonymous":
            wrong = {side: outcome for side, outcome in outcomes.items() if outcome not in ("sign in", "none")}
        else:
            owned = {"own"} if _differs(paths) else {"own", "foreign", "only"}
            mine = (owned if name == "adopter" else set()) | _sides_of(name, roles, _differs(paths))
            wrong = {side: out for side, out in outcomes.items() if out != ("open" if side in mine else "none")}
            yield from _tells_apart(name, answers, mine)
        if wrong:
            yield f"{name}: {wrong}"


def _staff(world, paths, roles):
    belongs = _differs(paths)
    for name, client in world.clients.items():
        answers = {side: _ask(client, path) for side, path in paths.items()}
        outcomes = {side: _outcome(answer) for side, answer in answers.items()}
        if name == "anonymous":
            wanted = dict.fromkeys(paths, "sign in")
        else:
            mine = _sides_of(name, roles, belongs)
            wanted = {side: "open" if side in mine else "none" for side in paths}
            yield from _tells_apart(name, answers, mine)
        if outcomes != wanted:
            yield f"{name}: {outcomes}, not {wanted}"


def _sides_of(name, roles, belongs):
    """Where somebody of this name should get in."""
    if name == "outsider" and roles & {"trainer", "coordinator", "manager", "safeguarding_lead"}:
        return {"foreign", "only"} if belongs else {"own", "foreign", "only"}
    if name in roles:
        return {"own", "only"} if belongs else {"own", "foreign", "only"}
    return set()


def _tells_apart(name, answers, mine):
    """What is not theirs looks, to the byte, as if it did not exist."""
    none = answers.get("missing")
    if none is None or none.status_code != 404:
        return
    for side in answers.keys() - mine - {"missing"}:
        if answers[side].status_code == 404 and _steady(answers[side]) != _steady(none):
            yield f"{name} at {side}: can be told from what does not exist"


RULES = {
    "anyone": _anyone,
    "nobody": _nobody,
    "step": _step,
    "signed in": _signed_in_only,
    "own": _own,
    "own or ": _own,
    "dev": _anyone,
    "door": _door,
    "": _staff,
}


# --- Wagtail's own addresses, under one rule -----------------------------------------------------

WRITERS = {"trainer", "editor", "administrator", "superuser", "outsider"}
OPEN_IN_THE_EDITOR = {
    "wagtailadmin_login",
    "wagtailadmin_logout",
    "wagtailadmin_javascript_catalog",
    "wagtailadmin_sprite",
}
NUMBERS = {"slug": "none", "uuid": "00000000-0000-0000-0000-000000000000"}


def _editor_path(address: Address) -> str:
    """An address of the editor with a one wherever it takes something."""
    path = re.sub(r"<(\w+):\w+>", lambda part: NUMBERS.get(part[1], "1"), address.route)
    path = re.sub(r"\(\?P<\w+>[^)]*\)|\([^)]*\)", "1", path)
    return "/" + re.sub(r"[\^$\\]|\?$", "", path)


@pytest.mark.parametrize("address", EDITOR, ids=lambda address: address.name)
def test_the_editor_opens_for_writers_only(world, address):
    if address.name in OPEN_IN_THE_EDITOR:
        return
    for name in world.people.keys() - WRITERS:
        answer = _ask(world.clients[name], _editor_path(address))
        assert answer.status_code in (302, 403, 404, 405), f"{name}: {answer.status_code}"
        led_to = answer.headers.get("Location", "/").partition("?")[0]
        assert led_to == "/cms/login/" or not led_to.startswith("/cms/"), f"{name}: {led_to}"


PEOPLE_AND_GROUPS = ("/cms/users/", "/cms/groups/", "/cms/sites/", "/cms/reports/site-history/", "/cms/workflows/list/")


@pytest.mark.parametrize("path", PEOPLE_AND_GROUPS)
@pytest.mark.parametrize("name", ["trainer", "outsider", "editor", "administrator"])
def test_no_role_of_ours_keeps_people_or_the_platform_in_the_editor(world, path, name):
    answer = _ask(world.clients[name], path)
    assert answer.status_code != 200 or b"permission" in answer.content
