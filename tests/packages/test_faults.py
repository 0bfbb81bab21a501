"""Thirty faults that players of packages have been seen to have, one by one: none of them is here."""

import json
import re
from uuid import UUID

import pytest
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from lms.courses import operations as courses
from lms.courses.models import Course, Enrolment, Round
from lms.packages import hosting, operations, rules, tasks
from lms.packages.judging import PackageRefused, judge
from lms.packages.manifest import read
from lms.packages.models import Attempt, Package, PartState, Version
from tests.factories.accounts import PersonFactory
from tests.factories.packages import LIMITS, learner_of, package_of, upload_of
from tests.packages.made import Item, manifest, sound, zipped
from tests.packages.test_sitting import NOW, Sitting, core, is_done

pytestmark = pytest.mark.django_db
WORDS_12 = (
    "LMSInitialize LMSFinish LMSGetValue LMSSetValue LMSCommit LMSGetLastError LMSGetErrorString LMSGetDiagnostic"
)
WORDS_2004 = "Initialize Terminate GetValue SetValue Commit GetLastError GetErrorString GetDiagnostic"
HOST = "content.hearth.example"


@pytest.fixture
def place():
    package = package_of()
    return (package, *learner_of(package))


@pytest.fixture
def learner(client, place):
    client.force_login(place[1])
    return client


def address(place):
    package, _, course, item = place
    return reverse("packages:launch", args=[course, item, package.uuid])


def refused(packed, *, match):
    with pytest.raises(PackageRefused, match=match):
        judge(packed)


def replaced(package, packed):
    """The package once a second version is ready."""
    operations.upload_version(
        package=package, file=upload_of(packed), on_replace="keep", actor=PersonFactory(), now=NOW, **LIMITS
    )
    tasks.unpack(version_id=Version.objects.get(number=2).pk)
    return Package.objects.unscoped(because="a test").select_related("latest").get(pk=package.pk)


# --- The engine speaks both standards ----------------------------------------------------------------


@pytest.mark.parametrize(("engine", "names"), [("scorm12.js", WORDS_12), ("scorm2004.js", WORDS_2004)])
def test_1_and_2_the_whole_api_of_each_standard_is_there(engine, names):
    script = hosting.PLAYER_FILES[engine].read_text()
    assert [name for name in names if not re.search(rf"\b{name}\b", script)] == []


# --- Taking a package in -----------------------------------------------------------------------------


def test_3_a_package_of_2004_can_be_started():
    version = package_of(sound(standard="2004")).latest
    assert (version.standard, version.parts[0]["href"]) == ("2004", "index.html")


def test_4_what_is_started_is_the_items_page_and_not_the_first_file():
    text = manifest(Item("a", "index.html"), asset_first=True).encode()
    assert read(text, files=frozenset({"index.html", "shared/logo.png"})).parts[0].href == "index.html"


def test_5_a_broken_manifest_is_said_and_not_swallowed():
    package = package_of(zipped({"imsmanifest.xml": "<manifest"}))
    assert package.latest is None
    assert "isn't sound XML" in Version.objects.get().refusal


def test_6_a_new_zip_brings_new_content():
    package = package_of()
    before = package.latest.folder
    after = replaced(package, sound(Item("new", "new.html"))).latest
    assert (after.parts[0]["href"], after.folder != before) == ("new.html", True)


def test_7_entities_of_a_manifest_are_never_expanded():
    with pytest.raises(PackageRefused, match="DTD"):
        read(b'<!DOCTYPE a [<!ENTITY b "c">]><manifest>&b;</manifest>', files=frozenset())


def test_8_keeping_a_package_is_one_row_and_one_version():
    package = package_of()
    assert list(Version.objects.values_list("package", "number")) == [(package.pk, 1)]


def test_9_a_bomb_is_refused_from_its_list_of_contents():
    refused(zipped({"big.html": b"0" * 20_000_000}), match="far too tightly")


