"""Finding a date that suits, without an account and without JavaScript."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from lms.webinars.finder import When, when_of
from lms.webinars.models import SessionState
from tests.factories.webinars import ROOM, VENUE, BookingFactory, SessionFactory, adopter

pytestmark = pytest.mark.django_db
THURSDAY = datetime(2026, 3, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _a_week_before(at, now):
    at(now)


@pytest.fixture
def dates(db):
    """One of each kind: in the evening, at lunch, in the morning, at the weekend and near somebody."""
    return [
        SessionFactory(title="Evening", starts_at=THURSDAY.replace(hour=19, minute=30), captions=True),
        SessionFactory(title="Lunch", starts_at=THURSDAY.replace(hour=12, minute=15), babies_welcome=True),
        SessionFactory(title="Morning", starts_at=THURSDAY.replace(hour=10)),
        SessionFactory(title="Saturday", starts_at=THURSDAY.replace(day=14, hour=10)),
        SessionFactory(in_person=True, title="Near", starts_at=THURSDAY.replace(day=13, hour=19)),
        SessionFactory(
            in_person=True, title="Far", region="Northern dales", starts_at=THURSDAY.replace(day=13, hour=10)
        ),
    ]


@pytest.fixture
def find(client):
    def go(**query):
        answer = client.get(reverse("webinars:sessions"), query)
        return [row.session.title for row in answer.context["rows"]]

    return go


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, ["Morning", "Lunch", "Evening", "Far", "Near", "Saturday"]),
        ({"when": "evening"}, ["Evening", "Near"]),
        ({"when": "lunchtime"}, ["Lunch"]),
        ({"when": "weekend"}, ["Saturday"]),
        ({"when": ["lunchtime", "weekend"]}, ["Lunch", "Saturday"]),
        ({"when": "daytime"}, ["Morning", "Far"]),
        ({"where": "venue"}, ["Far", "Near"]),
        ({"where": "online", "when": "evening"}, ["Evening"]),
        ({"area": "Calder valley"}, ["Near"]),
        ({"area": "Calder valley", "where": "online"}, ["Morning", "Lunch", "Evening", "Near", "Saturday"]),
        ({"captions": "on"}, ["Evening"]),
        ({"babies": "on"}, ["Lunch"]),
        ({"captions": "on", "when": "lunchtime"}, []),
    ],
)
def test_dates_are_narrowed_to_what_suits(find, dates, query, titles):
    assert find(**query) == titles


@pytest.mark.parametrize(
    "query",
    [{"when": "<script>"}, {"where": "moon"}, {"area": VENUE}, {"page": "x"}, {"page": "-1"}],
)
def test_an_odd_question_is_not_asked(find, dates, query):
    assert len(find(**query)) == 6


def test_somebody_abroad_looks_for_their_own_evening(client, find, dates):
    """Half past ten in the morning in London is the evening of that day in Auckland."""
    client.force_login(adopter(time_zone="Pacific/Auckland"))
    assert find(when="evening") == ["Morning", "Far"]


def test_only_what_can_be_seen_by_everybody_is_found(find, session):
    for state in (SessionState.DRAFT, SessionState.PROPOSED, SessionState.CANCELLED):
        SessionFactory(title="Hidden", state=state)
    SessionFactory(title="Begun", starts_at=THURSDAY - timedelta(days=30))
    assert find() == [session.title]


def test_nothing_secret_is_on_the_page(client, dates):
    page = client.get(reverse("webinars:sessions")).content.decode()
    assert ROOM not in page
    assert VENUE not in page


def test_ones_own_place_is_marked(client, dates):
    person = adopter()
    BookingFactory(session=dates[0], person=person)
    client.force_login(person)
    rows = client.get(reverse("webinars:sessions")).context["rows"]
    assert {row.session.title for row in rows if row.is_booked} == {"Evening"}


def test_no_dates_leads_on(client):
    assert "courses you can start any time" in client.get(reverse("webinars:sessions")).content.decode()


@pytest.mark.parametrize(
    ("local", "when"),
    [
        ("2026-03-12T11:29", When.DAYTIME),
        ("2026-03-12T11:30", When.LUNCHTIME),
        ("2026-03-12T13:59", When.LUNCHTIME),
        ("2026-03-12T14:00", When.DAYTIME),
        ("2026-03-12T16:59", When.DAYTIME),
        ("2026-03-12T17:00", When.EVENING),
        ("2026-03-13T23:30", When.EVENING),
        ("2026-03-14T12:00", When.WEEKEND),
        ("2026-03-15T19:30", When.WEEKEND),
    ],
)
def test_when_it_is_follows_the_clock(local, when):
    assert when_of(datetime.fromisoformat(local)) == when


@pytest.mark.parametrize("count", [1, 60])
def test_finding_costs_the_same_for_many(client, django_assert_num_queries, count):
    SessionFactory.create_batch(count)
    client.get(reverse("webinars:sessions"))
    with django_assert_num_queries(4):
        client.get(reverse("webinars:sessions"))
