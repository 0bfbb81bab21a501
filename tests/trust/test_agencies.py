"""Agencies vouch for adopters and give roles; nobody gives what is not theirs, and every deed is in the record."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from lms.agencies import operations
from lms.agencies.access import is_verified_adopter, rights_of, roles_to_give
from lms.agencies.models import Invitation, Membership, MembershipState, Role, StaffRole
from lms.audit.models import Entry
from lms.outbox.models import Message
from tests.factories.accounts import AdministratorFactory, PersonFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory, StaffRoleFactory
from tests.trust.doors import letters_to, sign_in

AGENCY_ROLES = [Role.TRAINER, Role.COORDINATOR, Role.MANAGER, Role.SAFEGUARDING_LEAD]


def memberships():
    return Membership.objects.unscoped(because="a test looks at what is there")


def roles():
    return StaffRole.objects.unscoped(because="a test looks at what is there")


def staff(agency, role=Role.COORDINATOR):
    return StaffRoleFactory(agency=agency, role=role).person


def administrator():
    return StaffRoleFactory(platform=True, role=Role.ADMINISTRATOR).person


# --- Asking and answering ------------------------------------------------------------------------


def test_asking_makes_one_request_however_often(db, now):
    person, agency = PersonFactory(), AgencyFactory()
    first = operations.request_membership(person=person, agency=agency, now=now)
    again = operations.request_membership(person=person, agency=agency, now=now)
    assert first == again
    assert memberships().get().state == MembershipState.REQUESTED
    assert Entry.objects.get().action == "membership.requested"


def test_those_who_can_answer_get_a_letter_without_a_name(db, now):
    agency = AgencyFactory()
    asks = PersonFactory(display_name="Wilhelmina")
    told = [staff(agency, role) for role in AGENCY_ROLES]
    operations.request_membership(person=asks, agency=agency, now=now)
    assert {letter.person_id for letter in Message.objects.all()} == {told[1].pk, told[2].pk}
    for letter in Message.objects.all():
        assert "Wilhelmina" not in letter.subject + letter.text + letter.html
        assert "adopt" not in letter.subject.lower()


def test_a_confirmed_person_is_a_verified_adopter_and_is_told(db, now):
    membership = MembershipFactory(asked=True)
    operations.verify(membership=membership, actor=staff(membership.agency), now=now)
    assert is_verified_adopter(membership.person)
    assert "book live sessions" in letters_to(membership.person.email)[0].text


def test_a_declined_person_is_not_and_may_ask_again(db, now):
    membership = MembershipFactory(asked=True)
    operations.decline(membership=membership, actor=staff(membership.agency), now=now)
    assert not is_verified_adopter(membership.person)
    operations.request_membership(person=membership.person, agency=membership.agency, now=now)
    assert memberships().get().state == MembershipState.REQUESTED


def test_what_is_taken_back_is_gone_at_once(db, now):
    membership = MembershipFactory()
    operations.revoke(membership=membership, actor=staff(membership.agency), now=now)
    assert not is_verified_adopter(membership.person)


def test_the_news_that_an_agency_no_longer_vouches_travels(db, now):
    heard = []

    def listen(sender, membership, **_):
        heard.append(membership.pk)

    from lms.agencies.signals import membership_ended

    membership_ended.connect(listen)
    membership = MembershipFactory()
    operations.revoke(membership=membership, actor=None, now=now)
    membership_ended.disconnect(listen)
    assert heard == [membership.pk]


@pytest.mark.parametrize("role", [Role.TRAINER, Role.SAFEGUARDING_LEAD])
def test_only_coordinators_and_managers_answer(db, now, role):
    membership = MembershipFactory(asked=True)
    with pytest.raises(operations.NotYours):
        operations.verify(membership=membership, actor=staff(membership.agency, role), now=now)
    assert memberships().get().state == MembershipState.REQUESTED
    assert not Message.objects.exists()


def test_staff_of_another_agency_do_not_answer(db, now):
    membership = MembershipFactory(asked=True)
    with pytest.raises(operations.NotYours):
        operations.verify(membership=membership, actor=staff(AgencyFactory()), now=now)


def test_nobody_confirms_themselves(db, now):
    membership = MembershipFactory(asked=True)
    StaffRoleFactory(person=membership.person, agency=membership.agency)
    with pytest.raises(operations.OwnRights):
        operations.verify(membership=membership, actor=membership.person, now=now)


def test_two_answers_to_one_request_are_one_answer(db, now):
    membership = MembershipFactory(asked=True)
    operations.verify(membership=membership, actor=staff(membership.agency), now=now)
    with pytest.raises(operations.AlreadyDecided):
        operations.decline(membership=membership, actor=staff(membership.agency), now=now)
    assert is_verified_adopter(membership.person)
    assert len(letters_to(membership.person.email)) == 1


def test_the_record_says_who_answered_whom_in_numbers(db, now):
    membership = MembershipFactory(asked=True)
    actor = staff(membership.agency)
    operations.verify(membership=membership, actor=actor, now=now)
    entry = Entry.objects.get(action="membership.verified")
    assert (entry.actor_id, entry.target, entry.agency_id) == (
        actor.pk,
        f"membership:{membership.pk}",
        membership.agency_id,
    )
    assert entry.ids == {"person": membership.person_id}


# --- Roles ---------------------------------------------------------------------------------------


def test_who_may_give_what(db):
    agency = AgencyFactory()
    given = {role: roles_to_give(staff(agency, role), agency=agency) for role in AGENCY_ROLES}
    assert given == {
        Role.TRAINER: frozenset(),
        Role.COORDINATOR: frozenset(),
        Role.MANAGER: {Role.TRAINER, Role.COORDINATOR, Role.MANAGER},
        Role.SAFEGUARDING_LEAD: {Role.SAFEGUARDING_LEAD},
    }
    assert roles_to_give(administrator(), agency=agency) == set(AGENCY_ROLES)
    assert roles_to_give(administrator(), agency=None) == {Role.EDITOR, Role.ADMINISTRATOR}
    assert roles_to_give(staff(agency, Role.MANAGER), agency=None) == frozenset()
    assert roles_to_give(staff(agency, Role.MANAGER), agency=AgencyFactory()) == frozenset()


@pytest.mark.parametrize("held", AGENCY_ROLES)
@pytest.mark.parametrize("wanted", list(Role))
@pytest.mark.parametrize("where", ["own", "foreign", "platform"])
def test_nobody_gives_a_right_that_is_not_theirs(db, now, held, wanted, where):
    own = AgencyFactory()
    actor, person = staff(own, held), PersonFactory()
    agency = {"own": own, "foreign": AgencyFactory(), "platform": None}[where]
    allowed = where == "own" and wanted in roles_to_give(actor, agency=own)
    if allowed:
        operations.grant_role(person=person, role=wanted, agency=agency, actor=actor, now=now)
        assert rights_of(person).holds(wanted)
        return
    with pytest.raises(operations.NotYours):
        operations.grant_role(person=person, role=wanted, agency=agency, actor=actor, now=now)
    assert not rights_of(person).is_staff
    assert not Entry.objects.exists()


@pytest.mark.parametrize("role", list(Role))
def test_nobody_gives_themselves_a_role(db, now, role):
    actor = administrator()
    with pytest.raises(operations.OwnRights):
        operations.grant_role(person=actor, role=role, agency=None, actor=actor, now=now)


def test_a_role_given_twice_is_held_once(db, now):
    person, agency = PersonFactory(), AgencyFactory()
    for _ in range(2):
        operations.grant_role(person=person, role=Role.TRAINER, agency=agency, actor=None, now=now)
        operations.grant_role(person=person, role=Role.EDITOR, agency=None, actor=None, now=now)
    assert roles().count() == 2
    assert Entry.objects.filter(action="role.granted").count() == 2


def test_a_role_taken_away_may_be_given_again(db, now):
    person, agency = PersonFactory(), AgencyFactory()
    for _ in range(2):
        row = operations.grant_role(person=person, role=Role.TRAINER, agency=agency, actor=None, now=now)
        operations.revoke_role(staff_role=row, actor=None, now=now)
        operations.revoke_role(staff_role=row, actor=None, now=now)
    assert Entry.objects.filter(action="role.revoked").count() == 2


@pytest.mark.parametrize(
    ("role", "group"), [(Role.TRAINER, "Trainers"), (Role.EDITOR, "Editors"), (Role.ADMINISTRATOR, "Administrators")]
)
def test_the_editor_s_rights_follow_the_role_and_go_with_it(db, now, role, group):
    from cms import editors

    editors.prepare()
    AdministratorFactory()
    person, agency = PersonFactory(), AgencyFactory() if role == Role.TRAINER else None
    row = operations.grant_role(person=person, role=role, agency=agency, actor=None, now=now)
    assert [one.name for one in person.groups.all()] == [group]
    assert person.has_perm("wagtailadmin.access_admin")
    operations.revoke_role(staff_role=row, actor=None, now=now)
    assert not person.groups.exists()


def test_a_trainer_of_two_agencies_who_leaves_one_still_writes(db, now):
    from cms import editors

    editors.prepare()
    person = PersonFactory()
    first, _ = (
        operations.grant_role(person=person, role=Role.TRAINER, agency=AgencyFactory(), actor=None, now=now)
        for _ in range(2)
    )
    operations.revoke_role(staff_role=first, actor=None, now=now)
    assert [group.name for group in person.groups.all()] == ["Trainers"]


def test_the_last_administrator_stays(db, now):
    row = StaffRoleFactory(platform=True, role=Role.ADMINISTRATOR)
    with pytest.raises(operations.LastAdministrator):
        operations.revoke_role(staff_role=row, actor=None, now=now)
    other = StaffRoleFactory(platform=True, role=Role.ADMINISTRATOR)
    operations.revoke_role(staff_role=row, actor=other.person, now=now)
    assert roles().live().get() == other


def test_a_disabled_administrator_keeps_no_keys(db, now):
    row = StaffRoleFactory(platform=True, role=Role.ADMINISTRATOR)
    StaffRoleFactory(platform=True, role=Role.ADMINISTRATOR, person__is_active=False)
    with pytest.raises(operations.LastAdministrator):
        operations.revoke_role(staff_role=row, actor=None, now=now)


def test_no_role_of_ours_may_make_or_change_accounts_in_the_editor(db):
    from django.contrib.auth.models import Group, Permission

    from cms import editors

    editors.prepare()
    for group in Group.objects.all():
        held = Permission.objects.filter(group=group)
        kept_apart = {"accounts", "agencies", "courses", "webinars", "certificates", "audit", "outbox", "auth"}
        of_people = held.exclude(content_type__model="certificatedesign")  # the look of paper; nobody is in it
        assert not of_people.filter(content_type__app_label__in=kept_apart).exists(), group


# --- Invitations ---------------------------------------------------------------------------------


def secret_sent_to(address):
    return re.search(r"/invitation/([\w-]+)/", letters_to(address)[-1].text)[1]


def invite(agency, *, role="", actor=None, now):
    return operations.invite(
        agency=agency, address="new@example.org", role=role, actor=actor or staff(agency, Role.MANAGER), now=now
    )


def test_an_invitation_makes_a_verified_adopter(db, now):
    agency = AgencyFactory()
    invite(agency, now=now)
    person = PersonFactory()
    operations.accept(secret=secret_sent_to("new@example.org"), person=person, now=now)
    assert is_verified_adopter(person)


def test_an_invitation_makes_staff(db, now):
    agency = AgencyFactory()
    invite(agency, role=Role.TRAINER, now=now)
    person = PersonFactory()
    operations.accept(secret=secret_sent_to("new@example.org"), person=person, now=now)
    assert rights_of(person).agencies(Role.TRAINER) == {agency.pk}


def test_the_secret_is_only_in_the_letter(db, now):
    row = invite(AgencyFactory(), now=now)
    secret = secret_sent_to("new@example.org")
    assert len(secret) >= 43
    assert secret not in str(Invitation.objects.unscoped(because="a test").filter(pk=row.pk).values())
    assert not any(secret in str(SignedPackage.loads(row.payload)) for row in OrmQ.objects.all())
    assert secret not in str(list(Entry.objects.values()))


def test_an_invitation_binds_one_account_once(db, now):
    invite(AgencyFactory(), now=now)
    secret = secret_sent_to("new@example.org")
    operations.accept(secret=secret, person=PersonFactory(), now=now)
    late = PersonFactory()
    with pytest.raises(operations.InvitationOver):
        operations.accept(secret=secret, person=late, now=now)
    assert not is_verified_adopter(late)


def test_an_invitation_ends_after_seven_days(db, now):
    row = invite(AgencyFactory(), now=now)
    with pytest.raises(operations.InvitationOver):
        operations.accept(secret=secret_sent_to("new@example.org"), person=PersonFactory(), now=row.expires_at)


def test_an_invitation_is_worth_what_its_sender_may_still_do(db, now):
    agency = AgencyFactory()
    sender = StaffRoleFactory(agency=agency, role=Role.MANAGER)
    invite(agency, role=Role.MANAGER, actor=sender.person, now=now)
    operations.revoke_role(staff_role=sender, actor=None, now=now)
    with pytest.raises(operations.InvitationOver):
        operations.accept(secret=secret_sent_to("new@example.org"), person=PersonFactory(), now=now)
    assert not roles().live().exists()


def test_nobody_invites_themselves(db, now):
    agency = AgencyFactory()
    actor = staff(agency, Role.MANAGER)
    invite(agency, role=Role.MANAGER, actor=actor, now=now)
    with pytest.raises(operations.OwnRights):
        operations.accept(secret=secret_sent_to("new@example.org"), person=actor, now=now)


@pytest.mark.parametrize("role", [Role.SAFEGUARDING_LEAD, Role.EDITOR, Role.ADMINISTRATOR])
def test_a_manager_invites_nobody_into_a_role_that_is_not_theirs_to_give(db, now, role):
    with pytest.raises(operations.NotYours):
        invite(AgencyFactory(), role=role, now=now)
    assert not Message.objects.exists()


def test_a_guessed_secret_opens_nothing(db, now):
    with pytest.raises(operations.InvitationOver):
        operations.accept(secret="guessed", person=PersonFactory(), now=now)


# --- Pages ---------------------------------------------------------------------------------------


def test_a_learner_asks_and_sees_how_it_stands(client, db):
    agency = AgencyFactory(name="Wrenbrook Adoption")
    sign_in(client, PersonFactory())
    page = reverse("agencies:verification")
    assert "Wrenbrook Adoption" in client.get(page).content.decode()
    assert client.post(page, {"agency": agency.pk}).headers["Location"] == page
    assert "You asked on" in client.get(page).content.decode()


@pytest.mark.parametrize("typed", ["", "0", "99999999999999999999", "x", "-1", "\x00"])
def test_an_agency_that_is_none_is_asked_about_again(client, db, typed):
    AgencyFactory()
    sign_in(client, PersonFactory())
    answer = client.post(reverse("agencies:verification"), {"agency": typed})
    assert answer.status_code in (400, 422)
    assert not memberships().exists()


def test_asking_again_and_again_is_slowed_down(client, db):
    sign_in(client, PersonFactory())
    answers = [client.post(reverse("agencies:verification"), {"agency": AgencyFactory().pk}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]


def test_the_desk_shows_the_people_of_one_s_own_agency_and_no_address(client, db):
    agency = AgencyFactory()
    asks = MembershipFactory(agency=agency, asked=True, person__display_name="Asking Ann")
    known = MembershipFactory(agency=agency, person__display_name="Known Ken")
    foreign = MembershipFactory(person__display_name="Foreign Fay")
    sign_in(client, staff(agency))
    body = client.get(reverse("agencies:people")).content.decode()
    assert "Asking Ann" in body
    assert "Known Ken" in body
    assert "Foreign Fay" not in body
    assert not any(one.person.email in body for one in (asks, known, foreign))


def test_many_confirmed_people_are_shown_in_pages(client, db):
    agency = AgencyFactory()
    MembershipFactory.create_batch(51, agency=agency)
    sign_in(client, staff(agency))
    assert "Page 1 of 2" in client.get(reverse("agencies:people")).content.decode()
    assert "Page 2 of 2" in client.get(reverse("agencies:people"), {"page": 2}).content.decode()
    assert "Page 2 of 2" in client.get(reverse("agencies:people"), {"page": "9999999999"}).content.decode()


@pytest.mark.parametrize("rows", [1, 20])
def test_the_desk_page_costs_the_same_however_many_people(client, db, django_assert_num_queries, rows):
    agency = AgencyFactory()
    MembershipFactory.create_batch(rows, agency=agency)
    MembershipFactory.create_batch(rows, agency=agency, asked=True)
    StaffRoleFactory.create_batch(rows, agency=agency, role=Role.TRAINER)
    client.force_login(staff(agency))
    client.get(reverse("agencies:people"))
    with django_assert_num_queries(10):
        client.get(reverse("agencies:people"))


def test_a_coordinator_answers_with_one_press(client, db):
    membership = MembershipFactory(asked=True)
    sign_in(client, staff(membership.agency))
    answer = client.post(reverse("agencies:verify", args=[membership.pk]), follow=True)
    assert "Confirmed" in answer.content.decode()
    assert is_verified_adopter(membership.person)


def test_a_second_press_says_that_it_is_answered(client, db):
    membership = MembershipFactory(asked=True)
    sign_in(client, staff(membership.agency))
    client.post(reverse("agencies:verify", args=[membership.pk]))
    answer = client.post(reverse("agencies:verify", args=[membership.pk]), follow=True)
    assert "answered this already" in answer.content.decode()


@pytest.mark.parametrize("name", ["agencies:verify", "agencies:decline", "agencies:revoke", "agencies:take_role"])
def test_what_is_not_one_s_own_does_not_exist(client, db, name):
    foreign = MembershipFactory(asked=True).pk if name != "agencies:take_role" else StaffRoleFactory().pk
    before = list(memberships().values()), list(roles().values())
    sign_in(client, staff(AgencyFactory(), Role.MANAGER))
    before = list(memberships().values()), list(roles().values())
    theirs, missing = (client.post(reverse(name, args=[pk])) for pk in (foreign, 999_999))
    assert theirs.status_code == missing.status_code == 404
    assert (list(memberships().values()), list(roles().values())) == before


@pytest.mark.parametrize(("role", "offered"), [(Role.MANAGER, {"trainer"}), (Role.COORDINATOR, set())])
def test_only_roles_that_are_theirs_to_take_are_offered(client, db, role, offered):
    agency = AgencyFactory()
    rows = {kind: StaffRoleFactory(agency=agency, role=kind) for kind in ("trainer", "safeguarding_lead")}
    sign_in(client, staff(agency, role))
    body = client.get(reverse("agencies:people")).content.decode()
    seen = {kind for kind, row in rows.items() if reverse("agencies:take_role", args=[row.pk]) in body}
    assert seen == offered


def test_a_manager_takes_a_role_away(client, db):
    agency = AgencyFactory()
    row = StaffRoleFactory(agency=agency, role=Role.TRAINER)
    sign_in(client, staff(agency, Role.MANAGER))
    client.post(reverse("agencies:take_role", args=[row.pk]))
    assert not rights_of(row.person).is_staff


def test_a_coordinator_who_tries_is_told_no(client, db):
    agency = AgencyFactory()
    row = StaffRoleFactory(agency=agency, role=Role.TRAINER)
    sign_in(client, staff(agency))
    answer = client.post(reverse("agencies:take_role", args=[row.pk]), follow=True)
    assert "yours to decide" in answer.content.decode()
    assert rights_of(row.person).is_staff


def test_an_invitation_goes_from_the_desk_to_a_new_account(client, db):
    agency = AgencyFactory()
    sign_in(client, staff(agency, Role.MANAGER))
    typed = {"address": "new@example.org", "agency": agency.pk, "role": ""}
    assert client.post(reverse("agencies:invite"), typed).status_code == 302
    page = reverse("agencies:invitation", args=[secret_sent_to("new@example.org")])
    stranger = Client()
    assert agency.name in stranger.get(page).content.decode()
    person = PersonFactory()
    sign_in(stranger, person, to=page)
    assert not is_verified_adopter(person)
    stranger.post(page)
    assert is_verified_adopter(person)


@pytest.mark.parametrize(
    "typed",
    [
        {"address": ""},
        {"address": "no address"},
        {"address": "a@example.org\nBcc: b@example.org"},
        {"role": Role.ADMINISTRATOR},
        {"role": Role.SAFEGUARDING_LEAD},
        {"agency": "foreign"},
        {"agency": ""},
    ],
)
def test_an_invitation_that_cannot_be_is_said_and_nothing_is_sent(client, db, typed):
    agency = AgencyFactory()
    sign_in(client, staff(agency, Role.MANAGER))
    foreign = AgencyFactory().pk
    sent = {"address": "new@example.org", "agency": agency.pk, "role": "", **typed}
    if sent["agency"] == "foreign":
        sent["agency"] = foreign
    assert client.post(reverse("agencies:invite"), sent).status_code == 422
    assert not Message.objects.exists()


def test_reading_an_invitation_changes_nothing(client, db, now):
    row = invite(AgencyFactory(), now=now.replace(year=2099))
    sign_in(client, PersonFactory())
    page = reverse("agencies:invitation", args=[secret_sent_to("new@example.org")])
    client.get(page)
    client.head(page)
    row.refresh_from_db(from_queryset=Invitation.objects.unscoped(because="a test"))
    assert row.accepted_at is None


def test_an_old_or_guessed_invitation_is_one_and_the_same_page(client, db, now):
    invite(AgencyFactory(), now=now.replace(year=2020))
    old = client.get(reverse("agencies:invitation", args=[secret_sent_to("new@example.org")]))
    guessed = client.get(reverse("agencies:invitation", args=["guessed"]))
    assert old.status_code == guessed.status_code == 410
    assert old.content == guessed.content
