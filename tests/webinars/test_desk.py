"""What staff see and press."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from lms.agencies.models import Role
from lms.webinars import registers
from lms.webinars.models import Attendance, Booking, BookingState, Session, SessionPart, SessionState
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import StaffRoleFactory
from tests.factories.webinars import ROOM, START, BookingFactory, FacilitatorFactory, SessionFactory, adopter

pytestmark = pytest.mark.django_db
rows = Booking.objects.unscoped(because="a test")
sessions = Session.objects.unscoped(because="a test")
NOT_A_UUID = "00000000-0000-4000-8000-000000000000"
OF_ONE = ["desk_session", "desk_edit", "desk_cancel", "desk_print"]
PRESSED = ["desk_publish", "desk_mark", "desk_cancel", "desk_edit"]


@pytest.fixture(autouse=True)
def _a_week_before(at, now):
    at(now)


@pytest.fixture
def see(client):
    def go(name, session=None, *, person=None, data=None, **query):
        if person:
            client.force_login(person)
        address = reverse(f"webinars:{name}", args=[session.uuid] if session else [], query=query or None)
        return client.get(address) if data is None else client.post(address, data)

    return go


def text(answer):
    return answer.content.decode()


def without_token(answer):
    """The page without what is different at every request."""
    return re.sub(r'value="\w{64}"', "", text(answer))


# --- Who may open what ----------------------------------------------------------------------------
def outsiders(session):
    """People to whom a session at the desk does not exist."""
    other_trainer = StaffRoleFactory(agency=session.agency, role=Role.TRAINER)
    return {
        "an adopter": adopter(),
        "booked": BookingFactory(session=session).person,
        "a trainer who does not run it": other_trainer.person,
        "another agency's coordinator": StaffRoleFactory(role=Role.COORDINATOR).person,
        "another agency's manager": StaffRoleFactory(role=Role.MANAGER).person,
        "safeguarding": StaffRoleFactory(agency=session.agency, role=Role.SAFEGUARDING_LEAD).person,
        "an editor": StaffRoleFactory(platform=True).person,
        "a former coordinator": StaffRoleFactory(agency=session.agency, revoked_at=START).person,
        "a superuser": PersonFactory(is_staff=True, is_superuser=True),
    }


def test_a_session_of_others_does_not_exist(see, session):
    for who, person in outsiders(session).items():
        answers = [see(name, session, person=person).status_code for name in OF_ONE]
        answers += [see(name, session, data={"reason": "x"}).status_code for name in PRESSED]
        assert set(answers) == {404}, who
    session.refresh_from_db()
    assert session.state == SessionState.PUBLISHED


def test_forbidden_and_missing_are_the_same_page(client, session):
    client.force_login(StaffRoleFactory(role=Role.COORDINATOR).person)
    for name in OF_ONE:
        forbidden = client.get(reverse(f"webinars:{name}", args=[session.uuid]))
        missing = client.get(reverse(f"webinars:{name}", args=[NOT_A_UUID]))
        assert forbidden.status_code == missing.status_code == 404
        assert without_token(forbidden).replace(str(session.uuid), "") == without_token(missing).replace(NOT_A_UUID, "")


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.MANAGER])
def test_coordinators_and_managers_see_all_of_their_agency(see, session, role):
    SessionFactory(title="Of another agency")
    person = StaffRoleFactory(agency=session.agency, role=role).person
    page = text(see("desk_sessions", person=person))
    assert session.title in page
    assert "Of another agency" not in page


def test_trainers_see_what_they_run_or_made(see, session, trainer):
    made = SessionFactory(agency=session.agency, created_by=trainer, title="Made by me")
    others = SessionFactory(agency=session.agency, title="Somebody else's")
    elsewhere = SessionFactory(title="Run for another agency")
    FacilitatorFactory(session=elsewhere, person=trainer)
    page = text(see("desk_sessions", person=trainer))
    assert session.title in page
    assert made.title in page
    assert others.title not in page
    assert elsewhere.title not in page


def test_a_role_in_one_agency_opens_nothing_in_another(see, session):
    """Coordinator here and trainer there: all of here, one's own of there."""
    there = SessionFactory(title="Theirs there")
    mine = SessionFactory(agency=there.agency, title="Mine there")
    person = StaffRoleFactory(agency=session.agency, role=Role.COORDINATOR).person
    StaffRoleFactory(person=person, agency=there.agency, role=Role.TRAINER)
    FacilitatorFactory(session=mine, person=person)
    page = text(see("desk_sessions", person=person))
    assert (session.title in page, "Mine there" in page, "Theirs there" in page) == (True, True, False)
    chosen = text(see("desk_sessions", agency=there.agency.slug))
    assert (session.title in chosen, "Mine there" in chosen) == (False, True)


