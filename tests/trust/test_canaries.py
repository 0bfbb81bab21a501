"""The search for private words finds them where they must not be: it would see a leak if there were one."""

import logging

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django_q.tasks import async_task

from lms.audit.models import Entry
from lms.outbox.models import Message
from tests import canaries as search_for
from tests.factories.accounts import PersonFactory
from tests.factories.courses import ReflectionFactory
from tests.factories.webinars import ROOM, BookingFactory, FacilitatorFactory, SessionFactory
from tests.trust.doors import sign_in


def answer(canaries, text, *, reader=None, path="/somewhere/", **headers):
    """As if the site had answered this."""
    request = RequestFactory().get(path)
    if reader is not None:
        request.user = reader
    search_for._answer(canaries, request, HttpResponse(text, headers=headers))
    found, canaries.leaks[:] = list(canaries.leaks), []
    return found


def test_somebody_else_s_address_in_a_page_is_found(db, canaries):
    person, other = PersonFactory(), PersonFactory()
    assert answer(canaries, f"<p>{person.email}</p>", reader=other)
    assert answer(canaries, f"<p>{person.email}</p>")
    assert not answer(canaries, f"<p>{person.email}</p>", reader=person)


def test_a_reflection_is_found_even_in_the_hands_of_staff(db, canaries):
    note = ReflectionFactory()
    assert answer(canaries, note.body, reader=FacilitatorFactory().person)


def test_words_with_signs_in_them_are_found_as_html_writes_them(db, canaries):
    note = ReflectionFactory(body="she's <gone> & back")
    assert answer(canaries, "<p>she&#x27;s &lt;gone&gt; &amp; back</p>")
    assert note


def test_a_room_is_for_who_has_a_seat_or_works_there(db, canaries):
    session = SessionFactory()
    seated = BookingFactory(session=session).person
    waiting = BookingFactory(session=session, waiting=True).person
    assert not answer(canaries, ROOM, reader=seated)
    assert answer(canaries, ROOM, reader=waiting)
    assert answer(canaries, ROOM)


def test_a_header_is_searched_like_a_page(db, canaries):
    person = PersonFactory()
    assert answer(canaries, "", Location=f"/?who={person.email}")


def test_what_somebody_typed_may_be_shown_back(client, db):
    PersonFactory(email="known@example.org")
    shown = client.post(reverse("account_login"), {"login": "known@example.org", "password": "not the password"})
    assert "known@example.org" in shown.content.decode()


def test_a_letter_with_another_s_words_is_found(db, canaries, now):
    note, other = ReflectionFactory(), PersonFactory()
    Message.objects.create(
        once="x",
        kind="x",
        address=other.email,
        person_id=other.pk,
        subject="x",
        text=note.body,
        created_at=now,
        not_before=now,
    )
    assert "letter" in canaries.leaks.pop()


def test_an_audit_row_with_words_is_found(db, canaries, now):
    Entry.objects.create(at=now, action="x", target=PersonFactory().email)
    assert "audit row" in canaries.leaks.pop()


def test_a_task_row_with_words_is_found(db, canaries):
    async_task("lms.common.jobs.heartbeat", ReflectionFactory().body)
    assert "task row" in canaries.leaks.pop()


def test_a_log_line_with_words_is_found(db, canaries):
    logging.getLogger("lms").warning("could not write to %s", PersonFactory().email)
    assert "log lms" in canaries.leaks.pop()


def test_the_search_costs_no_counted_query(client, db, canaries, django_assert_num_queries):
    session = SessionFactory()
    stranger = PersonFactory()
    with django_assert_num_queries(0):
        found = answer(canaries, ROOM, reader=stranger)
    assert found
    assert session


@pytest.mark.parametrize("name", ["accounts:preferences", "accounts:privacy", "agencies:verification"])
def test_our_own_pages_show_nobody_else(client, db, name):
    ReflectionFactory()
    PersonFactory()
    sign_in(client, PersonFactory())
    assert client.get(reverse(name)).status_code == 200
