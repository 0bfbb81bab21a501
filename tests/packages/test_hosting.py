"""The second host: packages and nothing else, without cookies, for one launch and inside a frame."""

import json
from datetime import timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
import time_machine
from django.urls import reverse

from lms.courses import operations as courses
from lms.courses.models import Course
from lms.packages import hosting, operations
from lms.packages.models import Attempt, PartState
from lms.packages.operations import Launch
from tests.factories.accounts import PersonFactory
from tests.factories.courses import course_of, lesson_of, module_of, outline_of
from tests.factories.packages import BEGAN, learner_of, package_of
from tests.packages.made import Item, sound

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


@pytest.mark.parametrize(
    "path",
    [
        "files/../../../etc/passwd",
        "files/%2e%2e/%2e%2e/x",
        "files/",
        "files/none",
        "files/%00",
        f"files/{'x' * 300}",
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


# --- What a window tells -----------------------------------------------------------------------------


def tell(client, opened, body=None, **said):
    """Say it as the run-time does in its frame."""
    told = {"launch": str(opened.attempt.launch), "part": "intro", "sequence": 1, "cmi": {}, **said}
    headers = {"HTTP_HOST": HOST, "HTTP_SEC_FETCH_DEST": "empty"}
    body = json.dumps(told) if body is None else body
    return client.post(f"{base(opened)}tell", body, content_type="text/plain", **headers)


def test_what_the_package_tells_is_kept_once_and_what_it_comes_to_is_said(client, place):
    opened = launch(place)
    for _ in range(2):  # a line that broke in between
        answer = tell(client, opened, cmi={"suspend_data": "here"})
        assert answer.json() == {"part": False, "done": False}
    done = tell(client, opened, sequence=2, cmi={"core": {"lesson_status": "completed"}}, finished=True)
    assert done.json() == {"part": True, "done": True}
    over = tell(client, opened, sequence=3)
    assert (over.status_code, over.json()) == (409, {"code": "packages.is_over"})


def test_only_the_run_time_may_say_it_and_only_there(client, place):
    opened = launch(place)
    policy = ask(client, f"{base(opened)}frame/")["Content-Security-Policy"]
    assert f"connect-src https://{HOST}{base(opened)}tell;" in policy
    assert ask(client, f"{base(opened)}tell").status_code == 404


@pytest.mark.parametrize(
    "said",
    [
        {"launch": "x"},
        {"launch": str(UUID(int=0))},
        {"sequence": 0},
        {"sequence": "x"},
        {"sequence": 2**40},
        {"sequence": float("inf")},
        {"cmi": "x"},
        {"cmi": {"core": {"lesson_status": "banana"}}},
        {"cmi": {"suspend_data": "x" * 64_001}},
        {"part": "another"},
        {"cmi": {"x": float("nan")}},
        {"cmi": {"core": {"score": {"raw": [[1]]}}}},
        {"cmi": {"x": json.loads("[" * 21 + "]" * 21)}},
        {"cmi": {"x": "x" * 1_000_001}},
        {"cmi": {"x": float("inf")}},
        *({"body": body} for body in ("", "[]", "null", "{", '"x"', "[" * 100_000, "1e400")),
    ],
)
def test_what_is_malformed_is_refused_and_changes_nothing(client, place, said):
    opened = launch(place)
    answer = tell(client, opened, **said)
    assert (answer.status_code, answer.json()) == (422, {"code": "packages.not_kept"})
    assert not PartState.objects.exists()


def test_a_window_that_was_overtaken_hears_so(client, place):
    first = launch(place)
    launch(place)
    answer = tell(client, first)
    assert (answer.status_code, answer.json()) == (409, {"code": "packages.open_elsewhere"})


def test_who_left_the_course_or_closed_the_account_reads_no_more_of_it(client, place):
    _, learner, course, _ = place
    address = f"{base(launch(place))}files/index.html"
    courses.leave(person=learner, course=Course.objects.get(identity=course), now=NOW)
    assert ask(client, address).status_code == 404
    courses.enrol(person=learner, course=Course.objects.get(identity=course), now=NOW)
    assert ask(client, address).status_code == 200
    learner.is_active = False
    learner.save()
    assert ask(client, address).status_code == 404


def test_a_lesson_that_lost_it_serves_it_no_more(client, place):
    opened = launch(place)
    course_of(outline_of(module_of(lesson_of()), id=place[2], slug=f"with-{place[3]}"), now=NOW)
    assert ask(client, f"{base(opened)}files/index.html").status_code == 404
    assert tell(client, opened, cmi={"suspend_data": "last"}).status_code == 200  # and what was done is kept


@pytest.mark.parametrize("parts", [1, 40])
def test_telling_costs_the_same_few_questions_however_many_parts(client, parts, django_assert_num_queries):
    package = package_of(sound(*(Item(f"part-{n}", f"{n}.html") for n in range(parts))))
    opened = launch((package, *learner_of(package)))
    tell(client, opened, part="part-0")
    with django_assert_num_queries(5):  # begin, attempt, what all parts told, keep, end
        tell(client, opened, part="part-0", sequence=2, cmi={"suspend_data": "further on"})


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


def test_who_was_signed_out_meanwhile_comes_back_to_the_lesson(client, place):
    package, _, course, item = place
    for where, known in ((item, f"/%23item-{item}"), (uuid4(), "/my/learning/")):
        answer = client.post(page("launch", course, where, package.uuid))
        assert answer["Location"].startswith("/accounts/login/?next=/")
        assert answer["Location"].endswith(known)


def test_who_is_not_on_the_course_has_no_such_page(client, place):
    client.force_login(PersonFactory())
    assert opened(client, place).status_code == 404


def test_without_a_second_host_it_says_so_and_loses_nothing(learner, place, settings):
    settings.LMS_CONTENT_ORIGIN = ""
    answer = opened(learner, place)
    assert answer.status_code == 503
    assert "Nothing is lost" in answer.text


def test_opening_it_again_says_that_it_goes_on_here(client, learner, place):
    assert "It goes on here" not in opened(learner, place).text
    attempt = Attempt.objects.owned_by(place[1]).get()
    address = hosting.frame_address(Launch(attempt, attempt.version.parts[0])).removeprefix(f"https://{HOST}")
    assert ask(client, address).status_code == 200
    assert "It goes on here" in opened(learner, place).text
