"""What we hold of a person is in a register; they can have all of it, and end all of it, by themselves."""

import json
import re
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session as BrowserSession
from django.db import connection
from django.test import Client
from django.urls import reverse

from lms.accounts import operations
from lms.accounts.models import User
from lms.agencies.models import Role
from lms.agencies.operations import LastAdministrator
from lms.audit.models import Entry
from lms.common.register import all_holdings
from lms.outbox.models import Message, State
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import MembershipFactory, StaffRoleFactory
from tests.factories.certificates import AwardFactory, PathwayRecordFactory, completed_round
from tests.factories.courses import EnrolmentFactory, ReflectionFactory
from tests.factories.webinars import BookingFactory, SessionFactory
from tests.trust.doors import add_passkey, is_in, letters_to, prove_again, sign_in, with_code_app

PERSON_NUMBERS = ("person_id", "actor_id", "user_id", "owner_id", "candidate_id")


def registered():
    return {holding.model for holding in all_holdings()}


def links_to_a_person(model):
    """Whether a row of the model says whose it is: by a relation, or by a bare number."""
    person = get_user_model()
    for one in model._meta.get_fields():
        if one.concrete and one.is_relation and one.related_model is person and not one.auto_created:
            return True
        if one.concrete and not one.is_relation and one.name in PERSON_NUMBERS:
            return True
    return False


def hangs_on(model, known):
    """Whether rows of the model go when a registered row goes."""
    parents = [
        one for one in model._meta.local_fields if one.is_relation and one.remote_field.on_delete.__name__ == "CASCADE"
    ]
    return any(one.related_model._meta.label in known for one in parents)


# --- The register --------------------------------------------------------------------------------


def test_every_model_that_links_to_a_person_is_in_the_register():
    linked = {model._meta.label for model in apps.get_models(include_auto_created=True) if links_to_a_person(model)}
    pages = {model._meta.label for model in apps.get_models() if issubclass(model, apps.get_model("wagtailcore.Page"))}
    assert not sorted(linked - registered() - pages)


def test_what_hangs_on_a_registered_row_of_ours_is_in_the_register_too():
    about_people = {holding.model for holding in all_holdings() if holding.owner}
    ours = [model for model in apps.get_models() if model.__module__.startswith("lms.")]
    assert not sorted(
        model._meta.label for model in ours if hangs_on(model, about_people) and model._meta.label not in registered()
    )


@pytest.mark.parametrize("holding", all_holdings(), ids=lambda holding: holding.model)
def test_each_entry_names_fields_that_there_are_and_says_what_happens(db, holding):
    assert holding.what
    assert holding.kept.endswith(".")
    assert holding.on_erase.endswith(".")
    holding.rows_of(PersonFactory())


def test_no_field_holds_a_child():
    names = {
        f"{model._meta.label}.{one.name}"
        for model in apps.get_models()
        if model.__module__.startswith(("lms.", "cms"))
        for one in model._meta.get_fields()
    }
    forbidden = ("child_name", "birth", "dob", "school", "nhs", "upn", "postcode", "home_address", "photo")
    assert not [name for name in names if any(word in name.lower().partition(".")[2] for word in forbidden)]


# --- Having it -----------------------------------------------------------------------------------


def somebody_with_a_bit_of_everything():
    person = PersonFactory(certificate_name="Zelda Canarysurname")
    MembershipFactory(person=person)
    EnrolmentFactory(person=person)
    completed_round(person=person)
    ReflectionFactory(person=person, body="canary words about the bus stop")
    BookingFactory(person=person, session=SessionFactory(), access_needs="canary captions please")
    AwardFactory(person=person, name="Zelda Canarysurname")
    PathwayRecordFactory(person=person)
    return person


def downloaded(client, form="json"):
    prove_again(client)
    return client.get(reverse("accounts:download", args=[form]))


