"""What is read of certificates: for their holder, for who checks a code, for the desk."""

from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from lms.accounts.models import User
from lms.certificates.models import Award, AwardChange
from lms.common.scope import Scope
from lms.courses.models import Round
from lms.webinars.models import Booking, BookingState

# --- Awards --------------------------------------------------------------------------------------------------------


def awards_of(person: User) -> QuerySet[Award]:
    """A person's certificates, newest first, with what replaced them."""
    rows: QuerySet[Award] = Award.objects.owned_by(person).for_listing()
    return rows.select_related("replaced_by").prefetch_related("lookups")


def awards_within(scope: Scope) -> QuerySet[Award]:
    """The certificates of an agency's people, newest first."""
    rows: QuerySet[Award] = Award.objects.within(scope).for_listing()
    return rows.select_related("person")


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
