"""Every way into people's rows asks whose they may be."""

import asyncio

import pytest
from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery

from lms.accounts.models import User
from lms.agencies.models import Agency, Membership, MembershipState
from lms.common.scope import Scope, ScopedQuerySet, UnscopedQuery
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory

rows = Membership.objects


def _asynchronously(coroutine):
    return asyncio.run(coroutine)


async def _drain(queryset):
    return [row async for row in queryset]


WAYS_IN = {
    "iterating": lambda: list(rows.all()),
    "a filter": lambda: list(rows.filter(state="verified")),
    "asking if there are any": lambda: bool(rows.all()),
    "len": lambda: len(rows.all()),
    "a slice": lambda: list(rows.all()[:1]),
    "an index": lambda: rows.all()[0],
    "get": lambda: rows.get(pk=1),
    "first": rows.first,
    "last": rows.last,
    "earliest": lambda: rows.earliest("requested_at"),
    "latest": lambda: rows.latest("requested_at"),
    "in_bulk": lambda: rows.in_bulk([1]),
    "count": rows.count,
    "exists": rows.exists,
    "contains": lambda: rows.contains(Membership(pk=1)),
    "aggregate": lambda: rows.aggregate(Count("pk")),
    "aggregate over a slice": lambda: rows.all()[:2].aggregate(Count("pk")),
    "values": lambda: list(rows.values("person_id")),
    "values_list": lambda: list(rows.values_list("person_id", flat=True)),
    "distinct": lambda: list(rows.values("state").distinct()),
    "dates": lambda: list(rows.dates("requested_at", "day")),
    "datetimes": lambda: list(rows.datetimes("requested_at", "day")),
    "iterator": lambda: list(rows.iterator()),
    "explain": lambda: rows.all().explain(),
    "the SQL as text": lambda: str(rows.all().query),
    "raw": lambda: list(rows.raw("SELECT * FROM agencies_membership")),
    "raw inside a scope": lambda: list(rows.within(Scope(frozenset())).raw("SELECT * FROM agencies_membership")),
    "update": lambda: rows.update(state="revoked"),
    "bulk_update": lambda: rows.bulk_update([Membership(pk=1, state="revoked")], ["state"]),
    "delete": lambda: rows.all().delete(),
    "get_or_create": lambda: rows.get_or_create(person_id=1, agency_id=1),
    "update_or_create": lambda: rows.update_or_create(person_id=1, agency_id=1, defaults={"state": "revoked"}),
    "select_for_update": lambda: rows.select_for_update().first(),
    "defer": lambda: list(rows.defer("state")),
    "using": lambda: list(rows.using("default")),
    "a subquery": lambda: list(User.objects.filter(memberships__in=rows.all())),
    "a subquery in an annotation": lambda: list(User.objects.annotate(x=Subquery(rows.values("state")[:1]))),
    "exists in a filter": lambda: list(User.objects.filter(Exists(rows.filter(person=OuterRef("pk"))))),
    "union with a scoped side": lambda: list(rows.owned_by(1).union(rows.all())),
    "union from an unscoped side": lambda: list(rows.all().union(rows.owned_by(1))),
    "intersection": lambda: list(rows.owned_by(1).intersection(rows.all())),
    "difference": lambda: list(rows.owned_by(1).difference(rows.all())),
    "or": lambda: list(rows.owned_by(1) | rows.all()),
    "or from the other side": lambda: list(rows.all() | rows.owned_by(1)),
    "and": lambda: list(rows.owned_by(1) & rows.all()),
    "xor": lambda: list(rows.owned_by(1) ^ rows.all()),
    "counting a union": lambda: rows.owned_by(1).union(rows.all()).count(),
    "the agency's related manager": lambda: list(Agency(pk=1).memberships.all()),
    "the person's related manager": User(pk=1).memberships.count,
    "a related manager's get": lambda: Agency(pk=1).memberships.get(pk=1),
    "async iteration": lambda: _asynchronously(_drain(rows.all())),
    "aget": lambda: _asynchronously(rows.aget(pk=1)),
    "afirst": lambda: _asynchronously(rows.afirst()),
    "acount": lambda: _asynchronously(rows.acount()),
    "aexists": lambda: _asynchronously(rows.aexists()),
    "aiterator": lambda: _asynchronously(_drain(rows.aiterator())),
    "aupdate": lambda: _asynchronously(rows.aupdate(state="revoked")),
}


