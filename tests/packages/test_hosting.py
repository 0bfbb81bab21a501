"""The second host: packages and nothing else, without cookies, for one launch and inside a frame."""

import json
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
import time_machine
from django.urls import reverse

from lms.packages import hosting, operations
from lms.packages.models import Attempt, PartState
from tests.factories.accounts import PersonFactory
from tests.factories.packages import BEGAN, learner_of, package_of
from tests.packages.made import sound

pytestmark = pytest.mark.django_db
HOST = "content.hearth.example"
NOW = BEGAN + timedelta(days=1)
FRAMED = {"HTTP_HOST": HOST, "HTTP_SEC_FETCH_DEST": "iframe"}


@pytest.fixture(autouse=True)
def second_host(settings):
    settings.LMS_CONTENT_ORIGIN = f"https://{HOST}"
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place():
    package = package_of(sound(**{"media/clip.mp4": b"0123456789"}))
    return (package, *learner_of(package))


def ask(client, path, **said):
    """Ask the second host, and read the file that it answers with to its end, which closes it."""
    answer = client.get(path, **{**FRAMED, **said})
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


def launch(place):
    package, learner, course, item = place
    return operations.open_part(learner=learner, package=package, course=course, item=item, part="", now=NOW)


def base(opened):
    return hosting.frame_address(opened).removeprefix(f"https://{HOST}").removesuffix("frame/")


def test_the_frame_has_the_state_at_hand_and_sets_no_cookie(client, place):
    opened = launch(place)
    answer = ask(client, f"{base(opened)}frame/")
    assert answer.status_code == 200
    assert not answer.cookies
    told = json.loads(
        unescape(answer.text.partition('id="told" type="application/json">')[2].partition("</script>")[0])
    )
    assert (told["href"], told["standard"], told["review"]) == ("../files/index.html", "1.2", False)
    assert told["state"]["core"]["entry"] == "ab-initio"
    for name in ("bridge.js", "scorm12.js", "frame.css"):
        assert ask(client, f"{base(opened)}player/{name}").status_code == 200


def test_it_is_shut_in(client, place):
    opened = launch(place)
    for path, is_silent in (("frame/", False), ("files/index.html", True), ("files/none.html", True)):
        answer = ask(client, f"{base(opened)}{path}")
        policy = answer["Content-Security-Policy"]
        assert ("connect-src 'none'" in policy) is is_silent
        assert "form-action 'none'" in policy
        assert "frame-ancestors 'self' http" in policy
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_frame_is_given_out_once_a_launch(client, place):
    address = f"{base(launch(place))}frame/"
    assert ask(client, address).status_code == 200
    assert ask(client, address).status_code == 404


def test_an_address_that_is_passed_on_opens_nothing(client, place):
    opened = launch(place)
    for path in ("frame/", "files/index.html"):
        answer = ask(client, f"{base(opened)}{path}", HTTP_SEC_FETCH_DEST="document")
        assert answer.status_code == 404


def test_files_answer_for_the_launch_alone(client, place):
    first = base(launch(place))
    assert ask(client, f"{first}files/index.html").status_code == 200
    launch(place)  # opened again, elsewhere
    assert ask(client, f"{first}files/index.html").status_code == 404


def test_after_twelve_hours_it_is_over(client, place):
    address = base(launch(place))
    with time_machine.travel(NOW + timedelta(hours=12, seconds=1), tick=False):
        assert ask(client, f"{address}files/index.html").status_code == 404


def test_an_account_that_is_closed_ends_it(client, place):
    address = base(launch(place))
    place[1].is_active = False
    place[1].save()
    assert ask(client, f"{address}files/index.html").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "files/../../../etc/passwd",
        "files/%2e%2e/%2e%2e/x",
        "files/",
        "files/none",
        "player/../hosting.py",
        "other/",
        "",
    ],
)
def test_nothing_else_is_there(client, place, path):
    assert ask(client, f"{base(launch(place))}{path}").status_code == 404


@pytest.mark.parametrize("path", ["/", "/my/", "/cms/", "/accounts/login/", "/static/lms/css/site.css", "/healthz"])
def test_nothing_of_the_site_is_on_the_second_host(client, path):
    assert ask(client, path).status_code == 404


def test_a_forged_address_opens_nothing(client, place):
    address = base(launch(place))
    assert ask(client, f"/x{address[1:]}files/index.html").status_code == 404
    assert client.post(f"{address}frame/", **FRAMED).status_code == 404


def test_part_of_a_film_can_be_asked_for(client, place):
    answer = client.get(f"{base(launch(place))}files/media/clip.mp4", HTTP_RANGE="bytes=2-4", **FRAMED)
    assert (answer.status_code, b"".join(answer.streaming_content)) == (206, b"234")


# --- The last word of a window that closes -----------------------------------------------------------


def last_word(client, place, opened, **said):
    """Say it as a browser does while it closes the window."""
    told = {"launch": str(opened.attempt.launch), "part": "intro", "sequence": 1, "cmi": {}, **said}
    headers = {"HTTP_HOST": HOST, "HTTP_SEC_FETCH_DEST": "empty"}
    return client.post(f"{base(opened)}tell", json.dumps(told), content_type="text/plain", **headers)


