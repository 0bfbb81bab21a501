"""A learner comes home to what they were doing, what is next and what is theirs."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from lms.certificates.models import RequirementKind
from lms.courses import operations as learning
from lms.courses.models import Round
from tests.certificates.reading import words
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import MembershipFactory, StaffRoleFactory
from tests.factories.certificates import AwardFactory, PathwayRecordFactory, RequirementFactory, completed_round
from tests.factories.cms import SiteTree
from tests.factories.courses import BEFORE, ReflectionFactory, course_of, lesson_of, module_of, outline_of
from tests.factories.webinars import START, BookingFactory, SessionFactory, adopter

pytestmark = pytest.mark.django_db
HOME = "/my/"


@pytest.fixture(autouse=True)
def _an_evening():
    with time_machine.travel("2026-03-10 21:47+00:00", tick=False):
        yield


@pytest.fixture(autouse=True)
def tree():
    return SiteTree()


def on_course(person, *minutes, title="Telling their story", now=BEFORE):
    """Put ``person`` on a course with a lesson of each length."""
    lessons = [lesson_of(number=n, minutes=m, title=f"{title} {n}") for n, m in enumerate(minutes, start=1)]
    course = course_of(outline_of(module_of(*lessons), title=title, slug=title.lower().replace(" ", "-")))
    learning.enrol(person=person, course=course, now=now)
    return course


def home(client, person):
    client.force_login(person)
    return client.get(HOME)


def test_a_newcomer_is_shown_a_way_to_begin(client):
    said = words(home(client, PersonFactory(display_name="Sam")))
    assert "Good evening, Sam" in said
    assert "Nothing here yet" in said
    assert "Ask my agency" in said
    assert "Only you can read it" in said


def test_the_greeting_follows_the_clock_where_the_reader_lives(client):
    assert "Good morning" in words(home(client, PersonFactory(time_zone="Pacific/Auckland")))


def test_the_course_last_seen_comes_first_and_carries_on_where_it_stopped(client):
    person = PersonFactory()
    on_course(person, 6, 8, title="Older")
    on_course(person, 9, 9, title="Newer", now=BEFORE + timedelta(days=1))
    page = home(client, person)
    said = words(page)
    assert "Newer, lesson 1 of 2" in said
    assert "Something shorter: Older 1, 6 minutes" in said
    assert said.index("Newer, lesson 1") < said.index("0 of 2 lessons done")
    assert page.content.decode().count('class="button"') == 1  # one next step


def test_nothing_longer_is_offered_as_something_shorter(client):
    person = PersonFactory()
    on_course(person, 12, title="Older")
    on_course(person, 5, title="Newer", now=BEFORE + timedelta(days=1))
    assert "Something shorter" not in words(home(client, person))


def test_having_been_away_is_fine(client):
    person = PersonFactory()
    on_course(person, 6)
    Round.objects.owned_by(person).update(last_seen_at=BEFORE - timedelta(days=40))
    assert "You were last here in January, and that's fine." in words(home(client, person))


def test_a_finished_course_is_not_under_way(client):
    person = PersonFactory()
    completed_round(person=person, at=BEFORE)
    said = words(home(client, person))
    assert "lessons done" not in said
    assert "Carry on" not in said


def test_places_and_waiting_lists_come_up_with_their_time(client):
    person = adopter()
    BookingFactory(person=person, session=SessionFactory(title="Mother's Day"))
    BookingFactory(
        person=person, session=SessionFactory(title="Moving up", starts_at=START + timedelta(days=5)), waiting=True
    )
    BookingFactory(person=person, session=SessionFactory(title="Long gone", starts_at=START - timedelta(days=60)))
    said = words(home(client, person))
    assert "Mother's Day" in said
    assert "Booked" in said
    assert "Moving up" in said
    assert "Waiting" in said
    assert "Long gone" not in said
    assert "rooms-canary" not in home(client, person).content.decode()


def test_a_verified_adopter_without_a_place_is_led_to_the_dates(client):
    said = words(home(client, adopter()))
    assert "You haven't booked anything" in said
    assert "Ask my agency" not in said


def test_who_has_asked_to_be_confirmed_is_told_that_we_write(client):
    person = MembershipFactory(asked=True).person
    assert "We'll write when they have" in words(home(client, person))


def test_the_pathway_says_how_far_it_is(client):
    record = PathwayRecordFactory()
    RequirementFactory.create_batch(2, pathway=record.pathway)
    RequirementFactory(
        pathway=record.pathway, kind=RequirementKind.COURSE, course=course_of(outline_of(module_of(lesson_of())))
    )
    page = home(client, record.person)
    assert "0 of 3 steps done. Two are with us." in words(page)
    assert reverse("certificates:pathway", args=[record.pathway.slug]) in page.content.decode()


def test_certificates_are_listed_and_those_to_be_claimed_say_so(client):
    award = AwardFactory()
    AwardFactory(person=award.person, waiting=True, title="Staying in touch")
    AwardFactory(person=award.person, state="withdrawn", neutral_title="Canary withdrawn")
    said = words(home(client, award.person))
    assert f"{award.neutral_title} January 2026" in said
    assert "Staying in touch Ready to make" in said
    assert "Canary" not in said


def test_notes_are_counted_and_never_shown(client):
    person = PersonFactory()
    ReflectionFactory.create_batch(2, person=person)
    ReflectionFactory()
    page = home(client, person)
    assert "2 notes. Only you can read them." in words(page)
    assert "canary-reflection" not in page.content.decode()


def test_nothing_of_anybody_else_is_on_it(client):
    other = adopter()
    on_course(other, 6, title="Canary course")
    BookingFactory(person=other, session=SessionFactory(title="Canary session"))
    AwardFactory(person=other, neutral_title="Canary award")
    assert "Canary" not in words(home(client, PersonFactory()))


def fill(person, many):
    """Give ``person`` a full life: ``many`` of everything."""
    for n in range(many):
        on_course(person, *([6] * (many + 1)), title=f"Course {n}")
        BookingFactory(person=person, session=SessionFactory())
        ReflectionFactory(person=person)
        AwardFactory(person=person)
    record = PathwayRecordFactory(person=person)
    RequirementFactory.create_batch(many, pathway=record.pathway)


@pytest.mark.parametrize("many", [1, 6])
def test_it_costs_the_same_however_much_there_is(client, django_assert_num_queries, many):
    person = adopter()
    fill(person, many)
    home(client, person)
    with django_assert_num_queries(20):  # three ask for a partner, or who would be one; one, whether letters come back
        client.get(HOME)


def test_strangers_are_asked_to_sign_in(client):
    assert client.get(HOME)["Location"].startswith("/accounts/login/")
    client.force_login(PersonFactory())
    assert client.post(HOME).status_code == 405


def test_the_page_is_private_and_its_title_neutral(client):
    page = home(client, PersonFactory())
    assert "no-store" in page["Cache-Control"]
    title = re.search(r"<title>(.*?)</title>", page.content.decode(), re.DOTALL)[1]
    assert title.startswith("My learning")


def test_an_administrator_is_led_to_what_they_look_after_and_others_are_not(client):
    administrator = StaffRoleFactory(platform=True, role="administrator").person
    for person, is_led in ((PersonFactory(), False), (administrator, True)):
        client.force_login(person)
        led_to = re.findall('href="(/desk/[^"]*)"', client.get("/my/").content.decode())
        assert bool(led_to) is is_led
    for path in led_to:
        page = client.get(path).content.decode()
        assert 'href="/my/">My page' in page
        assert 'href="/desk/"' not in page  # they have none