def test_the_list_can_be_narrowed(see, session, trainer, coordinator):
    SessionFactory(agency=session.agency, title="Long gone", starts_at=START - timedelta(days=60))
    SessionFactory(agency=session.agency, title="Called off", state=SessionState.CANCELLED)
    coming = text(see("desk_sessions", person=coordinator))
    past = text(see("desk_sessions", when="past"))
    assert (session.title in coming, "Long gone" in coming, "Called off" in coming) == (True, False, False)
    assert (session.title in past, "Long gone" in past, "Called off" in past) == (False, True, True)
    assert session.title not in text(see("desk_sessions", mine="1"))
    assert session.title in text(see("desk_sessions", person=trainer, mine="1"))


@pytest.mark.parametrize("query", [{"page": "99"}, {"page": "x"}, {"when": "<script>"}, {"agency": "nobody's"}])
def test_an_odd_question_gets_a_plain_list(see, coordinator, query):
    assert see("desk_sessions", person=coordinator, **query).status_code == 200


# --- Scheduling -----------------------------------------------------------------------------------
@pytest.fixture
def typed(trainer):
    return {
        "title": "Staying in touch",
        "neutral_title": "Keeping connections",
        "kind": "workshop",
        "zone": "Europe/London",
        "where": "online",
        "room_address": ROOM,
        "capacity": "12",
        "facilitators": [str(trainer.pk)],
        "date_1": "2026-03-26",
        "time_1": "19:30",
        "minutes_1": "90",
    }


def keep(see, answer, typed, name="desk_schedule", session=None):
    """Press "keep" on the page that shows the dates."""
    seen = answer.context["form"].fingerprint
    return see(name, session, data={**typed, "seen": seen, "keep": "1"})


def test_the_dates_are_shown_before_anything_is_kept(see, trainer, typed):
    answer = see("desk_schedule", person=trainer, data={**typed, "date_2": "2026-04-02", "time_2": "19:30"})
    assert answer.status_code == 200
    assert "Thursday 26 March 2026, 7:30pm to 9pm" in text(answer)
    assert "Thursday 2 April 2026, 7:30pm to 9pm" in text(answer)
    assert not sessions.filter(created_by=trainer).exists()


def test_what_was_shown_is_kept_as_a_draft_and_published(see, trainer, typed, session):
    answer = keep(see, see("desk_schedule", person=trainer, data=typed), typed)
    made = sessions.get(created_by=trainer)
    assert answer.url == reverse("webinars:desk_session", args=[made.uuid])
    assert (made.state, made.agency, made.capacity) == ("draft", session.agency, 12)
    assert made.room_address == ROOM
    assert see("session", made).status_code == 404
    assert "This is a draft" in text(see("desk_session", made))
    assert see("desk_publish", made, data={}).status_code == 302
    assert see("session", made).status_code == 200


def test_dates_that_changed_since_are_shown_again(see, trainer, typed):
    shown = see("desk_schedule", person=trainer, data=typed)
    moved = {**typed, "date_1": "2026-03-27"}
    answer = keep(see, shown, moved)
    assert answer.status_code == 200
    assert "Friday 27 March 2026" in text(answer)
    assert not sessions.filter(created_by=trainer).exists()


WRONG = {
    "no date": ({"date_1": ""}, "Choose a date"),
    "no time": ({"time_1": ""}, "Choose a time"),
    "half a second date": ({"date_2": "2026-04-02"}, "Choose a time for this date"),
    "a second time without a day": ({"time_2": "10:00"}, "Choose a date for this time"),
    "a time that does not exist": ({"date_1": "2027-03-28", "time_1": "01:30"}, "the clocks go forward"),
    "a time that happens twice": ({"date_1": "2027-10-31", "time_1": "01:30"}, "The second, after"),
    "dates that overlap": ({"date_2": "2026-03-26", "time_2": "20:00"}, "Two of the dates overlap"),
    "a year that nobody means": ({"date_1": "9999-12-31"}, "Choose an earlier year"),
    "a day that is no day": ({"date_1": "2026-02-30"}, "Choose a date that exists"),
    "a room elsewhere": ({"room_address": "https://evil.example/"}, "zoom.us"),
    "a script for a room": ({"room_address": "javascript:alert(1)"}, "zoom.us"),
    "nobody": ({"facilitators": []}, "Choose at least one person to run it"),
    "a stranger": ({"facilitators": ["999999"]}, "Choose one of these"),
    "no places": ({"capacity": "0"}, "Use 1 or more"),
    "a venue without an address": ({"where": "venue"}, "Say where it is"),
    "a title without end": ({"title": "x" * 10_000}, "Use at most 150 letters"),
    "no title at all": ({"title": ""}, "give the session a title"),
    "a length of nothing": ({"minutes_1": "0"}, "Use 15 or more"),
    "a kind of nothing": ({"kind": "party"}, "Choose one of these"),
    "a workshop that is not there": ({"workshop": "999999"}, "Choose one of these"),
    "booking that opens after it closes": (
        {"opens_date": "2026-03-20", "closes_date": "2026-03-19"},
        "Booking has to open before it closes",
    ),
    "a date that is past": ({"date_1": "2026-03-01"}, "still to come"),
}


