"""Telling a record store: everything, once, whatever it answers."""

import pytest
from django.urls import reverse
from django_q.models import OrmQ

from lms.agencies.models import Role
from lms.common import web
from lms.statements import operations, rules, tasks
from lms.statements.models import Store
from tests.factories.agencies import StaffRoleFactory
from tests.statements.conftest import NOW, Learner, batches

pytestmark = pytest.mark.django_db
stores = Store.objects.unscoped(because="a test")
FAR = NOW.replace(year=2020)  # a batch that is due since then is due


def send_all():
    batches.filter(state="waiting").update(next_try_at=FAR)
    return [tasks.send(batch_id=batch.pk) for batch in batches.filter(state="waiting")]


def test_what_happens_after_the_switch_is_told_once_and_nothing_before(
    learner, record_store, store, gathered, monkeypatch
):
    monkeypatch.setattr(rules, "IN_A_BATCH", 2)
    assert gathered() == []
    learner.goes_on(5)
    assert [batch.source for batch in gathered()] == ["event"] * 3
    assert send_all() == ["sent 2, refused 0", "sent 2, refused 0", "sent 1, refused 0"]
    assert len(record_store.kept) == 5
    assert gathered() == []
    batches.update(state="waiting")
    send_all()
    assert len(record_store.kept) == 5


def test_what_was_there_before_the_switch_stays_here(learner, record_store, gathered, store):
    operations.save_store(
        agency=learner.agency, endpoint=store.endpoint, key="", secret="", is_on=False, actor=store.changed_by, now=NOW
    )
    learner.goes_on(3)
    assert gathered() == []
    operations.save_store(
        agency=learner.agency, endpoint=store.endpoint, key="", secret="", is_on=True, actor=store.changed_by, now=NOW
    )
    assert gathered() == []
    Learner(StaffRoleFactory(role=Role.MANAGER).agency).goes_on()
    learner.goes_on()
    gathered()
    send_all()
    assert len(record_store.kept) == 1


# How the store behaves, the word that is kept of it, and whether the try counts.
MOODS = [
    ("busy", "busy", 0),
    ("broken", "away", 1),
    ("elsewhere", "wrong", 1),
    ("long", "wrong", 1),
    ("slow", "slow", 1),
]


def test_whatever_goes_wrong_is_tried_again_and_in_the_end_all_is_there(learner, record_store, gathered, monkeypatch):
    monkeypatch.setattr(web, "READ", 0.05)
    learner.goes_on(3)
    (batch,) = gathered()
    tries = 0
    for mood, trouble, counts in MOODS:
        record_store.mood = mood
        assert send_all() == [trouble]
        batch.refresh_from_db()
        tries += counts
        assert (batch.state, batch.trouble, batch.attempts) == ("waiting", trouble, tries), mood
    record_store.released.set()
    record_store.mood = "busy"
    batches.update(next_try_at=FAR)
    tasks.send(batch_id=batch.pk)
    left = batches.get()
    assert (left.next_try_at - left.made_at).total_seconds() >= 119
    stores.update(secret="another")
    assert tasks.send(batch_id=batch.pk) == "nothing to send"
    record_store.mood = "well"
    assert send_all() == ["refused"]
    assert len(record_store.kept) == 0
    batches.update(attempts=rules.MOST_ATTEMPTS - 1)
    send_all()
    assert batches.get().state == "given_up"
    stores.update(secret="")
    store = stores.get()
    store.secret = "the-secret"
    store.save()
    assert operations.try_now(store=store, actor=store.changed_by, now=NOW) == 1
    assert send_all() == ["sent 3, refused 0"]
    assert len(record_store.kept) == 3


