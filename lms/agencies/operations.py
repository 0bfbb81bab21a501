"""Vouching for adopters, and giving and taking roles. Each deed is in the record.

``actor`` is None for the command line alone, where whoever types already holds the keys of the house.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from cms.editors import set_writing_rights
from lms.accounts.models import User
from lms.agencies import access, mail, rules, signals
from lms.agencies.models import Agency, Invitation, Membership, MembershipState, Role, StaffRole
from lms.audit.operations import record
from lms.common.errors import DomainError
from lms.outbox.operations import post

VERIFIERS = (Role.COORDINATOR, Role.MANAGER)
INVITATION_LASTS = timedelta(days=7)


class NotYours(DomainError):
    code = "agencies.not_yours"
    message = "That isn't yours to decide."


class OwnRights(DomainError):
    code = "agencies.own_rights"
    message = "Nobody decides about themselves. Ask a colleague."


class AlreadyDecided(DomainError):
    code = "agencies.already_decided"
    message = "Somebody has answered this already. Load the page again to see how it stands."


class InvitationOver(DomainError):
    code = "agencies.invitation_over"
    message = "This invitation no longer works. Ask your agency for a new one."


class LastAdministrator(DomainError):
    code = "agencies.last_administrator"
    message = "This is the only administrator. Make somebody else one first."


# --- Verified adopters -------------------------------------------------------------------------------------------


def request_membership(*, person: User, agency: Agency, now: datetime) -> Membership:
    """Ask ``agency`` to confirm that it knows ``person`` as an adopter; asked twice, return the request there is.

    After a no the person may ask again. Staff who can answer get a letter without a name in it.
    """
    with transaction.atomic():
        own = Membership.objects.owned_by(person).select_for_update()
        asked = {"state": MembershipState.REQUESTED, "requested_at": now}
        membership, is_new = own.get_or_create(person=person, agency=agency, defaults=asked)
        if not is_new and membership.state in (MembershipState.REQUESTED, MembershipState.VERIFIED):
            return membership
        for name, value in {**asked, "decided_at": None, "decided_by": None}.items():
            setattr(membership, name, value)
        membership.save()
        _note(membership, action="membership.requested", actor=person, now=now)
        for staff in access.staff_of(agency.pk, *VERIFIERS):
            post(mail.somebody_asked(membership, staff=staff), now=now)
    return membership


def verify(*, membership: Membership, actor: User | None, now: datetime) -> None:
    """Vouch for a person who asked: from now on they may book and join live sessions.

    Raises NotYours, OwnRights or AlreadyDecided, and then nothing has changed.
    """
    _decide(membership, before=(MembershipState.REQUESTED,), after=MembershipState.VERIFIED, actor=actor, now=now)


def decline(*, membership: Membership, actor: User | None, now: datetime) -> None:
    """Say that the agency does not know the person. Raises as ``verify`` does."""
    _decide(membership, before=(MembershipState.REQUESTED,), after=MembershipState.DECLINED, actor=actor, now=now)


def revoke(*, membership: Membership, actor: User | None, now: datetime) -> None:
    """Stop vouching for a person: live rooms are closed to them at their next request. Raises as ``verify`` does."""
    _decide(membership, before=(MembershipState.VERIFIED,), after=MembershipState.REVOKED, actor=actor, now=now)


def _decide(
    membership: Membership, *, before: tuple[str, ...], after: MembershipState, actor: User | None, now: datetime
) -> None:
    _require_verifier(actor, membership.agency, of=membership.person_id)
    with transaction.atomic():
        rows = Membership.objects.unscoped(because="the right to decide was checked above").filter(pk=membership.pk)
        decision: dict[str, Any] = {"state": after, "decided_at": now, "decided_by": actor}
        if rows.filter(state__in=before).update(**decision) != 1:
            raise AlreadyDecided(membership_id=membership.pk)
        membership.refresh_from_db(from_queryset=rows.select_related("person"))
        _note(membership, action=f"membership.{after}", actor=actor, now=now)
        if after == MembershipState.REVOKED:
            signals.membership_ended.send(Membership, membership=membership, now=now)
        post(mail.decided(membership), now=now)


def _require_verifier(actor: User | None, agency: Agency, *, of: int) -> None:
    if actor is None:
        return
    if actor.pk == of:
        raise OwnRights(actor_id=actor.pk)
    if not _may_verify(actor, agency):
        raise NotYours(actor_id=actor.pk, agency_id=agency.pk)


def _may_verify(actor: User, agency: Agency) -> bool:
    return agency.pk in access.rights_of(actor).agencies(*VERIFIERS)


def _note(membership: Membership, *, action: str, actor: User | None, now: datetime) -> None:
    record(
        action=action,
        target=f"membership:{membership.pk}",
        actor_id=actor.pk if actor else None,
        agency_id=membership.agency_id,
        now=now,
        person=membership.person_id,
    )


# --- Roles of staff ----------------------------------------------------------------------------------------------


def grant_role(*, person: User, role: str, agency: Agency | None, actor: User | None, now: datetime) -> StaffRole:
    """Give ``person`` a role: in ``agency``, or on the platform where it is None. Given twice, return the one there is.

    Raises NotYours when ``actor`` may not give this role here, OwnRights when they would give it to themselves.
    """
    _require_giver(actor, role, agency, of=person)
    with transaction.atomic():
        live = StaffRole.objects.owned_by(person).live()
        given = {"granted_at": now, "granted_by": actor}
        row, is_new = live.get_or_create(person=person, agency=agency, role=role, revoked_at=None, defaults=given)
        if is_new:
            _after_change(row, action="role.granted", actor=actor, now=now)
    return row


def revoke_role(*, staff_role: StaffRole, actor: User | None, now: datetime) -> None:
    """Take a role away: it ends with the person's next request. Taken twice, nothing happens.

    Raises NotYours, OwnRights or LastAdministrator, and then nothing has changed.
    """
    _require_giver(actor, staff_role.role, staff_role.agency, of=staff_role.person)
    with transaction.atomic():
        if staff_role.role == Role.ADMINISTRATOR:
            refuse_last_administrator(staff_role.person)
        live = StaffRole.objects.owned_by(staff_role.person).live().filter(pk=staff_role.pk)
        if live.update(revoked_at=now):
            _after_change(staff_role, action="role.revoked", actor=actor, now=now)


def refuse_last_administrator(person: User) -> None:
    """Raise LastAdministrator if nobody but ``person`` could give rights. Holds the rows until the transaction ends."""
    rows = StaffRole.objects.unscoped(because="somebody must keep the keys").live().select_for_update()
    holders = set(rows.filter(role=Role.ADMINISTRATOR, person__is_active=True).values_list("person_id", flat=True))
    keepers = set(User.objects.filter(is_superuser=True, is_active=True).values_list("pk", flat=True))
    if holders | keepers == {person.pk}:
        raise LastAdministrator(person_id=person.pk)


def _require_giver(actor: User | None, role: str, agency: Agency | None, *, of: User) -> None:
    if actor is None:
        return
    if actor.pk == of.pk:
        raise OwnRights(actor_id=actor.pk)
    if role not in access.roles_to_give(actor, agency=agency):
        raise NotYours(actor_id=actor.pk, role=role)


def _after_change(row: StaffRole, *, action: str, actor: User | None, now: datetime) -> None:
    """Write it down, and let the editor's rights follow from the roles that are left."""
    held = set(StaffRole.objects.owned_by(row.person).live().values_list("role", flat=True))
    set_writing_rights(
        row.person,
        trainer=Role.TRAINER in held,
        editor=Role.EDITOR in held,
        administrator=Role.ADMINISTRATOR in held,
    )
    actor_id = actor.pk if actor else None
    target = f"person:{row.person_id}"
    record(action=action, target=target, actor_id=actor_id, agency_id=row.agency_id, now=now, role=row.role)


