"""Bringing a list of people onto a course: looked through first, and done by the worker when somebody has said yes.

Both go part by part, each part in one transaction. Whatever dies in between, the rest is still there to be done: the
clock wakes it, and nothing is done twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from lms.accounts.addresses import proven_addresses
from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.audit.operations import record
from lms.common.errors import DomainError
from lms.common.tasks import enqueue
from lms.courses import rules
from lms.courses.models import (
    TO_DO,
    Cohort,
    Course,
    ListLine,
    ListLineQuerySet,
    ListState,
    Outcome,
    PeopleList,
    PeopleListQuerySet,
)
from lms.courses.operations import inviting, places

AT_ONCE = 500  # lines that are looked through, or done, while somebody waits for the page
IN_A_PART = 250  # lines in one transaction
IN_A_TASK = 10  # parts: some seconds, so that other tasks have their turn
LEFT_ALONE = timedelta(minutes=2)  # a part takes seconds: after this its worker is dead
BECAUSE = "work of the system, on a list that was sent in within somebody's scope"
FULL = "The group is full: they come onto its waiting list."
NO_GROUP = "Group: there's no group with this name. Make it first, or check the spelling."
GROUP_OVER = f"Group: {places.GroupOver.message}"
NOBODY = "Whoever said yes to this list isn't here any more."
THERE = {
    inviting.INVITED: "Invited already: nothing changes",
    inviting.ON_IT: "On the course already: nothing changes",
    inviting.WAITING: "On the waiting list already: nothing changes",
}


class ListNotReady(DomainError):
    code = "courses.list_not_ready"
    message = "Nothing waits for your word here. This is how the list stands now."


class ListHasFaults(DomainError):
    code = "courses.list_has_faults"
    message = "Nothing was done: some lines need a look first."


def take_list(
    *, course: Course, agency: Agency, lines: Sequence[rules.ListLine], actor: User, now: datetime
) -> PeopleList:
    """Keep the lines of a list and look through them, or have the worker do it where they are many.

    Nothing else is changed. Raises NotYours.
    """
    inviting.require_inviter(actor, agency, course, None)
    with transaction.atomic():
        taken: PeopleList = PeopleList.objects.create(
            course=course, agency=agency, sent_by=actor, sent_at=now, touched_at=now
        )
        ListLine.objects.bulk_create((_as_row(taken, line) for line in lines), batch_size=1000)
        _write_down("courses.list_sent", taken, actor, now, lines=len(lines))
    _begin(taken.pk, len(lines), now)
    taken.refresh_from_db()
    return taken


def _begin(list_id: int, count: int, now: datetime) -> None:
    """Do what a short list needs here and now, and leave a long one to the worker."""
    if count > AT_ONCE:
        enqueue(go_on, list_id=list_id)
        return
    while _next_part(list_id, now=now):
        pass


def _as_row(taken: PeopleList, line: rules.ListLine) -> ListLine:
    outcome, says = "", ""
    if line.problem:
        outcome, says = Outcome.FAULT, f"Email: {line.problem}"
    elif line.same_as:
        outcome, says = Outcome.TWICE, f"The same address as on line {line.same_as}: counted once"
    said = {"number": line.number, "address": line.address, "group": line.group}
    return ListLine(people=taken, outcome=outcome, says=says, **said)


def confirm_list(*, people: PeopleList, actor: User, now: datetime) -> None:
    """Do a short list, and have the worker do a long one. Said twice, it is done once.

    The caller has read it within the actor's scope. Raises NotYours, ListNotReady or ListHasFaults, and then nothing
    has changed.
    """
    inviting.require_inviter(actor, people.agency, people.course, None)
    with transaction.atomic():
        fields = {"confirmed_by": actor, "touched_at": now}
        if not _lists().move(people.pk, ListState.READY, ListState.DOING, **fields):
            raise ListNotReady(list_id=people.pk)
        if _lines(people.pk).filter(outcome=Outcome.FAULT).exists():
            raise ListHasFaults(list_id=people.pk)
        _write_down("courses.list_confirmed", people, actor, now)
    _begin(people.pk, _lines(people.pk).count(), now)


def drop_list(*, people: PeopleList, actor: User, now: datetime) -> None:
    """Forget a list that nobody has said yes to. Raises ListNotReady for one that is at work or done."""
    with transaction.atomic():
        if not _lists().filter(pk=people.pk, state=ListState.READY).delete()[0]:
            raise ListNotReady(list_id=people.pk)
        _write_down("courses.list_dropped", people, actor, now)


def go_on(*, list_id: int) -> str:
    """Do the next parts of a list, in the worker. Called twice, nothing is done twice."""
    for _ in range(IN_A_TASK):
        if not _next_part(list_id, now=timezone.now()):
            return "nothing more to do"
    enqueue(go_on, list_id=list_id)
    return "more to do"


def wake_lists(*, now: datetime) -> int:
    """Go on with what a killed worker left; return how many lists that are."""
    left = list(_lists().at_work().filter(touched_at__lt=now - LEFT_ALONE).values_list("pk", flat=True))
    for pk in left:
        enqueue(go_on, list_id=pk)
    return len(left)


def forget_lists(*, before: datetime) -> int:
    """Delete lists that ended, or were sent and never done, before then; return how many."""
    old = _lists().filter(
        Q(ended_at__lt=before) | Q(state__in=(ListState.LOOKING, ListState.READY), sent_at__lt=before)
    )
    count = old.count()
    old.delete()
    return count


def forget_lines(person: User, _: datetime) -> None:
    """Delete the lines of lists that name an address of ``person``."""
    rows = ListLine.objects.unscoped(because="an erasure")
    rows.filter(Q(address__iexact=person.email) | Q(address__in=proven_addresses(person))).delete()


def _lists() -> PeopleListQuerySet:
    rows: PeopleListQuerySet = PeopleList.objects.unscoped(because=BECAUSE)
    return rows


def _lines(list_id: int) -> ListLineQuerySet:
    rows: ListLineQuerySet = ListLine.objects.unscoped(because=BECAUSE).filter(people=list_id)
    return rows


def _next_part(list_id: int, *, now: datetime) -> bool:
    """Do one part of what a list needs; say whether there is more. Two at once: one after the other."""
    with transaction.atomic():
        held = _lists().at_work().select_for_update(of=("self",), no_key=True)
        people = held.select_related("course", "agency", "confirmed_by").filter(pk=list_id).first()
        if people is None:
            return False
        looks = people.state == ListState.LOOKING
        left = _lines(list_id).filter(**({"outcome": ""} if looks else {"is_done": False})).order_by("number")
        part = list(left[: IN_A_PART + 1])
        (_look if looks else _do)(people, part[:IN_A_PART], now)
        if is_last := len(part) <= IN_A_PART:
            _end(people, now)
        _lists().filter(pk=list_id).update(touched_at=now)
    return not is_last


def _end(people: PeopleList, now: datetime) -> None:
    if people.state == ListState.LOOKING:
        _lists().move(people.pk, ListState.LOOKING, ListState.READY)
        return
    _lists().move(people.pk, ListState.DOING, ListState.DONE, ended_at=now)
    _write_down("courses.list_done", people, people.confirmed_by, now)


def _write_down(action: str, people: PeopleList, actor: User | None, now: datetime, **ids: int) -> None:
    target = f"people_list:{people.pk}"
    actor_id = actor.pk if actor else None
    record(action=action, target=target, actor_id=actor_id, agency_id=people.agency_id, now=now, **ids)


# --- Looking -----------------------------------------------------------------------------------------------------


def _look(people: PeopleList, part: Sequence[ListLine], now: datetime) -> None:
    groups = _groups(people)
    named = groups.keys() & {line.group.casefold() for line in part}
    full = {name for name in named if not places.has_room(groups[name])}
    known = inviting.judge(people.course, people.agency, [line.address for line in part], now=now)
    for line in part:
        name = line.group.casefold()
        if name and name not in groups:
            line.outcome, line.says = Outcome.FAULT, NO_GROUP
        elif places.is_over(groups.get(name), now=now):
            line.outcome, line.says = Outcome.FAULT, GROUP_OVER
        else:
            line.outcome, line.says = _ahead(known[line.address], is_full=name in full)
    ListLine.objects.unscoped(because=BECAUSE).bulk_update(part, ["outcome", "says"])


def _ahead(what: str, *, is_full: bool) -> tuple[Outcome, str]:
    if what in THERE:
        return Outcome.HERE, THERE[what]
    outcome = Outcome.NEW if what == inviting.NEW else Outcome.ASKED
    says = "Will be invited" if what == inviting.NEW else "Asked to join: will be let in"
    return outcome, f"{says}. {FULL}" if is_full else says


def _groups(people: PeopleList) -> dict[str, Cohort]:
    rows = Cohort.objects.unscoped(because=BECAUSE).filter(course=people.course, agency=people.agency)
    return {rules.as_named(group.name).casefold(): group for group in rows}


# --- Doing -------------------------------------------------------------------------------------------------------


def _do(people: PeopleList, part: Sequence[ListLine], now: datetime) -> None:
    """Invite the addresses of a part, and write beside each what became of it."""
    groups = _groups(people)
    inviting.one_at_a_time(people.agency)
    places.lock([group.pk for group in groups.values()])  # all of them before any enrolment, in their order
    to_do = [line for line in part if line.outcome in TO_DO or line.outcome == Outcome.HERE]
    for name in sorted({line.group.casefold() for line in to_do}):
        lines = [line for line in to_do if line.group.casefold() == name]
        if name and name not in groups:
            _refuse(lines, NO_GROUP)
        elif people.confirmed_by is None:
            _refuse(lines, NOBODY)
        else:
            _bring(people, people.confirmed_by, lines, groups.get(name), now)
    for line in part:
        line.is_done = True
    ListLine.objects.unscoped(because=BECAUSE).bulk_update(part, ["outcome", "says", "is_done"])


def _refuse(lines: Iterable[ListLine], why: str) -> None:
    for line in lines:
        line.outcome, line.says = Outcome.REFUSED, why


def _bring(people: PeopleList, actor: User, lines: Sequence[ListLine], group: Cohort | None, now: datetime) -> None:
    """Invite into one group. Where one line cannot be done, the others still are."""
    course, agency = people.course, people.agency
    addresses = [line.address for line in lines]
    is_full = not places.has_room(group)
    try:
        known = inviting.invite(course=course, agency=agency, addresses=addresses, cohort=group, actor=actor, now=now)
    except DomainError as refusal:
        if len(lines) == 1:
            _refuse(lines, refusal.message)
        else:
            for line in lines:
                _bring(people, actor, [line], group, now)
        return
    asked = [address for address, what in known.items() if what == inviting.ASKED]
    since = inviting.judge(course, agency, asked, now=now) if asked else {}
    for line in lines:
        line.outcome, line.says = _became(known[line.address], since, line.address, is_full=is_full)


def _became(what: str, since: Mapping[str, str], address: str, *, is_full: bool) -> tuple[Outcome, str]:
    if what in THERE:
        return Outcome.HERE, THERE[what]
    waits = is_full if what == inviting.NEW else since[address] == inviting.WAITING
    says = "Invited" if what == inviting.NEW else "Let in: they had asked to join"
    return (Outcome.WAITS, f"{says}. {FULL}") if waits else (Outcome.DONE, says)