def test_one_that_is_refused_or_known_in_other_words_keeps_back_no_other(learner, record_store, gathered, monkeypatch):
    learner.goes_on(7)
    said = [
        one["id"]
        for one in tasks.in_words(
            tasks.SOURCES["event"].facts(list(tasks.SOURCES["event"].of(agency=learner.agency).order_by("pk"))),
            agency=learner.agency,
        )
    ]
    record_store.spoilt = {said[2]}
    record_store.kept = {said[5]: {"id": said[5], "in": "other words"}}
    gathered()
    assert send_all() == ["sent 6, refused 1"]
    assert record_store.kept.keys() == set(said) - {said[2]}
    assert (batches.get().sent, batches.get().refused) == (6, 1)


def test_a_worker_killed_after_the_store_has_it_tells_nothing_twice(learner, record_store, gathered, monkeypatch):
    learner.goes_on(2)
    (batch,) = gathered()
    with monkeypatch.context() as killed:
        killed.setattr(tasks, "_tell", lambda store, said: (web_tell(store, said), 1 / 0))
        with pytest.raises(ZeroDivisionError):
            tasks.send(batch_id=batch.pk)
    kept = dict(record_store.kept)
    assert len(kept) == 2
    assert tasks.send(batch_id=batch.pk) == "nothing to send"
    assert send_all() == ["sent 2, refused 0"]
    assert record_store.kept == kept


web_tell = tasks._tell


def test_statements_go_nowhere_but_to_the_hosts_of_this_installation(store, settings, learner, gathered):
    settings.LMS_PROVIDERS_MAY_BE_LOCAL = False
    settings.LMS_RECORD_STORE_HOSTS = ["store.example.org"]
    who = {"agency": learner.agency, "key": "k", "secret": "s", "is_on": True, "actor": store.changed_by, "now": NOW}
    for address in (
        "http://store.example.org/xapi",
        "https://store.example.org.evil.example/xapi",
        "https://169.254.169.254/xapi",
        "https://user@store.example.org/xapi",
        "https://store.example.org:8443/xapi",
        "file:///etc/passwd",
    ):
        with pytest.raises(operations.AddressRefused):
            operations.save_store(endpoint=address, **who)
    learner.goes_on()
    gathered()
    assert send_all() == ["forbidden"]
    with pytest.raises(operations.NoKey):
        operations.save_store(**{**who, "endpoint": "https://store.example.org/xapi", "key": "", "secret": ""})
    assert operations.save_store(endpoint="https://store.example.org/xapi", **who).endpoint.startswith("https://store")


def test_a_manager_sets_it_up_and_sees_how_it_goes_but_never_the_key(
    client, learner, record_store, gathered, store, settings, django_assert_num_queries
):
    settings.LMS_RECORD_STORE_HOSTS = ["store.example.org"]
    client.force_login(store.changed_by)
    page = reverse("statements:desk_store")
    learner.goes_on(3)
    gathered()
    send_all()
    client.get(page)
    with django_assert_num_queries(11):
        text = client.get(page).text
    assert "3 statements sent" in text
    assert "the-secret" not in text
    assert "the-key" not in text
    typed = {
        "agency": learner.agency.slug,
        "endpoint": "https://evil.example/x",
        "key": "typed-key",
        "secret": "typed-s",
    }
    refused = client.post(page, typed)
    assert refused.status_code == 422
    assert "https://evil.example/x" in refused.text
    assert "typed-" not in refused.text
    assert client.post(page, {**typed, "endpoint": "https://store.example.org/x"}).status_code == 302
    kept = stores.get()
    assert (kept.secret, kept.is_on) == ("typed-s", False)
    assert "It works" in text
    stores.update(is_on=True)
    for state in ("waiting", "given_up"):
        batches.update(state=state, trouble="away", next_try_at=NOW)
        seen = client.get(page).text
        assert "couldn&#x27;t be reached" in seen
        assert ("We try by ourselves" in seen) == (state == "waiting")
        tasks_before = OrmQ.objects.count()
        client.post(reverse("statements:desk_again"), {"agency": learner.agency.slug})
        assert OrmQ.objects.count() == tasks_before + 1
    assert (batches.get().state, batches.get().attempts) == ("waiting", 0)
    assert client.get(page, {"agency": "another"}).status_code == 404
