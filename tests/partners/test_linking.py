"""Two accounts are linked by both, ended by either, and asking tells nobody anything."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lms.accounts import operations as accounts
from lms.audit.models import Entry
from lms.outbox.models import Message
from lms.partners import access, operations
from lms.partners.models import PartnerAsk, PartnerLink
from tests.factories.accounts import PersonFactory
from tests.factories.courses import BEFORE as NOW
from tests.factories.together import linked

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=6)
OVER = NOW + timedelta(days=7)


@pytest.fixture
def dan():
    return PersonFactory(display_name="Dan")


@pytest.fixture
def priya():
    return PersonFactory(display_name="Priya")


def ask(person, partner, now=NOW):
    """``person`` asks ``partner`` by e-mail; return what waits for them."""
    operations.ask(person=person, address=partner.email.upper(), now=now)
    return access.asks_for(partner, now=now).filter(asked_by=person).first()


def partner_of(person):
    link = access.link_of(person)
    return link.partner if link else None


def counted():
    return PartnerLink.objects.unscoped(because="a test").count()


def test_one_asks_by_letter_and_the_other_says_yes(dan, priya):
    waiting = ask(dan, priya)
    assert partner_of(dan) is None
    operations.say_yes(person=priya, ask=waiting.uuid, now=LATER)
    assert (partner_of(dan), partner_of(priya)) == (priya, dan)
    assert not PartnerAsk.objects.unscoped(because="a test").exists()


def test_one_reads_a_code_out_and_the_other_types_it_once(dan, priya):
    code = operations.make_code(person=dan, now=NOW)
    typed = f" {code[:3]}-{code[3:].lower()} "
    with pytest.raises(operations.OwnCode):
        operations.use_code(person=dan, typed=typed, now=NOW)
    operations.use_code(person=priya, typed=typed, now=LATER)
    assert (partner_of(dan), partner_of(priya)) == (priya, dan)
    with pytest.raises(operations.NoSuchCode):
        operations.use_code(person=PersonFactory(), typed=typed, now=LATER)


def test_an_address_with_an_account_and_one_without_get_the_same(priya):
    operations.ask(person=PersonFactory(), address="warm@example.org", now=NOW)
    work = []
    for address in (priya.email, "nobody@example.org"):
        with CaptureQueriesContext(connection) as asked:
            operations.ask(person=PersonFactory(display_name="Dan"), address=address, now=NOW)
        work.append(len(asked))
    assert work[0] == work[1]
    _, known, unknown = Message.objects.order_by("pk")
    assert (known.subject, known.text, known.html) == (unknown.subject, unknown.text, unknown.html)
    assert (known.address, known.person_id) == (priya.email, None)
    for word in ("Dan", "Priya", "partner", "adopt", "link"):
        assert word not in known.text.replace("http://127.0.0.1:8000/my/together/", "").split("-- ")[0]
    rows = PartnerAsk.objects.unscoped(because="a test").values()
    assert "example.org" not in str(list(rows))  # whom they asked is kept nowhere but in the letter


def test_who_signs_up_later_finds_the_ask_once_the_address_is_proven(dan):
    operations.ask(person=dan, address="new@example.org", now=NOW)
    newcomer = PersonFactory(email="new@example.org", proven=False)
    proof = EmailAddress.objects.create(user=newcomer, email="New@example.org", verified=False)
    assert not access.asks_for(newcomer, now=NOW).exists()
    EmailAddress.objects.filter(pk=proof.pk).update(verified=True)
    assert access.asks_for(newcomer, now=NOW).get().asked_by == dan
    assert not access.asks_for(PersonFactory(), now=NOW).exists()


def test_an_ask_runs_out_and_can_be_taken_back(dan, priya):
    waiting = ask(dan, priya)
    with pytest.raises(operations.AskOver):
        operations.say_yes(person=priya, ask=waiting.uuid, now=OVER)
    assert operations.forget_over(now=OVER) == 1
    again = ask(dan, priya, now=OVER)
    operations.take_back(person=dan, now=OVER)
    with pytest.raises(operations.AskOver):
        operations.say_yes(person=priya, ask=again.uuid, now=OVER)
    assert access.own_ask(dan, now=OVER) is None
    assert counted() == 0


def test_a_no_is_not_told_and_holds_for_three_months(dan, priya):
    operations.say_no(person=priya, ask=ask(dan, priya).uuid, now=NOW)
    assert access.own_ask(dan, now=LATER)  # looks as it did before
    operations.take_back(person=dan, now=LATER)
    letters = Message.objects.count()
    assert ask(dan, priya, now=LATER + timedelta(days=30)) is None
    assert access.own_ask(dan, now=LATER + timedelta(days=31))
    assert Message.objects.count() == letters
    assert operations.forget_over(now=NOW + timedelta(days=60)) == 0
    assert ask(dan, priya, now=NOW + timedelta(days=91))


def test_who_is_linked_asks_and_is_asked_nothing_more(dan, priya):
    linked(dan, priya)
    third = PersonFactory()
    with pytest.raises(operations.AlreadyLinked):
        ask(dan, third)
    with pytest.raises(operations.AlreadyLinked):
        operations.make_code(person=dan, now=NOW)
    waiting = ask(third, dan)
    with pytest.raises(operations.AlreadyLinked):
        operations.say_yes(person=dan, ask=waiting.uuid, now=NOW)
    assert access.own_ask(third, now=NOW)  # and learns nothing of it
    assert counted() == 2


def test_a_yes_comes_too_late_when_who_asked_is_linked_by_now(dan, priya):
    waiting, other = ask(dan, priya), PersonFactory()
    PartnerLink.objects.create(person=dan, partner=other, since=NOW)
    PartnerLink.objects.create(person=other, partner=dan, since=NOW)
    with pytest.raises(operations.AskOver):
        operations.say_yes(person=priya, ask=waiting.uuid, now=NOW)
    assert counted() == 2


def test_nobody_is_linked_with_themselves(dan):
    with pytest.raises(operations.OwnAddress):
        operations.ask(person=dan, address=dan.email.title(), now=NOW)
    assert not Message.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        PartnerLink.objects.create(person=dan, partner=dan, since=NOW)


@pytest.mark.parametrize("side", ["person", "partner"])
def test_the_database_knows_one_partner_on_either_side(dan, priya, side):
    linked(dan, priya)
    third = PersonFactory()
    halves = {"person": dan, "partner": third} if side == "person" else {"person": third, "partner": dan}
    with pytest.raises(IntegrityError), transaction.atomic():
        PartnerLink.objects.create(since=NOW, **halves)


def test_either_ends_it_at_once_without_a_word_and_they_can_link_again(dan, priya):
    linked(dan, priya)
    operations.unlink(person=priya, now=NOW)
    operations.unlink(person=priya, now=NOW)
    assert counted() == 0
    assert not Message.objects.exists()
    operations.say_yes(person=dan, ask=ask(priya, dan).uuid, now=LATER)
    assert partner_of(priya) == dan
    deeds = Entry.objects.filter(action__startswith="partner.").order_by("pk")
    assert [(deed.action, deed.actor_id) for deed in deeds] == [
        ("partner.unlinked", priya.pk),
        ("partner.asked", priya.pk),
        ("partner.linked", dan.pk),
    ]


def test_an_account_that_is_deleted_is_linked_with_nobody_and_asks_nobody(dan, priya):
    linked(dan, priya)
    ask(PersonFactory(), dan)
    accounts.erase(person=dan, now=NOW)
    assert partner_of(priya) is None
    assert counted() == 0
    assert not PartnerAsk.objects.unscoped(because="a test").exists()