@pytest.mark.parametrize("why", WRONG)
def test_what_is_wrong_is_said_and_what_was_typed_stays(see, trainer, typed, why):
    changes, words = WRONG[why]
    sent = {**typed, "languages": "Welsh & English", **changes}
    answer = see("desk_schedule", person=trainer, data=sent)
    if answer.status_code == 200:  # only keeping it can find out
        answer = keep(see, answer, sent)
    assert answer.status_code == 422
    assert words in text(answer)
    assert "to check" in text(answer)
    assert "Welsh &amp; English" in text(answer)
    assert not sessions.filter(created_by=trainer).exists()


@pytest.mark.parametrize(("which", "hour"), [("first", 0), ("second", 1)])
def test_the_question_about_a_double_hour_is_answered_on_the_page(see, trainer, typed, which, hour):
    sent = {**typed, "date_1": "2027-10-31", "time_1": "01:30", "second_1": which}
    keep(see, see("desk_schedule", person=trainer, data=sent), sent)
    assert sessions.get(created_by=trainer).starts_at.hour == hour


@pytest.mark.parametrize(
    "typed_title", ["<script>alert(1)</script>", "{{ 7*7 }}", "O'Neill & Söhne", "\u202eABC", "Tea\r\nBEGIN:X"]
)
def test_a_title_is_shown_as_text_and_on_one_line(see, trainer, typed, typed_title):
    sent = {**typed, "title": typed_title}
    keep(see, see("desk_schedule", person=trainer, data=sent), sent)
    made = sessions.get(created_by=trainer)
    assert "\n" not in made.title
    assert "<script>alert" not in text(see("desk_session", made))
    assert "<script>alert" not in text(see("desk_sessions"))


def test_a_session_is_made_in_no_agency_but_one_s_own(see, trainer, typed, session):
    foreign = SessionFactory().agency
    sent = {**typed, "agency": str(foreign.pk)}
    keep(see, see("desk_schedule", person=trainer, data=sent), sent)
    assert sessions.get(created_by=trainer).agency == session.agency


def test_who_works_for_two_agencies_chooses(see, trainer, typed):
    other = StaffRoleFactory(person=trainer, role=Role.TRAINER).agency
    assert see("desk_schedule", person=trainer, data=typed).status_code == 422
    sent = {**typed, "agency": str(other.pk)}
    keep(see, see("desk_schedule", data=sent), sent)
    assert sessions.get(created_by=trainer).agency == other


# --- Editing and calling off ----------------------------------------------------------------------
def test_the_form_begins_with_what_is_there_but_never_shows_the_room(see, session, trainer):
    page = see("desk_edit", session, person=trainer)
    assert 'value="2026-03-12"' in text(page)
    assert 'value="19:30"' in text(page)
    assert "canary" not in text(page)


def test_an_edit_is_looked_at_and_kept(see, session, trainer, typed):
    BookingFactory(session=session)
    sent = {**typed, "date_1": "2026-03-13", "room_address": ""}
    shown = see("desk_edit", session, person=trainer, data=sent)
    assert "we tell everyone with a place" in text(shown)
    assert keep(see, shown, sent, "desk_edit", session).status_code == 302
    session.refresh_from_db()
    assert (session.starts_at, session.room_address) == (START + timedelta(days=1), ROOM)


def test_saving_the_form_untouched_changes_nothing(see, session, trainer):
    BookingFactory(session=session)
    before = sessions.values().get(pk=session.pk), list(SessionPart.objects.values())
    form = see("desk_edit", session, person=trainer).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value not in (None, "", False)}
    assert keep(see, see("desk_edit", session, data=sent), sent, "desk_edit", session).status_code == 302
    assert (sessions.values().get(pk=session.pk), list(SessionPart.objects.values())) == before