def test_everything_of_the_person_is_handed_out_and_nothing_of_others(client, db):
    person = somebody_with_a_bit_of_everything()
    other = somebody_with_a_bit_of_everything()
    sign_in(client, person)
    answer = downloaded(client)
    data = json.loads(answer.content)
    assert data["accounts.User"][0]["email"] == person.email
    assert data["courses.Reflection"][0]["body"] == "canary words about the bus stop"
    assert data["webinars.Booking"][0]["access_needs"] == "canary captions please"
    assert data["certificates.Award"][0]["name"] == "Zelda Canarysurname"
    assert len(data["agencies.Membership"]) == len(data["courses.Reflection"]) == 1
    assert other.email not in answer.content.decode()


def test_what_is_handed_out_holds_no_key_and_no_way_into_a_room(client, db):
    person = somebody_with_a_bit_of_everything()
    sign_in(client, person)
    with_code_app(person)
    body = downloaded(client).content.decode()
    for secret in ("JBSWY3DPEHPK3PXP", "zoom.us", person.password, "secret", client.session.session_key):
        assert secret not in body


def test_the_page_to_read_says_the_same_and_is_a_file_to_keep(client, db):
    when = datetime(2026, 7, 6, 18, 30, tzinfo=UTC)
    said = "<script>alert(1)</script> canary\non a line of its own"
    ReflectionFactory(person=(person := PersonFactory()), body=said, created_at=when)
    sign_in(client, person)
    answer = downloaded(client, "html")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.html"'
    body = answer.content.decode()
    assert person.email in body
    assert "&lt;script&gt;" in body
    assert "canary<br>on a line of its own" in body
    assert "6 July 2026, 7:30pm" in body
    assert "<dd>No</dd>" in body
    assert not re.search("True|False|None|[ap][.]m[.]|<dd></dd>", body)
    assert "<script" not in body


@pytest.mark.parametrize("form", ["json", "html"])
def test_the_password_is_asked_for_again_first(client, db, form):
    sign_in(client, PersonFactory())
    answer = client.get(reverse("accounts:download", args=[form]))
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_the_page_says_in_plain_words_what_is_held(client, db):
    sign_in(client, PersonFactory())
    body = client.get(reverse("accounts:privacy")).content.decode()
    assert "Only you can read it" in body
    assert "Which agency knows you" in body


# --- Ending it -----------------------------------------------------------------------------------


def whole_database():
    """Every text in every table, by table."""
    with connection.cursor() as cursor:
        texts = {}
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of our own tables
            texts[table] = repr(cursor.fetchall())
        return texts


def test_after_an_erasure_the_database_has_no_trace_of_the_person(client, db, now):
    person = somebody_with_a_bit_of_everything()
    sign_in(client, person)
    add_passkey(client)
    with_code_app(person)
    Client().post(reverse("account_reset_password"), {"email": person.email})
    traces = (person.email, "Canarysurname", person.display_name)
    assert any(trace in text for text in whole_database().values() for trace in traces)
    operations.erase(person=person, now=now)
    found = {table for table, text in whole_database().items() if any(trace in text for trace in traces)}
    assert not found


def test_nothing_of_anybody_else_goes_with_it(db, now):
    person, other = somebody_with_a_bit_of_everything(), somebody_with_a_bit_of_everything()
    before = operations.everything_of(other)
    operations.erase(person=person, now=now)
    assert operations.everything_of(other) == before


def test_the_record_keeps_the_number_by_which_a_restored_backup_is_erased_again(db, now):
    person = PersonFactory()
    number = person.pk
    operations.erase(person=person, now=now)
    entry = Entry.objects.get(action="person.erased")
    assert entry.target == f"person:{number}"
    assert entry.ids == {}


def test_a_letter_that_waits_is_not_sent_after_the_erasure(client, db, now):
    person = PersonFactory()
    client.post(reverse("account_request_login_code"), {"email": person.email})
    operations.erase(person=person, now=now)
    letter = Message.objects.get()
    assert letter.state == State.SUPPRESSED
    assert letter.text == letter.html == letter.subject == ""
    assert letter.person_id is None