def test_10_an_odd_path_is_refused_in_words_and_breaks_nothing():
    refused(zipped({"a/../b.txt": "x"}), match=r"a/\.\./b\.txt: The path")


def test_11_addresses_follow_where_the_content_lives(place, settings):
    settings.LMS_CONTENT_ORIGIN = "https://elsewhere.example"
    assert hosting.frame_address(Sitting(*place).opened).startswith("https://elsewhere.example/")


# --- What it says of a learner -----------------------------------------------------------------------


def test_12_the_first_time_is_new_the_next_is_resumed_and_time_adds_up(place):
    first = Sitting(*place)
    assert (first.state["core"]["entry"], first.state["core"].get("lesson_status", "")) == ("ab-initio", "")
    first.tell(core(exit="suspend", session_time="00:02:00"), finished=True)
    later = Sitting(*place).state["core"]
    assert (later["entry"], later["total_time"]) == ("resume", "00:02:00")


def test_13_only_words_of_the_standard_are_taken_and_passed_is_a_success():
    with pytest.raises(rules.NotUnderstood):
        rules.claim(core(lesson_status="banana"), standard="1.2", limits={})
    assert rules.claim(core(lesson_status="passed"), standard="1.2", limits={}).is_passed is True


def test_14_opening_it_again_takes_no_completion_back(place):
    sitting = Sitting(*place)
    sitting.tell(core(lesson_status="completed"))
    sitting.tell(core(lesson_status="incomplete"))
    assert is_done(place[1], place[3])


def test_15_words_of_2004_mean_something():
    said = {"completion_status": "completed", "success_status": "passed", "score": {"scaled": "0.9"}}
    claim = rules.claim({**said, "progress_measure": "1"}, standard="2004", limits={})
    assert (claim.is_complete, claim.is_passed, claim.score, claim.progress) == (True, True, 90, 100)


def test_16_what_is_only_ours_to_say_is_never_taken_from_it(place):
    Sitting(*place).tell(core(student_id="1", student_name="Somebody", total_time="99:00:00", credit="no-credit"))
    said = Sitting(*place).state["core"]
    assert said["student_id"] == str(Attempt.objects.owned_by(place[1]).get().uuid)
    assert (said["student_name"], said["total_time"], said["credit"]) == ("Learner", "00:00:00", "credit")


def test_17_messages_cannot_overtake_each_other(place):
    sitting = Sitting(*place)
    sitting.tell({"suspend_data": "second"}, sequence=2)
    sitting.tell({"suspend_data": "first"}, sequence=1)
    assert Sitting(*place).state["suspend_data"] == "second"


def test_18_closing_the_window_keeps_the_last_word(client, place, settings):
    settings.LMS_CONTENT_ORIGIN = f"https://{HOST}"
    opened = Sitting(*place).opened
    told = {"launch": str(opened.attempt.launch), "part": "intro", "sequence": 1, "cmi": {"suspend_data": "last"}}
    path = hosting.frame_address(opened).removeprefix(f"https://{HOST}").replace("/frame/", "/tell")
    client.post(path, json.dumps(told), content_type="text/plain", HTTP_HOST=HOST)
    assert Sitting(*place).state["suspend_data"] == "last"


def test_19_opening_it_twice_is_one_attempt(place):
    Sitting(*place), Sitting(*place)
    assert Attempt.objects.owned_by(place[1]).count() == 1


# --- Who may -----------------------------------------------------------------------------------------


def test_20_nothing_is_taken_without_our_token_or_a_signed_address(place, settings):
    settings.LMS_CONTENT_ORIGIN = f"https://{HOST}"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(place[1])
    assert strict.post(address(place)).status_code == 403
    told = {"launch": str(Sitting(*place).opened.attempt.launch), "part": "intro", "sequence": 1, "cmi": {}}
    for signed in ("", "guessed/", "eyJhdHRlbXB0IjoxfQ:1:x/"):
        answer = strict.post(f"/{signed}tell", json.dumps(told), content_type="text/plain", HTTP_HOST=HOST)
        assert answer.status_code == 404
    assert not PartState.objects.exists()


