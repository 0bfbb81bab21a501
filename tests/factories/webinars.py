"""Live sessions, places in them, and the people who run them."""

from datetime import UTC, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from lms.webinars import rules
from lms.webinars.models import (
    TAKING_STATES,
    Audience,
    Booking,
    BookingState,
    Consent,
    Facilitator,
    Question,
    Recording,
    Series,
    Session,
    SessionPart,
    SessionState,
)
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory

START = datetime(2026, 3, 12, 19, 30, tzinfo=UTC)  # a Thursday in winter time: 7:30pm in London
LONG_BEFORE = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
RECORDING = "https://rec-canary.zoom.us/rec/play/canaryrecording"
ROOM = "https://rooms-canary.zoom.us/j/8675309?pwd=canaryroom"
VENUE = "Canary Hall, 12 Canary Lane, CN4 4RY"


def adopter(**fields):
    """A person whom an agency knows as an adopter."""
    person = PersonFactory(**fields)
    MembershipFactory(person=person)
    return person


class SeriesFactory(DjangoModelFactory):
    class Meta:
        model = Series

    agency = factory.SubFactory(AgencyFactory)
    rule = "Every week on Thursday"
    created_at = LONG_BEFORE


class SessionFactory(DjangoModelFactory):
    """A published session of one part: online, 90 minutes. ``weeks``: how many parts, one a week."""

    class Meta:
        model = Session
        skip_postgeneration_save = True

    class Params:
        draft = factory.Trait(state=SessionState.DRAFT)
        in_person = factory.Trait(where="venue", room_address="", venue=VENUE, region="Calder valley")

    title = factory.Sequence(lambda n: f"Staying in touch {n}")
    neutral_title = "Keeping connections"
    agency = factory.SubFactory(AgencyFactory)
    state = SessionState.PUBLISHED
    starts_at = START
    ends_at = factory.LazyAttribute(lambda session: session.starts_at + timedelta(minutes=90))
    room_address = ROOM
    capacity = 12
    booking_closes_at = factory.SelfAttribute("starts_at")
    created_at = LONG_BEFORE

    @factory.post_generation
    def weeks(self, create, extracted, **kwargs):
        for number in range(1, (extracted or 1) + 1):
            starts_at = self.starts_at + timedelta(weeks=number - 1)
            SessionPart.objects.create(
                session=self,
                number=number,
                local_start=rules.wall_time(starts_at, self.zone).isoformat(timespec="minutes"),
                minutes=90,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=90),
            )
        self.ends_at = starts_at + timedelta(minutes=90)
        self.save(update_fields=["ends_at"])


class FacilitatorFactory(DjangoModelFactory):
    class Meta:
        model = Facilitator

    session = factory.SubFactory(SessionFactory)
    person = factory.SubFactory(PersonFactory)


class RecordingFactory(DjangoModelFactory):
    """One that everybody in it agreed to, for who had a place."""

    class Meta:
        model = Recording

    session = factory.SubFactory("tests.factories.webinars.SessionFactory")
    title = "The talk"
    address = RECORDING
    consent = Consent.GIVEN
    audience = Audience.BOOKED
    added_at = LONG_BEFORE
    expires_at = factory.LazyAttribute(lambda recording: recording.session.ends_at + timedelta(days=90))


class QuestionFactory(DjangoModelFactory):
    class Meta:
        model = Question

    session = factory.SubFactory("tests.factories.webinars.SessionFactory")
    asked_by = factory.SubFactory(PersonFactory)
    words = "How do I begin, canaryquestion?"
    asked_at = LONG_BEFORE


class BookingFactory(DjangoModelFactory):
    """A place that counts, unless the state says otherwise."""

    class Meta:
        model = Booking
        skip_postgeneration_save = True

    class Params:
        waiting = factory.Trait(state=BookingState.WAITING, queue_number=factory.Sequence(lambda n: n + 1))

    session = factory.SubFactory(SessionFactory)
    person = factory.LazyFunction(adopter)
    state = BookingState.BOOKED
    booked_at = LONG_BEFORE

    @factory.post_generation
    def counted(self, create, extracted, **kwargs):
        if self.state in TAKING_STATES:
            Session.objects.claim_place(self.session_id)
            self.session.refresh_from_db(fields=["places_taken"])
