"""Sessions by the days of a month or a week, and narrowed to what is asked for."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from lms.agencies.models import Role
from lms.webinars.models import Session, SessionPart, SessionState
from tests.factories.agencies import StaffRoleFactory
from tests.factories.cms import WorkshopPageFactory
from tests.factories.webinars import START, FacilitatorFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_week_before(at, now):
    at(now)


@pytest.fixture
def look(client, coordinator):
    client.force_login(coordinator)

    def go(name="desk_calendar", **query):
        return client.get(reverse(f"webinars:{name}"), query)

    return go


def text(answer):
    return answer.content.decode()


def days_with(answer):
    """The days that have something, with the titles."""
    days = [day for week in answer.context["weeks"] for day in week]
    return {day.date.isoformat(): [part.session.title for part in day.parts] for day in days if day.parts}


def test_a_month_shows_each_date_on_its_day(look, session):
    group = SessionFactory(agency=session.agency, title="Six evenings", weeks=4)
    found = days_with(look())
    assert found["2026-03-12"] == [session.title, "Six evenings"]
    assert found["2026-03-26"] == ["Six evenings"]
    assert found["2026-04-02"] == ["Six evenings"]  # in the last week of the page
    assert group.title in text(look(on="2026-04-15"))


def test_a_month_is_whole_weeks_from_monday(look):
    weeks = look(on="2026-03-15").context["weeks"]
    assert (weeks[0][0].date.isoformat(), weeks[-1][-1].date.isoformat()) == ("2026-02-23", "2026-04-05")
    assert {len(week) for week in weeks} == {7}


def test_a_week_shows_seven_days(look, session):
    answer = look(view="week", on="2026-03-12")
    assert [len(week) for week in answer.context["weeks"]] == [7]
    assert list(days_with(answer)) == ["2026-03-12"]
    assert "Week of Monday 9 March 2026" in text(answer)


def test_a_day_is_the_day_by_the_clock_of_the_session(look, session):
    """Half past midnight in Auckland is still the day before in London."""
    midnight = datetime(2026, 3, 19, 11, 30, tzinfo=UTC)
    SessionFactory(agency=session.agency, title="Far away", zone="Pacific/Auckland", starts_at=midnight)
    answer = look()
    assert days_with(answer)["2026-03-20"] == ["Far away"]
    assert "12:30am to 2am, Auckland time. For you: 11:30am to 1pm on Thursday 19 March, UK time" in text(answer)


@pytest.mark.parametrize("state", [SessionState.DRAFT, SessionState.CANCELLED, SessionState.PROPOSED])
def test_the_calendar_says_how_a_session_stands(look, session, state):
    SessionFactory(agency=session.agency, title="Another", state=state)
    assert state.label.capitalize() in text(look())


def test_one_sees_in_the_calendar_what_one_sees_in_the_list(look, client, session, trainer):
    SessionFactory(title="Of another agency")
    others = SessionFactory(agency=session.agency, title="Run by somebody else")
    assert days_with(look())["2026-03-12"] == [session.title, others.title]
    client.force_login(trainer)
    assert days_with(look())["2026-03-12"] == [session.title]


@pytest.fixture
def narrowed(session):
    """Five sessions that differ in what can be asked for."""
    page = WorkshopPageFactory()
    person = StaffRoleFactory(agency=session.agency, role=Role.TRAINER).person
    run = FacilitatorFactory(session=SessionFactory(agency=session.agency, title="Run by one"), person=person)
    SessionFactory(agency=session.agency, title="Of a workshop", workshop=page)
    SessionFactory(agency=session.agency, title="A group", kind="group")
    SessionFactory(agency=session.agency, title="Not yet", state=SessionState.DRAFT)
    return {"facilitator": run.person_id, "workshop": page.pk, "kind": "group", "state": "draft"}


@pytest.mark.parametrize("where", ["desk_calendar", "desk_sessions"])
@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("facilitator", "Run by one"),
        ("workshop", "Of a workshop"),
        ("kind", "A group"),
        ("state", "Not yet"),
    ],
)
def test_it_is_narrowed_to_what_is_asked_for(look, session, narrowed, where, asked, title):
    page = text(look(where, **{asked: narrowed[asked]}))
    entries = page[page.index("</form>") :]
    titles = {session.title, "Run by one", "Of a workshop", "A group", "Not yet"}
    assert {one for one in titles if f">{one}</a>" in entries} == {title}


def test_filters_keep_the_month_and_the_person(look, session):
    page = text(look(on="2026-03-01", view="week", mine="1"))
    for kept in ('name="on" value="2026-03-01"', 'name="view" value="week"', 'name="mine" value="1"'):
        assert kept in page


@pytest.mark.parametrize(
    "query",
    [
        {"on": "2026-13-45"}, {"on": "0001-01-01"}, {"on": "9999-12-31"}, {"view": "<script>"},
        {"facilitator": "x"}, {"facilitator": "999999999999999999999"}, {"workshop": "-1"}, {"state": "'"},
        {"agency": "nobody's"}, {"kind": "👪" * 500},
    ],
)  # fmt: skip
def test_an_odd_question_gets_a_plain_calendar(look, session, query):
    assert session.title in text(look(**query))
    assert look("desk_sessions", **query).status_code == 200


def test_an_empty_month_says_so(look):
    page = text(look(on="2030-03-01"))
    assert "No sessions this month." in page
    assert "No sessions this month that fit the filters." in text(look(on="2030-03-01", state="draft"))


def many(agency, count):
    """``count`` sessions within four weeks, each with a date and somebody who runs it."""
    person = StaffRoleFactory(agency=agency, role=Role.TRAINER).person
    moments = [START + timedelta(minutes=40 * n) - timedelta(days=7) for n in range(count)]
    made = Session.objects.bulk_create(
        Session(
            title=f"Session {n}", agency=agency, state=SessionState.PUBLISHED, starts_at=at,
            ends_at=at + timedelta(hours=1), booking_closes_at=at, created_at=START,
        )
        for n, at in enumerate(moments)
    )  # fmt: skip
    SessionPart.objects.bulk_create(
        SessionPart(session=s, number=1, local_start="", minutes=60, starts_at=s.starts_at, ends_at=s.ends_at)
        for s in made
    )
    for session in made[:2]:
        FacilitatorFactory(session=session, person=person)


@pytest.mark.parametrize("count", [2, 1000])
def test_a_month_costs_the_same_for_many(look, session, django_assert_num_queries, count):
    many(session.agency, count)
    look()
    with django_assert_num_queries(6):
        look()