# --- Invitations -------------------------------------------------------------------------------------------------


def invite(*, agency: Agency, address: str, role: str, actor: User, now: datetime) -> Invitation:
    """Ask somebody in by e-mail, account or not: as an adopter where ``role`` is empty, else as staff.

    Raises NotYours when ``actor`` could not give that themselves.
    """
    _require_inviter(actor, agency, role)
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        row = Invitation.objects.create(
            agency=agency,
            role=role,
            address=address,
            secret_sha256=rules.hash_of(secret),
            invited_by=actor,
            invited_at=now,
            expires_at=now + INVITATION_LASTS,
        )
        _note_invitation(row, action="invitation.sent", actor=actor, now=now)
        post(mail.invitation(row, secret=secret), now=now)
    return row


def accept(*, secret: str, person: User, now: datetime) -> Invitation:
    """Bind the invitation to ``person``: they become a verified adopter of the agency, or staff of it.

    Raises InvitationOver when it was used, ran out or never was, or when whoever sent it could not send it today;
    OwnRights when they sent it themselves.
    """
    with transaction.atomic():
        open_rows = Invitation.objects.unscoped(because="the secret says which").open_at(now)
        row = open_rows.select_for_update(of=("self",)).filter(secret_sha256=rules.hash_of(secret)).first()
        if row is None or row.invited_by is None:
            raise InvitationOver(person_id=person.pk)
        if row.invited_by == person:
            raise OwnRights(actor_id=person.pk)
        _redeem(row, person=person, inviter=row.invited_by, now=now)
        row.accepted_by, row.accepted_at = person, now
        row.save(update_fields=["accepted_by", "accepted_at"])
        _note_invitation(row, action="invitation.accepted", actor=person, now=now)
    return row


def _redeem(row: Invitation, *, person: User, inviter: User, now: datetime) -> None:
    """Give what was promised, with the rights of whoever promised it as they are now."""
    try:
        if row.role:
            grant_role(person=person, role=row.role, agency=row.agency, actor=inviter, now=now)
            return
        membership = request_membership(person=person, agency=row.agency, now=now)
        if membership.state != MembershipState.VERIFIED:
            verify(membership=membership, actor=inviter, now=now)
    except NotYours as lost:
        raise InvitationOver(person_id=person.pk) from lost


def forget_invitations(person: User, _: datetime) -> None:
    """Delete invitations that ``person`` accepted or that went to their address."""
    rows = Invitation.objects.unscoped(because="an erasure")
    rows.filter(Q(accepted_by=person) | Q(address__iexact=person.email)).delete()


def forget_old_invitations(*, before: datetime) -> int:
    """Delete invitations that ran out before then; return how many."""
    return int(Invitation.objects.unscoped(because="by the clock").filter(expires_at__lt=before).delete()[0])


def _require_inviter(actor: User, agency: Agency, role: str) -> None:
    may = role in access.roles_to_give(actor, agency=agency) if role else _may_verify(actor, agency)
    if not may:
        raise NotYours(actor_id=actor.pk, agency_id=agency.pk)


def _note_invitation(row: Invitation, *, action: str, actor: User, now: datetime) -> None:
    target = f"invitation:{row.pk}"
    record(action=action, target=target, actor_id=actor.pk, agency_id=row.agency_id, now=now, role=row.role)