def test_the_place_that_was_booked_is_free_again(db, now):
    session = SessionFactory(capacity=1, starts_at=now.replace(year=2099))
    person = BookingFactory(session=session).person
    operations.erase(person=person, now=now)
    session.refresh_from_db(from_queryset=type(session).objects.unscoped(because="a test"))
    assert session.places_taken == 0


def test_the_last_administrator_cannot_vanish(db, now):
    keeper = StaffRoleFactory(platform=True, role=Role.ADMINISTRATOR).person
    before = operations.everything_of(keeper)
    with pytest.raises(LastAdministrator):
        operations.erase(person=keeper, now=now)
    assert operations.everything_of(keeper) == before
    assert not Entry.objects.exists()


def test_a_person_leaves_by_themselves_on_a_deliberate_yes(client, db):
    person, other = PersonFactory(), Client()
    sign_in(other, person)
    sign_in(client, person)
    prove_again(client)
    page = reverse("accounts:delete")
    assert "What happens to each thing" in client.get(page).content.decode()
    assert client.post(page, {}).status_code == 422
    assert User.objects.filter(pk=person.pk).exists()
    gone = client.post(page, {"sure": "on"}, follow=True)
    assert "Your account is deleted" in gone.content.decode()
    assert not User.objects.filter(pk=person.pk).exists()
    assert not is_in(client)
    assert not is_in(other)
    assert not any(session.get_decoded().get("_auth_user_id") for session in BrowserSession.objects.all())


def test_leaving_asks_for_the_password_again(client, db):
    person = PersonFactory()
    sign_in(client, person)
    client.post(reverse("accounts:delete"), {"sure": "on"})
    assert User.objects.filter(pk=person.pk).exists()


def test_a_refusal_to_go_is_said_on_the_page(client, db):
    keeper = StaffRoleFactory(platform=True, role=Role.ADMINISTRATOR).person
    sign_in(client, keeper)
    prove_again(client)
    answer = client.post(reverse("accounts:delete"), {"sure": "on"})
    assert answer.status_code == 422
    assert "only administrator" in answer.content.decode()


def test_a_letter_after_the_erasure_has_nobody_to_go_to(db, now):
    person = PersonFactory()
    address = person.email
    operations.erase(person=person, now=now)
    assert not letters_to(address)


# --- Preferences ---------------------------------------------------------------------------------

CHOSEN = {
    "display_name": "Sam",
    "certificate_name": "Sámuel O'Neill",
    "colours": "evening",
    "time_zone": "Europe/Lisbon",
    "full_titles": "on",
    "content_notices": "",
}


def test_what_is_chosen_is_kept(client, db):
    person = PersonFactory()
    sign_in(client, person)
    client.post(reverse("accounts:preferences"), CHOSEN)
    person.refresh_from_db()
    kept = {name: getattr(person, name) for name in CHOSEN}
    assert kept == {**CHOSEN, "full_titles": True, "content_notices": False}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("display_name", "Moderator"),
        ("display_name", ""),
        ("display_name", "x" * 10_000),
        ("certificate_name", "x" * 81),
        ("colours", "red"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../../etc/passwd"),
    ],
)
def test_what_cannot_be_chosen_changes_nothing_and_stays_typed(client, db, name, typed):
    person = PersonFactory()
    before = User.objects.filter(pk=person.pk).values().get()
    sign_in(client, person)
    answer = client.post(reverse("accounts:preferences"), {**CHOSEN, name: typed})
    assert answer.status_code == 422
    assert "Sámuel O&#x27;Neill" in answer.content.decode() or name == "certificate_name"
    after = User.objects.filter(pk=person.pk).values().get()
    assert {**after, "last_login": None} == {**before, "last_login": None}


def test_fields_that_are_not_asked_for_are_not_taken(client, db):
    person = PersonFactory()
    sign_in(client, person)
    more = {"is_staff": "on", "is_superuser": "on", "email": "x@example.org", "is_active": "", "role": "administrator"}
    client.post(reverse("accounts:preferences"), {**CHOSEN, **more})
    person.refresh_from_db()
    assert not person.is_staff
    assert not person.is_superuser
    assert person.email != "x@example.org"
