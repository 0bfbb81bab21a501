"""How the parts of a package stand for one learner: done, open, and what each has claimed."""

from collections.abc import Iterable
from dataclasses import dataclass

from lms.packages import rollup, rules, sequence, sequencing
from lms.packages.models import Attempt, Package, PartState, Policy, Version

CLAIMED = ("is_complete", "is_passed", "score", "progress")


@dataclass(frozen=True)
class Standing:
    """One part. says: its own words about the learner, for people to read; empty where it has said nothing."""

    id: str
    title: str
    is_done: bool
    is_open: bool
    says: str


def claimed(state: PartState) -> rules.Claim:
    """What all claims of a part come to."""
    return rules.Claim(**{name: getattr(state, name) for name in CLAIMED})


def standings(attempt: Attempt, states: Iterable[PartState] | None = None) -> list[Standing]:
    """Return all parts in order; the attempt comes with its version and package. One query, or none with ``states``."""
    version, package = attempt.version, attempt.version.package
    rows = PartState.objects.filter(attempt=attempt).only("part", *CLAIMED) if states is None else states
    claims = {row.part: claimed(row) for row in rows}
    pages = {part["id"] for part in version.parts if part.get("is_page")}
    done = {
        part
        for part, claim in claims.items()
        if part in pages or rules.is_done(claim, policy=package.policy, pass_mark=package.pass_mark)
    }
    passed = {part for part, claim in claims.items() if claim.is_passed}
    open_now = sequence.open_parts(version.parts, done=done, passed=passed, in_order=version.in_order)
    return [
        Standing(
            id=part["id"],
            title=part["title"] or part["id"],
            is_done=part["id"] in done,
            is_open=part["id"] in open_now or attempt.done_at is not None,
            says="" if part["id"] in pages else rules.said(claims.get(part["id"], rules.Claim())),
        )
        for part in version.parts
    ]


def is_over(version: Version, package: Package, parts: Iterable[Standing]) -> bool:
    """Whether all that has to be done is done."""
    done = {part.id for part in parts if part.is_done}
    return rollup.is_over(version.parts, version.groups, done=done, action=end_of(package))


def end_of(package: Package) -> str:
    """Which of a manifest's rules for its end are asked, as what makes a part done here."""
    return sequencing.SATISFIED if package.policy == Policy.PASSED else sequencing.COMPLETED


def chosen(parts: Iterable[Standing], *wanted: str) -> str:
    """Return the first of ``wanted`` that is an open part; else the first open part that is not done, or the first."""
    open_now = [part for part in parts if part.is_open]
    asked = (part for name in wanted if name for part in open_now if part.id == name)
    left = (part for part in open_now if not part.is_done)
    return next(asked, next(left, open_now[0])).id