def test_the_last_word_of_a_closing_window_is_kept_once(client, place):
    opened = launch(place)
    for _ in range(2):  # the page around it may have heard it as well
        answer = last_word(client, place, opened, cmi={"suspend_data": "last"}, finished=True)
        assert (answer.status_code, answer.content) == (204, b"")
    assert json.loads(PartState.objects.get().state) == {"suspend_data": "last"}
    assert last_word(client, place, opened, sequence=2).status_code == 409


def test_only_the_run_time_may_say_it_and_only_there(client, place):
    opened = launch(place)
    policy = ask(client, f"{base(opened)}frame/")["Content-Security-Policy"]
    assert f"connect-src https://{HOST}{base(opened)}tell;" in policy
    assert ask(client, f"{base(opened)}tell").status_code == 404


@pytest.mark.parametrize("said", [{"launch": str(UUID(int=0))}, {"sequence": 0}, {"cmi": "x"}])
def test_a_last_word_that_is_none_changes_nothing(client, place, said):
    assert last_word(client, place, launch(place), **said).status_code == 404
    assert not PartState.objects.exists()


def test_a_window_that_was_overtaken_has_no_last_word(client, place):
    first = launch(place)
    launch(place)
    assert last_word(client, place, first).status_code == 409
    assert last_word(client, place, launch(place), cmi={"suspend_data": "x" * 64_001}).status_code == 422


# --- The page around it ------------------------------------------------------------------------------


def page(name, *args):
    return reverse(f"packages:{name}", args=args)


@pytest.fixture
def learner(client, place):
    client.force_login(place[1])
    return client


def opened(learner, place):
    package, _, course, item = place
    return learner.post(page("launch", course, item, package.uuid))


def test_the_page_holds_a_frame_that_is_kept_apart(learner, place):
    answer = opened(learner, place)
    assert answer.status_code == 200
    assert 'sandbox="allow-scripts allow-same-origin"' in answer.text
    assert f'data-src="https://{HOST}/' in answer.text
    assert "its own word" in answer.text


def test_opening_is_a_press_and_not_a_look(learner, place):
    package, _, course, item = place
    assert learner.get(page("launch", course, item, package.uuid)).status_code == 405


def test_who_is_not_on_the_course_has_no_such_page(client, place):
    client.force_login(PersonFactory())
    assert opened(client, place).status_code == 404


def send(learner, attempt, **said):
    told = {
        "launch": str(attempt.launch),
        "part": "intro",
        "sequence": 1,
        "finished": False,
        "cmi": {"core": {}},
        **said,
    }
    return learner.post(page("tell", attempt.uuid), json.dumps(told), content_type="application/json")


def test_what_the_package_tells_is_kept_and_said_so(learner, place):
    opened(learner, place)
    attempt = Attempt.objects.owned_by(place[1]).get()
    assert send(learner, attempt).json() == {"message": "Saved.", "done": False}
    done = send(learner, attempt, sequence=2, cmi={"core": {"lesson_status": "completed"}})
    assert done.json()["done"] is True


@pytest.mark.parametrize(
    "said",
    [
        {"launch": "x"},
        {"sequence": 0},
        {"sequence": "x"},
        {"sequence": 2**40},
        {"cmi": "x"},
        {"cmi": {"core": {"lesson_status": "banana"}}},
        {"part": "another"},
    ],
)
def test_what_is_malformed_is_refused_in_words(learner, place, said):
    opened(learner, place)
    answer = send(learner, Attempt.objects.owned_by(place[1]).get(), **said)
    assert answer.status_code in {409, 422}
    assert answer.json()["message"]
    assert not PartState.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "null", "{", '"x"', "[" * 100_000])
def test_a_body_that_is_no_message_is_refused(learner, place, body):
    opened(learner, place)
    attempt = Attempt.objects.owned_by(place[1]).get()
    answer = learner.post(page("tell", attempt.uuid), body, content_type="application/json")
    assert answer.status_code == 422


def test_a_window_that_was_overtaken_hears_so(learner, place):
    opened(learner, place)
    first = Attempt.objects.owned_by(place[1]).get()
    opened(learner, place)
    answer = send(learner, first)
    assert answer.status_code == 409
    assert "another window" in answer.json()["message"]


def test_nobody_else_can_tell(client, learner, place):
    opened(learner, place)
    attempt = Attempt.objects.owned_by(place[1]).get()
    client.force_login(PersonFactory())
    assert send(client, attempt).status_code == 404


def test_telling_needs_our_token(place):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(place[1])
    attempt = launch(place).attempt
    assert send(strict, attempt).status_code == 403


def test_without_a_second_host_it_says_so_and_loses_nothing(learner, place, settings):
    settings.LMS_CONTENT_ORIGIN = ""
    answer = opened(learner, place)
    assert answer.status_code == 503
    assert "Nothing is lost" in answer.text


def test_saving_costs_the_same_few_questions(learner, place, django_assert_max_num_queries):
    opened(learner, place)
    attempt = Attempt.objects.owned_by(place[1]).get()
    send(learner, attempt)
    with django_assert_max_num_queries(12):
        send(learner, attempt, sequence=2)


def test_an_id_that_is_no_id_is_no_page(learner):
    assert learner.post(page("tell", UUID(int=0)), "{}", content_type="application/json").status_code == 404