def test_fewer_places_than_people_are_kept_and_the_desk_says_by_how_many(see, session, trainer, typed):
    BookingFactory.create_batch(3, session=session)
    sent = {**typed, "date_1": "2026-03-12", "capacity": "2"}
    keep(see, see("desk_edit", session, person=trainer, data=sent), sent, "desk_edit", session)
    assert "Over by 1" in text(see("desk_places", session))


def test_calling_off_needs_a_reason(see, session, trainer):
    refused = see("desk_cancel", session, person=trainer, data={"reason": " "})
    assert refused.status_code == 422
    assert "Say in a few words why" in text(refused)
    assert see("desk_cancel", session, data={"reason": "Marguerite is ill."}).status_code == 302
    session.refresh_from_db()
    assert (session.state, session.cancelled_reason) == (SessionState.CANCELLED, "Marguerite is ill.")
    assert "Marguerite is ill." in text(see("desk_session", session))


@pytest.mark.parametrize("name", PRESSED)
def test_a_stale_page_of_a_closed_session_says_so(see, session, trainer, typed, name):
    Session.objects.unscoped(because="a test").filter(pk=session.pk).update(state=SessionState.ENDED)
    BookingFactory(session=session)
    data = {**typed, "date_1": "2026-03-12", "reason": "Snow."}
    answer = see(name, session, person=trainer, data=data)
    if name == "desk_edit":
        answer = keep(see, answer, data, name, session)
    assert answer.status_code == 422
    assert "over" in text(answer) or "register opens" in text(answer)


# --- The register ---------------------------------------------------------------------------------
def mark_of(booking, verdict):
    return {f"mark_{booking.pk}": verdict}


def test_the_register_shows_names_and_references_and_nothing_else(see, session, coordinator):
    booking = BookingFactory(session=session, person=adopter(display_name="Samira", certificate_name="Canary Surname"))
    page = text(see("desk_session", session, person=coordinator))
    assert "Samira" in page
    assert booking.reference in page
    assert booking.person.email not in page
    assert "Canary Surname" not in page


def test_what_people_asked_for_is_read_by_who_runs_it_only(see, session, trainer, coordinator):
    BookingFactory(session=session, access_needs="Near the door, please")
    assert "Near the door, please" in text(see("desk_session", session, person=trainer))
    assert "Near the door, please" not in text(see("desk_session", session, person=coordinator))
    assert "Near the door, please" not in text(see("desk_print", session, person=trainer))


def test_who_waits_is_counted_and_not_named(see, session, trainer):
    for name in ("Waiting One", "Waiting Two"):
        BookingFactory(session=session, waiting=True, person=adopter(display_name=name))
    page = text(see("desk_session", session, person=trainer))
    assert "2 people are waiting." in page
    assert "Waiting One" not in page


def test_marking_saves_and_says_so(see, session, trainer, at):
    here, away, later = BookingFactory.create_batch(3, session=session)
    at(START + timedelta(minutes=22))
    answer = see("desk_mark", session, person=trainer, data={**mark_of(here, "present"), **mark_of(away, "absent")})
    assert answer.status_code == 302
    page = text(see("desk_session", session))
    assert "1 here, 1 away, 1 not marked." in page
    assert "Saved at 7:52pm." in page
    assert rows.get(pk=later.pk).state == BookingState.BOOKED


def test_everyone_else_is_marked_here(see, session, trainer, at):
    late, kept, rest = BookingFactory.create_batch(3, session=session)
    at(START)
    see("desk_mark", session, person=trainer, data=mark_of(kept, "partial"))
    see("desk_mark", session, data={**mark_of(late, "absent"), "rest": "present"})
    verdicts = dict(Attendance.objects.unscoped(because="a test").values_list("booking_id", "verdict"))
    assert verdicts == {late.pk: "absent", kept.pk: "partial", rest.pk: "present"}


def test_nobody_marks_themself(see, session, coordinator, at):
    own, other = BookingFactory(session=session, person=coordinator), BookingFactory(session=session)
    at(START)
    page = text(see("desk_session", session, person=coordinator))
    assert "Somebody else marks you." in page
    assert f"mark_{own.pk}" not in page
    assert see("desk_mark", session, data=mark_of(own, "present")).status_code == 422
    see("desk_mark", session, data={"rest": "present"})
    assert list(Attendance.objects.unscoped(because="a test").values_list("booking_id", flat=True)) == [other.pk]


@pytest.mark.parametrize(("is_own", "counted"), [(True, 0), (False, 1)])
def test_a_suggestion_for_ones_own_mark_is_not_counted(session, is_own, counted):
    part, booking = session.parts.get(), BookingFactory(session=session)
    line = registers.Line(booking, part, verdict="", needs="", is_own=is_own, typed_at=START)
    assert registers.Register(part, [line], None).can_be_taken == counted


