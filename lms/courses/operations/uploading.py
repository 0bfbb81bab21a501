"""Bringing a list of people onto a course: looked at first, then done whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.common.errors import DomainError
from lms.courses import rules
from lms.courses.models import Cohort, Course
from lms.courses.operations import inviting

AHEAD = {
    inviting.NEW: "Will be invited",
    inviting.INVITED: "Invited already: nothing changes",
    inviting.ON_IT: "On the course already: nothing changes",
    inviting.ASKED: "Asked to join: will be let in",
}
DONE = {**AHEAD, inviting.NEW: "Invited", inviting.ASKED: "Let in"}


class ListHasFaults(DomainError):
    code = "courses.list_has_faults"
    message = "Nothing was done: some lines need a look first."


@dataclass(frozen=True)
class LineResult:
    """What a line comes to. says: in words. is_fault: whether it must be put right before anything is done."""

    line: rules.ListLine
    says: str
    what: str = ""
    is_fault: bool = False


def look_through(*, course: Course, agency: Agency, text: str, now: datetime) -> list[LineResult]:
    """Say line by line what bringing this list in would do; nothing is changed. Raises UnreadableList."""
    lines = rules.lines_of(text)
    groups = {group.name.casefold() for group in _groups(course, agency)}
    known = inviting.judge(course, agency, [line.address for line in lines if not line.problem], now=now)
    seen: dict[str, int] = {}
    return [_result(line, groups, known, seen.setdefault(line.address, line.number)) for line in lines]


def _result(line: rules.ListLine, groups: set[str], known: dict[str, str], first: int) -> LineResult:
    if line.problem:
        return LineResult(line, line.problem, is_fault=True)
    if line.group and line.group.casefold() not in groups:
        return LineResult(line, "There's no group with this name. Make it first, or check the spelling.", is_fault=True)
    if first != line.number:
        return LineResult(line, f"The same address as on line {first}: counted once")
    return LineResult(line, AHEAD[known[line.address]], known[line.address])


def _groups(course: Course, agency: Agency) -> list[Cohort]:
    rows = Cohort.objects.unscoped(because="the agency was read within scope")
    return list(rows.filter(course=course, agency=agency))


def bring_in(*, course: Course, agency: Agency, text: str, actor: User, now: datetime) -> list[LineResult]:
    """Do what the list says, and say what became of each line; brought in twice, the second changes nothing.

    Raises ListHasFaults, UnreadableList or NotYours, and then nothing has changed.
    """
    inviting.require_inviter(actor, agency, course, None)
    with transaction.atomic():
        results = look_through(course=course, agency=agency, text=text, now=now)
        if any(result.is_fault for result in results):
            raise ListHasFaults(course_id=course.pk)
        named = {group.name.casefold(): group for group in _groups(course, agency)}
        for name in {result.line.group.casefold() for result in results}:
            addresses = _addresses(results, name)
            group = named.get(name)
            inviting.invite(course=course, agency=agency, addresses=addresses, cohort=group, actor=actor, now=now)
    return [replace(result, says=DONE[result.what]) if result.what else result for result in results]


def _addresses(results: Sequence[LineResult], group: str) -> list[str]:
    return [one.line.address for one in results if one.what and one.line.group.casefold() == group]
