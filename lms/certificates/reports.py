"""What is read of certificates: for their holder, for who checks a code, for the desk."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from lms.accounts.models import User
from lms.audit.models import Entry
from lms.certificates import rules
from lms.certificates.models import Award, AwardChange, AwardKind
from lms.courses.models import Round
from lms.webinars.models import Booking, BookingState

# --- Awards --------------------------------------------------------------------------------------------------------


def awards_of(person: User) -> QuerySet[Award]:
    """A person's certificates, newest first, with what replaced them."""
    rows: QuerySet[Award] = Award.objects.owned_by(person).for_listing()
    return rows.select_related("replaced_by").prefetch_related("lookups")


def changed_at(award: Award) -> datetime | None:
    """When the award came into its present state."""
    changes = AwardChange.objects.filter(award=award, after=award.state).order_by("-at")
    return changes.values_list("at", flat=True).first()


def given_up() -> int:
    """How many certificates could not be made; for who watches over the house."""
    return int(Award.objects.unscoped(because="only how many, not whose").given_up().count())


def rounds_without_award(*, most: int = 500) -> list[int]:
    """Completed rounds whose award was never given: the news of them was lost."""
    rows = Round.objects.unscoped(because="the nightly look for what was missed").filter(completed_at__isnull=False)
    return list(_without_award(rows, "round:").values_list("pk", flat=True)[:most])


def bookings_without_award(*, most: int = 500) -> list[int]:
    """Attended bookings whose award was never given."""
    rows = Booking.objects.unscoped(because="the nightly look for what was missed").filter(state=BookingState.ATTENDED)
    return list(_without_award(rows, "booking:").values_list("pk", flat=True)[:most])


def _without_award(rows: QuerySet[Any], prefix: str) -> QuerySet[Any]:
    key = Concat(Value(prefix), Cast("pk", CharField()))
    given = Award.objects.unscoped(because="whether there is one").filter(earned_by=OuterRef("key"))
    return rows.annotate(key=key).filter(~Exists(given)).order_by("pk")


# --- What goes with one award --------------------------------------------------------------------------------------


def family_of(award: Award) -> list[tuple[str, Award]]:
    """The awards that came before this one and after it, each with what it is to this one."""
    near = Q(pk__in=[award.replaces_id, award.renews_id]) | Q(replaces=award) | Q(renews=award)
    rows = Award.objects.unscoped(because="of the same person, next to an award that the caller may see").filter(near)
    return [(_relation(award, other), other) for other in rows.for_listing().order_by("issued_at", "pk")]


def _relation(award: Award, other: Award) -> str:
    if other.pk == award.replaces_id:
        return "It replaces"
    if other.pk == award.renews_id:
        return "It renews"
    return "Replaced by" if other.replaces_id == award.pk else "Renewed by"


@dataclass(frozen=True)
class Renewal:
    """How an award that ends can be renewed. opens_on: the first day; by_course: by going through its course again."""

    opens_on: date
    is_open: bool
    by_course: bool
    renewed_by: Award | None


def renewal_of(award: Award, *, today: date) -> Renewal | None:
    """How ``award`` can be renewed; None where it has no end."""
    if award.valid_until is None:
        return None
    return Renewal(
        opens_on=award.valid_until - rules.RENEW_FROM,
        is_open=rules.may_renew(award.state, valid_until=award.valid_until, today=today),
        by_course=award.kind == AwardKind.COMPLETION,
        renewed_by=next((other for how, other in family_of(award) if how == "Renewed by"), None),
    )


# --- The watch over guessing ---------------------------------------------------------------------------------------

ALARM_SHOWN = timedelta(days=2)


def last_alarm(*, now: datetime) -> datetime | None:
    """When somebody last seemed to try codes, if that was lately."""
    alarms = Entry.objects.filter(action="certificates.guessing", at__gte=now - ALARM_SHOWN)
    return alarms.order_by("-at").values_list("at", flat=True).first()