def test_a_group_is_marked_part_by_part(see, session, trainer, at):
    session = SessionFactory(weeks=2, agency=session.agency)
    FacilitatorFactory(session=session, person=trainer)
    booking = BookingFactory(session=session)
    at(START + timedelta(days=7))
    see("desk_mark", session, person=trainer, data={"part": "1", **mark_of(booking, "present")})
    see("desk_mark", session, data={"part": "2", **mark_of(booking, "absent")})
    assert rows.get().state == BookingState.PARTIAL
    assert "1 here." in text(see("desk_session", session, part="1"))
    assert "1 away." in text(see("desk_session", session))


@pytest.mark.parametrize("part", ["3", "x", "-1", "1' OR 1=1"])
def test_a_part_that_is_not_there_is_not_found(see, session, trainer, part):
    assert see("desk_session", session, person=trainer, part=part).status_code == 404
    assert see("desk_mark", session, data={"part": part}).status_code == 404


def test_nothing_can_be_marked_before_it_begins(see, session, trainer):
    booking = BookingFactory(session=session)
    page = text(see("desk_session", session, person=trainer))
    assert "once this date has begun" in page
    assert 'type="radio"' not in page
    assert see("desk_mark", session, data=mark_of(booking, "present")).status_code == 422
    assert not Attendance.objects.unscoped(because="a test").exists()


@pytest.mark.parametrize("verdict", ["there", "<script>", "présent", "x" * 10_000])
def test_a_mark_that_is_no_mark_keeps_nothing(see, session, trainer, at, verdict):
    first, second = BookingFactory.create_batch(2, session=session)
    at(START)
    answer = see("desk_mark", session, person=trainer, data={**mark_of(first, "present"), **mark_of(second, verdict)})
    assert answer.status_code == 422
    assert not Attendance.objects.unscoped(because="a test").exists()


def test_somebody_who_is_not_on_it_refuses_the_whole_register(see, session, trainer, at):
    mine, foreign = BookingFactory(session=session), BookingFactory()
    at(START)
    answer = see("desk_mark", session, person=trainer, data={**mark_of(mine, "present"), **mark_of(foreign, "present")})
    assert answer.status_code == 422
    assert "The register has changed" in text(answer)
    assert f'name="mark_{mine.pk}" value="present" checked' in text(answer)
    assert not Attendance.objects.unscoped(because="a test").exists()


def test_paper_has_first_names_only(see, session, trainer):
    BookingFactory(session=session, person=adopter(display_name="Tomasz Wąsowski"))
    page = text(see("desk_print", session, person=trainer))
    assert "Tomasz" in page
    assert "Wąsowski" not in page


def test_a_name_with_script_in_it_is_only_a_name(see, session, trainer):
    BookingFactory(session=session, person=adopter(display_name="<script>alert(1)</script>"))
    for name in ("desk_session", "desk_print"):
        assert "<script>alert" not in text(see(name, session, person=trainer))


# --- Cost -----------------------------------------------------------------------------------------
def book_many(session, count):
    """A register of ``count`` without going through every operation."""
    people = PersonFactory.create_batch(count, proven=False, password="!")
    Booking.objects.bulk_create(
        Booking(session=session, person=person, state="booked", booked_at=START, access_needs="") for person in people
    )


@pytest.mark.parametrize("people", [1, 200])
def test_a_register_costs_the_same_for_many(client, session, trainer, django_assert_num_queries, people):
    book_many(session, people)
    address = reverse("webinars:desk_session", args=[session.uuid])
    client.force_login(trainer)
    client.get(address)
    with django_assert_num_queries(9):
        client.get(address)


@pytest.mark.parametrize("count", [1, 1000])
def test_a_list_of_sessions_costs_the_same_for_many(client, session, coordinator, django_assert_num_queries, count):
    def at_hour(n):
        return START + timedelta(hours=n)

    made = Session.objects.bulk_create(
        Session(
            title=f"Session {n}",
            agency=session.agency,
            state=SessionState.PUBLISHED,
            starts_at=at_hour(n),
            ends_at=at_hour(n + 1),
            booking_closes_at=at_hour(n),
            created_at=START,
        )
        for n in range(count)
    )
    SessionPart.objects.bulk_create(
        SessionPart(session=s, number=1, local_start="", minutes=60, starts_at=s.starts_at, ends_at=s.ends_at)
        for s in made
    )
    client.force_login(coordinator)
    client.get(reverse("webinars:desk_sessions"))
    with django_assert_num_queries(8):
        client.get(reverse("webinars:desk_sessions"))
