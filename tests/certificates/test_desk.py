"""The safeguarding lead finds a certificate of the agency and decides about it; nobody else does."""

import pytest
from django.urls import reverse

from lms.certificates.models import Award, AwardChange, AwardState
from tests.certificates.reading import words
from tests.factories.agencies import StaffRoleFactory
from tests.factories.certificates import NAME, AwardFactory

pytestmark = pytest.mark.django_db
LIST = "/desk/certificates/"


@pytest.fixture
def award():
    return AwardFactory(person__display_name="Sam")


@pytest.fixture
def lead(client, award):
    person = StaffRoleFactory(agency=award.agency, role="safeguarding_lead").person
    client.force_login(person)
    return person


def at(award, name="desk_award"):
    return reverse(f"certificates:{name}", args=[award.uuid])


def test_the_list_is_the_agencys_own(client, award, lead):
    AwardFactory(name="Canary Elsewhere")
    page = client.get(LIST)
    assert NAME in words(page)
    assert "Canary" not in words(page)


def test_a_code_finds_its_certificate_however_it_is_typed(client, award, lead):
    AwardFactory(agency=award.agency, name="Tom Hughes")
    page = client.get(LIST, {"code": award.shown_code.lower().replace("-", " ")})
    assert NAME in words(page)
    assert "Tom Hughes" not in words(page)
    for typed in ("nothing", AwardFactory().shown_code, "x" * 5000):
        assert "No certificate here has that code" in words(client.get(LIST, {"code": typed}))


def test_a_certificate_is_put_on_hold_and_made_valid_again_with_reasons(client, award, lead):
    for deed, heading in (("suspend", "On hold"), ("reinstate", "Valid")):
        answer = client.post(at(award), {"deed": deed, "reason": "We looked into it"}, follow=True)
        assert heading in words(answer)
        assert "We looked into it" in words(answer)
    assert list(AwardChange.objects.values_list("after", flat=True)) == ["suspended", "active"]
    assert set(AwardChange.objects.values_list("actor_id", flat=True)) == {lead.pk}


def test_what_was_withdrawn_can_only_be_looked_at(client, award, lead):
    client.post(at(award), {"deed": "withdraw", "reason": "Because"})
    page = client.get(at(award))
    assert "Withdrawn" in words(page)
    assert '<form method="post" action="/desk/certificates/' not in page.content.decode()
    assert client.post(at(award), {"deed": "reinstate", "reason": "Oops"}).status_code == 422


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({}, "Choose what should happen"),
        ({"deed": "withdraw", "reason": ""}, "Write why"),
        ({"deed": "withdraw", "reason": "   "}, "Write why"),
        ({"deed": "claim", "reason": "x"}, "Choose what should happen"),
        ({"deed": "reinstate", "reason": "kept-as-typed"}, "Choose what should happen"),
        ({"deed": "withdraw", "reason": "kept" * 500}, "under 1,000 characters"),
    ],
)
def test_a_decision_that_needs_another_look_changes_nothing(client, award, lead, typed, reason):
    answer = client.post(at(award), typed)
    assert answer.status_code == 422
    assert reason in words(answer)
    assert typed.get("reason", "").strip() in answer.content.decode()
    award.refresh_from_db()
    assert award.state == AwardState.ACTIVE


def test_their_own_certificate_is_for_somebody_else_to_decide(client, award, lead):
    own = AwardFactory(person=lead, agency=award.agency)
    answer = client.post(at(own), {"deed": "suspend", "reason": "x"})
    assert answer.status_code == 422
    assert "never its own holder" in words(answer)
    own.refresh_from_db()
    assert own.state == AwardState.ACTIVE


def test_the_name_on_a_leaders_award_is_corrected_here(client, lead, award):
    leader = AwardFactory(leader=True, agency=award.agency)
    answer = client.post(at(leader, "desk_correct"), {"name": "Carys Bŵen", "title": "full"})
    new = Award.objects.owned_by(leader.person).get(replaces=leader)
    assert answer["Location"] == at(new)
    assert new.name == "Carys Bŵen"
    answer = client.post(at(new, "desk_correct"), {"name": "Sam 🙂", "title": "full"})
    assert answer.status_code == 422
    assert "Leave out: 🙂" in words(answer)


@pytest.mark.parametrize("role", ["trainer", "coordinator", "manager"])
def test_other_staff_find_nothing_here(client, award, role):
    client.force_login(StaffRoleFactory(agency=award.agency, role=role).person)
    for address in (LIST, at(award)):
        assert client.get(address).status_code == 404
    assert client.post(at(award), {"deed": "withdraw", "reason": "x"}).status_code == 404
    assert client.post(at(award, "desk_correct"), {"name": "Me", "title": "full"}).status_code == 404


def test_another_agencys_certificate_is_not_there(client, award):
    client.force_login(StaffRoleFactory(role="safeguarding_lead").person)
    assert client.get(at(award)).status_code == 404
    assert client.post(at(award), {"deed": "withdraw", "reason": "x"}).status_code == 404
    award.refresh_from_db()
    assert award.state == AwardState.ACTIVE


@pytest.mark.parametrize("many", [1, 40])
def test_the_list_costs_the_same_however_long(client, award, lead, django_assert_num_queries, many):
    AwardFactory.create_batch(many, agency=award.agency)
    client.get(LIST)
    with django_assert_num_queries(6):  # session, person, roles, how many, awards, the last alarm
        client.get(LIST)


def test_a_long_list_has_pages(client, award, lead):
    AwardFactory.create_batch(60, agency=award.agency)
    assert "Page 1 of 2" in words(client.get(LIST))
    assert "Page 2 of 2" in words(client.get(LIST, {"page": "2"}))
    assert client.get(LIST, {"page": "x" * 900}).status_code == 200
