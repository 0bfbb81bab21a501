"""What adopters see and press, without JavaScript."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils.html import escape

from lms.outbox.models import Message
from lms.webinars import operations
from lms.webinars.models import Booking, BookingState, Session, SessionState
from tests.factories.accounts import PersonFactory
from tests.factories.cms import CoursePageFactory, SiteTree, TopicFactory, WorkshopPageFactory
from tests.factories.webinars import START, BookingFactory, FacilitatorFactory, SessionFactory, adopter

pytestmark = pytest.mark.django_db
rows = Booking.objects.unscoped(because="a test")
NOT_A_UUID = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(autouse=True)
def _a_week_before(at, now):
    at(now)


@pytest.fixture
def page():
    tree = SiteTree()
    course = CoursePageFactory(parent=tree.catalogue, title="Looking after you")
    found = WorkshopPageFactory(
        parent=tree.workshops,
        title="Staying in touch",
        slug="staying-in-touch",
        leave_with="A plan\nA sentence",
        before_you_come="Eat first",
        agenda=[{"minutes": 10, "title": "Welcome"}],
        content_note="Loss and separation.",
    )
    found.topics.add(TopicFactory(slug="staying", title="Staying in touch", dye="madder", weave="rings"))
    found.linked_courses.add(course)
    found.save()
    return found


@pytest.fixture
def see(client):
    def go(name, session=None, *, person=None, data=None, **query):
        if person:
            client.force_login(person)
        args = [session.uuid] if session else []
        address = reverse(f"webinars:{name}", args=args, query=query or None)
        return client.get(address) if data is None else client.post(address, data)

    return go


def text(answer):
    """The page, with straight apostrophes."""
    return answer.content.decode().replace("\u2019", "'").replace("&#x27;", "'")


# --- The workshop ---------------------------------------------------------------------------------
def test_a_workshop_page_shows_what_it_is_and_when(client, page):
    session = SessionFactory(workshop=page, captions=True, capacity=6)
    BookingFactory.create_batch(2, session=session)
    answer = client.get("/workshops/staying-in-touch/")
    assert answer.status_code == 200
    for words in (
        "Staying in touch",
        "7:30pm to 9pm",
        "4 places left",
        "Live captions",
        "Loss and separation.",
        "A sentence",
        "Welcome",
        "Eat first",
        "Looking after you",
        "Book this one",
    ):
        assert words in text(answer)


def test_it_shows_the_reader_s_own_place(client, page, person):
    booked = SessionFactory(workshop=page)
    SessionFactory(workshop=page, starts_at=START + timedelta(days=7))
    BookingFactory(session=booked, person=person)
    client.force_login(person)
    page_text = text(client.get("/workshops/staying-in-touch/"))
    assert "You're booked for Thursday 12 March" in page_text
    assert page_text.count("Book this one") == 1
    assert "The room opens Thursday 12 March at 7:15pm" in page_text


def test_a_stranger_reads_no_names(client, page):
    session = SessionFactory(workshop=page)
    FacilitatorFactory(session=session, person__display_name="Marguerite Canary")
    BookingFactory(session=session, person=adopter(display_name="Robin Canary"))
    assert "Canary" not in text(client.get("/workshops/staying-in-touch/"))


def test_drafts_cancelled_and_past_dates_are_not_offered(client, page):
    SessionFactory(workshop=page, draft=True)
    SessionFactory(workshop=page, state=SessionState.CANCELLED)
    SessionFactory(workshop=page, starts_at=START - timedelta(days=30))
    assert "No dates just now" in text(client.get("/workshops/staying-in-touch/"))


def test_it_looks_the_same_in_the_editor_s_preview(page, rf):
    SessionFactory(workshop=page)
    shown = page.make_preview_request()
    assert shown.status_code == 200
    assert "7:30pm to 9pm" in text(shown)
    assert "Book this one" in text(shown)


def test_a_new_page_can_be_previewed_before_it_is_saved(page):
    draft = type(page)(title="New", slug="new", neutral_title="New", summary="New", minutes=60)
    draft.path, draft.depth = page.path[:-4] + "0099", page.depth
    assert draft.make_preview_request().status_code == 200


@pytest.mark.parametrize("slug", ["no-such", "x" * 300])
def test_an_unknown_workshop_is_not_found(client, page, slug):
    assert client.get(f"/workshops/{slug}/").status_code == 404


def test_an_unpublished_workshop_is_not_found(client, page):
    page.unpublish()
    assert client.get("/workshops/staying-in-touch/").status_code == 404


@pytest.mark.parametrize("dates", [1, 30])
def test_a_workshop_page_costs_the_same_with_many_dates(client, page, django_assert_num_queries, person, dates):
    for n in range(dates):
        session = SessionFactory(workshop=page, starts_at=START + timedelta(days=n), capacity=None)
        FacilitatorFactory(session=session)
        BookingFactory(session=session)
        BookingFactory(session=session, person=person)
    client.force_login(person)
    client.get("/workshops/staying-in-touch/")
    with django_assert_num_queries(11):  # who reads, the page and its words, its dates, one's own places
        client.get("/workshops/staying-in-touch/")


# --- Booking --------------------------------------------------------------------------------------
def test_booking_asks_what_would_help_and_leads_to_the_booking(see, session, person):
    page = see("book", session, person=person)
    assert "What would help you take part?" in text(page)
    answer = see("book", session, data={"access_needs": "Large print"})
    assert answer.status_code == 302
    assert answer.url == reverse("webinars:session", args=[session.uuid])
    assert rows.get().access_needs == "Large print"
    shown = text(see("session", session))
    assert "You're booked for Thursday 12 March, 7:30pm." in shown
    assert "Large print" in shown


def test_a_double_click_books_once(see, session, person):
    for _ in range(2):
        assert see("book", session, person=person, data={}).status_code == 302
    assert rows.count() == 1
    assert Message.objects.count() == 1


def test_who_is_not_verified_is_told_how_to_be(see, session):
    stranger = PersonFactory()
    assert "/my/verification/" in text(see("book", session, person=stranger))
    refused = see("book", session, data={"access_needs": "Large print"})
    assert refused.status_code == 422
    assert "/my/verification/" in text(refused)
    assert not rows.exists()


REFUSALS = {
    "no list": ({"capacity": 0, "waiting_list_cap": 0}, "waiting list is full"),
    "closed": ({"booking_closes_at": START - timedelta(days=8)}, "has closed"),
    "not open yet": ({"booking_opens_at": START - timedelta(days=1)}, "Booking opens Wednesday 11 March at 7:30pm"),
    "cancelled": ({"state": SessionState.CANCELLED}, "cancelled"),
    "past": ({"starts_at": START - timedelta(days=9)}, "over"),
}


@pytest.mark.parametrize("why", REFUSALS)
def test_a_refusal_says_why_and_keeps_what_was_typed(see, person, why):
    facts, words = REFUSALS[why]
    session = SessionFactory(**facts)
    refused = see("book", session, person=person, data={"access_needs": "A seat near the door"})
    assert refused.status_code == 422
    assert words in text(refused)
    assert "A seat near the door" in text(refused)
    assert not rows.exists()


def test_the_last_place_that_just_went_offers_the_list(see, person):
    session = SessionFactory(capacity=1)
    see("book", session, person=person)
    BookingFactory(session=session)
    assert see("book", session, data={}).status_code == 302
    assert "the waiting list for" in text(see("session", session))


def test_too_long_a_request_is_given_back(see, session, person):
    typed = "z" * 501
    refused = see("book", session, person=person, data={"access_needs": typed})
    assert refused.status_code == 422
    assert typed in text(refused)
    assert not rows.exists()


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "🧸\u202e"]
)
def test_what_is_typed_is_shown_as_text(see, session, person, typed):
    see("book", session, person=person, data={"access_needs": typed})
    shown = text(see("session", session))
    assert escape(typed).replace("&#x27;", "'") in shown
    assert "<script>alert" not in shown


def test_a_nul_is_refused(see, session, person):
    assert see("book", session, person=person, data={"access_needs": "a\x00b"}).status_code == 400


def test_booking_and_giving_up_without_end_is_limited(see, session, person):
    answers = [see("book", session, person=person, data={}).status_code for _ in range(61)]
    assert answers[-2:] == [302, 429]


# --- Waiting and giving up ------------------------------------------------------------------------
@pytest.fixture
def full():
    session = SessionFactory(capacity=1)
    BookingFactory(session=session)
    return session


def test_the_rule_of_the_list_stands_beside_the_button(see, full, person):
    page = text(see("wait", full, person=person))
    assert "first come, first served" in page
    assert "two days when there's a week or more to go" in page


@pytest.mark.parametrize(("cap", "said"), [(0, "There's no waiting list for this one."), (1, "list is full as well.")])
def test_where_the_list_takes_nobody_nobody_is_sent_to_it(see, full, page, person, cap, said):
    Session.objects.unscoped(because="a test").filter(pk=full.pk).update(waiting_list_cap=cap, workshop=page)
    BookingFactory(session=full, waiting=True)
    for name in ("session", "wait", "book"):
        shown = text(see(name, full, person=person))
        assert said in shown
        assert "Join the waiting list</a>" not in shown
        assert "Join the waiting list</button>" not in shown
    mine = BookingFactory(session=SessionFactory(workshop=page), person=person)
    assert "no other date" in text(see("swap", mine.session))


def test_joining_the_list_and_leaving_it(see, full, person):
    assert see("wait", full, person=person, data={}).status_code == 302
    assert "You're first." in text(see("session", full))
    assert "Leave the waiting list?" in text(see("cancel", full))
    assert see("cancel", full, data={}).status_code == 302
    assert rows.get(person=person).state == BookingState.CANCELLED


def test_near_the_start_the_list_page_offers_the_free_place(see, full, person, at):
    see("wait", full, person=person, data={})
    holder = rows.exclude(person=person).get()
    at(START - timedelta(hours=5))
    operations.cancel_booking(booking=holder, actor=holder.person, now=START - timedelta(hours=5))
    assert "A place is free on Thursday 12 March" in text(see("session", full))
    assert "Book it now" in text(see("my_bookings"))
    assert see("book", full, data={}).status_code == 302
    assert rows.get(person=person).state == BookingState.BOOKED


def test_nobody_joins_the_list_of_a_session_with_places(see, session, person):
    refused = see("wait", session, person=person, data={})
    assert refused.status_code == 422
    assert reverse("webinars:book", args=[session.uuid]) in text(refused)


def test_giving_up_asks_once_and_hints_at_a_swap(see, page, person):
    session = SessionFactory(workshop=page)
    BookingFactory(session=session, person=person)
    asked = text(see("cancel", session, person=person))
    assert "Give up your place?" in asked
    assert reverse("webinars:swap", args=[session.uuid]) in asked
    assert rows.get().state == BookingState.BOOKED
    assert see("cancel", session, data={}).status_code == 302
    assert rows.get().state == BookingState.CANCELLED


def test_giving_up_twice_is_no_failure(see, session, person):
    BookingFactory(session=session, person=person)
    assert [see("cancel", session, person=person, data={}).status_code for _ in range(2)] == [302, 302]
    assert Message.objects.filter(kind="booking_cancelled").count() == 1


def test_what_has_begun_is_not_given_up(see, session, person, at):
    BookingFactory(session=session, person=person)
    at(START)
    refused = see("cancel", session, person=person, data={})
    assert refused.status_code == 422
    assert "begun" in text(refused)
    assert rows.get().state == BookingState.BOOKED


@pytest.mark.parametrize("name", ["cancel", "needs", "join", "calendar_file"])
def test_somebody_else_s_booking_is_nobody_s_business(see, session, person, name):
    BookingFactory(session=session)
    data = {} if name == "needs" else None
    assert see(name, session, person=person, data=data).status_code == 404


@pytest.mark.parametrize("name", ["session", "book", "wait", "cancel", "join", "calendar_file"])
def test_missing_draft_and_forbidden_are_the_same_page(client, person, name):
    client.force_login(person)
    draft = SessionFactory(draft=True)
    answers = [client.get(reverse(f"webinars:{name}", args=[uuid])) for uuid in (draft.uuid, NOT_A_UUID)]
    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("name", ["book", "wait", "cancel"])
def test_signing_in_comes_first_and_leads_back(see, session, name):
    answer = see(name, session, data={})
    assert answer.status_code == 302
    assert answer.url == f"/accounts/login/?next={reverse(f'webinars:{name}', args=[session.uuid])}"


def test_reading_a_page_changes_nothing(see, full, person):
    BookingFactory(session=full, person=person, waiting=True)
    for name in ("session", "book", "wait", "cancel"):
        see(name, full, person=person)
    assert rows.get(person=person).state == BookingState.WAITING
    assert not Message.objects.exists()


def test_needs_can_be_changed_on_the_page(see, session, person):
    BookingFactory(session=session, person=person)
    assert see("needs", session, person=person, data={"access_needs": "Captions"}).status_code == 302
    assert rows.get().access_needs == "Captions"
    assert see("cancel", SessionFactory(), data={}).status_code == 404
    refused = see("needs", session, data={"access_needs": "z" * 501})
    assert refused.status_code == 422
    assert rows.get().access_needs == "Captions"


def test_needs_of_a_booking_that_is_over_are_not_kept(see, session, person):
    BookingFactory(session=session, person=person, state=BookingState.CANCELLED)
    assert see("needs", session, person=person, data={"access_needs": "Captions"}).status_code == 404
    assert rows.get().access_needs == ""


def test_a_post_without_the_form_s_token_is_refused(session, person):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    assert strict.post(reverse("webinars:book", args=[session.uuid])).status_code == 403
    assert not rows.exists()


# --- Pages about one date -------------------------------------------------------------------------
def test_a_stranger_reads_the_date_and_is_asked_to_sign_in(see, session):
    page = text(see("session", session))
    assert "Thursday 12 March" in page
    assert f"/accounts/login/?next=/sessions/{session.uuid}/" in page


def test_who_lives_by_another_clock_sees_both(see, session):
    page = text(see("session", session, person=adopter(time_zone="Pacific/Auckland")))
    assert "7:30pm to 9pm, UK time. For you: 8:30am to 10am on Friday 13 March, Auckland time" in page


def test_a_cancelled_date_says_why(see, page, person, coordinator, now):
    session = SessionFactory(workshop=page)
    BookingFactory(session=session, person=person)
    operations.cancel_session(session=session, actor=coordinator, reason="Marguerite is ill.", now=now)
    shown = text(see("session", session, person=person))
    assert "Marguerite is ill." in shown
    assert "/workshops/staying-in-touch/" in shown
    assert "Marguerite" not in text(see("session", session, person=adopter()))


def test_titles_in_the_browser_s_tab_are_neutral(see, session, person):
    BookingFactory(session=session, person=person)
    for name in ("session", "book", "wait", "cancel", "join", "my_bookings", "my_calendar"):
        answer = see(name, None if name.startswith("my_") else session, person=person)
        title = text(answer).split("<title>")[1].split("</title>")[0]
        assert session.title not in title
        assert "adopt" not in title.lower()


# --- My bookings ----------------------------------------------------------------------------------
def test_bookings_are_sorted_into_ahead_past_and_cancelled(see, person):
    def booking(days, state):
        session = SessionFactory(starts_at=START + timedelta(days=days), title=f"{state} {days}")
        return BookingFactory(session=session, person=person, state=state, queue_number=1)

    booking(0, "booked")
    booking(1, "waiting")
    booking(-30, "attended")
    booking(-31, "partial")
    booking(-32, "absent")
    booking(-33, "booked")
    booking(2, "cancelled")
    shown = see("my_bookings", person=person)
    bookings = shown.context["bookings"]
    assert [row.session.title for row in bookings.coming] == ["booked 0", "waiting 1"]
    assert [row.session.title for row in bookings.past] == ["attended -30", "partial -31", "absent -32", "booked -33"]
    assert [row.session.title for row in bookings.cancelled] == ["cancelled 2"]
    for words in (
        "You were there.",
        "for part of it",
        "that's fine",
        "hasn't been settled yet",
        "Another date",
    ):
        assert words in text(shown)


def test_the_join_button_is_there_when_the_room_is_open(see, session, person, at):
    BookingFactory(session=session, person=person)
    at(START)
    assert reverse("webinars:join", args=[session.uuid]) in text(see("my_bookings", person=person))


def test_without_bookings_there_is_one_way_on(see, person):
    page = text(see("my_bookings", person=person))
    assert "Nothing booked" in page
    assert "/workshops/" in page


def test_nobody_sees_anybody_else_s_bookings(see, session, person):
    BookingFactory(session=session)
    assert session.title not in text(see("my_bookings", person=person))


@pytest.mark.parametrize("count", [1, 25])
def test_my_bookings_cost_the_same_however_many(client, person, django_assert_num_queries, count):
    for n in range(count):
        BookingFactory(person=person, session=SessionFactory(starts_at=START + timedelta(days=n - 5)))
    client.force_login(person)
    client.get(reverse("webinars:my_bookings"))
    with django_assert_num_queries(5):  # session, person, roles, bookings, dates
        client.get(reverse("webinars:my_bookings"))


# --- No script, no inline style, nothing left open --------------------------------------------------
class Markup(HTMLParser):
    """Collects what our content security policy forbids, and ids that are used twice."""

    def __init__(self):
        super().__init__()
        self.ids, self.wrong, self.labels, self.boxes = [], [], set(), set()

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.wrong += [name for name in found if name == "style" or name.startswith("on")]
        if tag == "script" and not found.get("src"):
            self.wrong.append("inline script")
        self.ids += [found["id"]] if "id" in found else []


def pages(see, session, full, person):
    yield see("session", session)
    for name in ("session", "book", "wait", "cancel", "join"):
        yield see(name, session, person=person)
    yield see("book", full, person=person)
    yield see("wait", full)
    yield see("my_bookings")
    yield see("my_calendar")


def test_the_markup_holds_nothing_that_is_forbidden(see, session, full, person):
    BookingFactory(session=session, person=person)
    for answer in pages(see, session, full, person):
        markup = Markup()
        markup.feed(text(answer))
        assert not markup.wrong, answer.request["PATH_INFO"]
        assert len(markup.ids) == len(set(markup.ids)), answer.request["PATH_INFO"]


# --- Tags for other rooms' pages ------------------------------------------------------------------
def test_tags_give_other_pages_what_comes_next(page, django_assert_num_queries):
    from lms.webinars.templatetags import webinars_tags as tags

    other = WorkshopPageFactory(parent=page.get_parent())
    first = SessionFactory(workshop=page)
    SessionFactory(workshop=page, starts_at=START + timedelta(days=7))
    second = SessionFactory(workshop=other, starts_at=START + timedelta(days=1))
    SessionFactory(workshop=other, draft=True)
    assert tags.upcoming_sessions(2) == [first, second]
    with django_assert_num_queries(1):
        dates = tags.next_dates([page.pk, other.pk, 10**6])
    assert dates == {page.pk: first, other.pk: second}
    loaded = Session.objects.unscoped(because="a test").get(pk=first.pk)
    assert "room_address" in dates[page.pk].get_deferred_fields()
    assert "room_address" not in loaded.get_deferred_fields()