def test_21_looking_enrols_nobody(client, place):
    stranger = PersonFactory()
    client.force_login(stranger)
    assert client.get(address(place)).status_code == 405
    assert client.post(address(place)).status_code == 404
    assert not Enrolment.objects.owned_by(stranger).exists()


def test_22_who_may_not_be_in_the_lesson_may_not_be_in_its_package(place):
    package, _, course, item = place
    with pytest.raises(courses.NotLearning):
        Sitting(package, PersonFactory(), course, item)


def test_23_files_are_on_another_host_and_the_frame_is_shut_in_and_named(learner, place, settings):
    settings.LMS_CONTENT_ORIGIN = f"https://{HOST}"
    page = learner.post(address(place)).text
    frame = page[page.index("<iframe") : page.index("</iframe>")]
    assert 'sandbox="allow-scripts allow-same-origin"' in frame
    assert f'data-src="https://{HOST}/' in frame
    assert 'title="' in frame


def test_24_a_film_answers_in_parts(client, settings):
    settings.LMS_CONTENT_ORIGIN = f"https://{HOST}"
    package = package_of(sound(**{"clip.mp4": b"0123456789"}))
    opened = Sitting(package, *learner_of(package)).opened
    path = hosting.frame_address(opened).removeprefix(f"https://{HOST}").replace("/frame/", "/files/clip.mp4")
    answer = client.get(path, HTTP_HOST=HOST, HTTP_RANGE="bytes=0-3")
    assert (answer.status_code, b"".join(answer.streaming_content)) == (206, b"0123")


# --- What it comes to --------------------------------------------------------------------------------


def test_25_the_same_message_three_times_is_kept_once_and_odd_points_are_refused(place):
    sitting = Sitting(*place)
    for _ in range(3):
        sitting.tell(core(session_time="00:01:00"), sequence=1)
    assert list(PartState.objects.values_list("sequence", "sitting_seconds")) == [(1, 60)]
    with pytest.raises(rules.NotUnderstood):
        rules.claim({"score": {"scaled": "99"}}, standard="2004", limits={})


def test_26_the_best_points_stay_and_failing_is_not_finishing(place):
    sitting = Sitting(*place)
    for points in ("9", "2"):
        sitting.tell(core(lesson_status="failed", score={"raw": points}))
    assert PartState.objects.get().score == 9
    assert not is_done(place[1], place[3])


def test_27_a_lesson_is_found_by_identity_and_holds_only_its_own_package(place):
    _, learner, course, item = place
    with pytest.raises(courses.UnknownItem):
        Sitting(package_of(), learner, course, item)
    with pytest.raises(courses.UnknownItem):
        Sitting(place[0], learner, course, UUID(int=1))


def test_28_finishing_the_last_open_part_finishes_the_course(place):
    _, learner, course, _ = place
    lesson = UUID(Course.objects.get(identity=course).latest.outline["modules"][0]["lessons"][0]["id"])
    courses.read_lesson(learner=learner, course=course, lesson=lesson, client_id=lesson, now=NOW)
    assert Sitting(*place).tell(core(lesson_status="completed"))
    assert Round.objects.owned_by(place[1]).get().completed_at == NOW


def test_29_what_people_did_cannot_be_deleted_with_the_package(place):
    Sitting(*place)
    with pytest.raises(ProtectedError):
        place[0].delete()


def test_30_parts_keep_their_order_and_news_is_said_aloud(client, settings):
    settings.LMS_CONTENT_ORIGIN = f"https://{HOST}"
    package = package_of(sound(Item("Second", "b.html"), Item("First", "a.html")))
    person, course, item = learner_of(package)
    client.force_login(person)
    page = client.post(address((package, person, course, item))).text
    assert page.index("Second") < page.index("First")
    assert '<p id="package-status" role="status">' in page
    assert (page.count("<h1"), "<h3" in page.partition("<main")[2].partition("</main>")[0]) == (1, False)