@pytest.mark.parametrize("way", WAYS_IN)
def test_no_way_in_reads_rows_without_a_scope(db, way):
    with pytest.raises(UnscopedQuery):
        WAYS_IN[way]()


def test_a_prefetch_needs_a_scope_of_its_own(db):
    AgencyFactory()
    with pytest.raises(UnscopedQuery):
        list(Agency.objects.prefetch_related("memberships"))


def test_a_prefetch_with_a_scope_gives_only_its_rows(db):
    mine, theirs = MembershipFactory(), MembershipFactory()
    scope = Scope(frozenset({mine.agency_id}))
    agencies = Agency.objects.prefetch_related(Prefetch("memberships", rows.within(scope)))
    seen = {row for agency in agencies for row in agency.memberships.all()}
    assert seen == {mine}
    assert theirs not in seen


def test_an_agency_reads_its_own_rows_only(db):
    mine = MembershipFactory()
    MembershipFactory()
    assert list(rows.within(Scope(frozenset({mine.agency_id})))) == [mine]


def test_no_agency_is_no_rows(db):
    MembershipFactory()
    assert not rows.within(Scope(frozenset())).exists()


def test_a_person_reads_their_own_rows_only(db):
    mine = MembershipFactory()
    MembershipFactory()
    assert rows.owned_by(mine.person).get() == mine


def test_what_comes_after_a_scope_only_narrows(db):
    mine = MembershipFactory()
    other = MembershipFactory()
    own = rows.owned_by(mine.person)
    for narrowed in (own.unscoped(because="a test"), own.all(), own.filter(Q(pk=other.pk) | Q(pk=mine.pk))):
        assert list(narrowed) == [mine]


def test_two_scoped_sides_may_be_joined(db):
    first, second = MembershipFactory(), MembershipFactory()
    both = rows.owned_by(first.person) | rows.owned_by(second.person)
    assert set(both) == {first, second}
    assert rows.owned_by(first.person).union(rows.owned_by(second.person)).count() == 2


def test_leaving_out_by_a_many_relation_still_works(db):
    agency = AgencyFactory()
    lonely = MembershipFactory(agency=agency)
    crowded = MembershipFactory(person=PersonFactory())
    MembershipFactory(agency=crowded.agency, asked=True)
    scope = Scope(frozenset({agency.pk, crowded.agency_id}))
    settled = rows.within(scope).exclude(agency__memberships__state=MembershipState.REQUESTED)
    assert list(settled) == [lonely]


def test_nothing_at_all_needs_no_scope(db):
    assert list(rows.none()) == []


def test_everybody_s_rows_need_a_reason(db):
    with pytest.raises(ValueError, match="Say why"):
        rows.unscoped(because=" ")


def test_an_update_inside_a_scope_touches_only_its_rows(db):
    mine, theirs = MembershipFactory(), MembershipFactory()
    assert rows.within(Scope(frozenset({mine.agency_id}))).update(state=MembershipState.REVOKED) == 1
    theirs.refresh_from_db()
    assert theirs.state == MembershipState.VERIFIED


def test_a_delete_inside_a_scope_touches_only_its_rows(db):
    mine, theirs = MembershipFactory(), MembershipFactory()
    rows.within(Scope(frozenset({mine.agency_id}))).delete()
    assert rows.unscoped(because="a test counts what is left").get() == theirs


# Rows that say whose they are and are read without naming a scope, and why that is so.
READ_WITHOUT = {
    "accounts.User": "the person themselves: read at sign-in, and by key from rows that have a scope",
    "outbox.Message": "read by the worker and by an erasure only",
    "audit.Entry": "ids only; read by the check of the chain",
    "webinars.Facilitator": "who runs a session is said on its page",
    "packages.Version": "hangs on a package, which has one; of people it holds who uploaded it",
    "certificates.SignOff": "hangs on a pathway record, which has one, and is read from there",
}


def test_every_row_about_a_person_asks_for_a_scope():
    ours = [model for model in apps.get_models() if model.__module__.startswith("lms.")]
    person = apps.get_model("accounts.User")
    about = [m for m in ours if any(one.concrete and one.related_model is person for one in m._meta.local_fields)]
    open_ones = {model._meta.label for model in about if not isinstance(model._default_manager.all(), ScopedQuerySet)}
    assert open_ones <= READ_WITHOUT.keys()
