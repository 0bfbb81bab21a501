"""Sums about pathways: when a step is met, whose turn it is, in which order, and until when it counts."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from lms.certificates.rules import months_after


class How(StrEnum):
    """How many steps of a group are asked."""

    ALL = "all"
    ANY = "any"
    SOME = "some"


class Turn(StrEnum):
    """How a step stands, and whose turn it is."""

    DONE = "done"
    MORE = "more"  # the candidate's again, after a "not yet"
    WAITING = "waiting"  # a member of staff's
    OPEN = "open"  # the candidate's
    SHUT = "shut"  # opens once what comes before it is done
    SPARE = "spare"  # enough others of its group are done


@dataclass(frozen=True)
class Outcome:
    """What the evidence comes to. ``since``: from when it waits; None where it waits from the moment it opened.

    counted and needed: how many there are of how many asked. lapses_on: the last day on which it counts.
    """

    turn: Turn
    done_at: datetime | None = None
    since: datetime | None = None
    lapses_on: date | None = None
    counted: int = 0
    needed: int = 1
    has_lapsed: bool = False


@dataclass(frozen=True)
class Word:
    """What somebody said of a step."""

    is_met: bool
    at: datetime


@dataclass(frozen=True)
class Group:
    """Steps that belong together, with what each has come to by itself."""

    how: How
    needed: int
    in_order: bool
    follows: bool
    outcomes: tuple[Outcome, ...]

    @property
    def asked(self) -> int:
        """How many of the steps have to be done."""
        return asked_of(self.how, self.needed, total=len(self.outcomes))

    @property
    def done(self) -> int:
        """How many of them are done, never more than are asked."""
        return min(sum(outcome.turn == Turn.DONE for outcome in self.outcomes), self.asked)

    @property
    def is_met(self) -> bool:
        """Whether enough of them are done."""
        return self.done == self.asked


def asked_of(how: str, needed: int, *, total: int) -> int:
    """Return how many of ``total`` steps a group asks for: never more than it has."""
    return min({How.ALL: total, How.ANY: 1, How.SOME: needed}[How(how)], total)


# --- One step ------------------------------------------------------------------------------------------------------


def by_count(
    moments: Iterable[datetime], *, needed: int, lasts_months: int | None, today: date, turn: Turn = Turn.OPEN
) -> Outcome:
    """Judge a step that is done when something has happened ``needed`` times.

    With ``lasts_months`` only what happened within them counts, the last day included. turn: whose it is until then.
    """
    every = sorted(moments)
    live = [at for at in every if lasts_months is None or months_after(at.date(), lasts_months) >= today]
    if len(live) < needed:
        return Outcome(turn, counted=len(live), needed=needed, has_lapsed=len(live) < len(every))
    oldest_that_counts = live[-needed]
    return Outcome(
        Turn.DONE,
        done_at=live[needed - 1] if lasts_months is None else oldest_that_counts,
        lapses_on=None if lasts_months is None else months_after(oldest_that_counts.date(), lasts_months),
        counted=len(live),
        needed=needed,
    )


def by_words(words: Iterable[Word], *, needed: int, handed_in: datetime | None, turn: Turn = Turn.WAITING) -> Outcome:
    """Judge a step that is done when ``needed`` people have said so.

    A "not yet" gives it back to the candidate until they hand it in again. turn: whose it is before anybody spoke
    and before anything was handed in.
    """
    said = sorted(words, key=lambda word: word.at)
    met = [word.at for word in said if word.is_met]
    if len(met) >= needed:
        return Outcome(Turn.DONE, done_at=met[needed - 1], counted=len(met), needed=needed)
    last = said[-1] if said else None
    if last and not last.is_met and (handed_in is None or handed_in <= last.at):
        return Outcome(Turn.MORE, since=last.at, counted=len(met), needed=needed)
    if handed_in is None and not met:
        return Outcome(turn, counted=0, needed=needed)
    since = max(at for at in (handed_in, met[-1] if met else None) if at)
    return Outcome(Turn.WAITING, since=since, counted=len(met), needed=needed)


def by_check(checks: Iterable[tuple[datetime, date]], *, today: date) -> Outcome:
    """Judge a step that is done while a check that somebody saw need not be looked at again.

    checks: when each was noted, and the last day before its review.
    """
    every = sorted(checks, key=lambda check: check[1])
    if not every or every[-1][1] < today:
        return Outcome(Turn.WAITING, has_lapsed=bool(every))
    return Outcome(Turn.DONE, done_at=every[-1][0], lapses_on=every[-1][1], counted=1)


# --- All steps -----------------------------------------------------------------------------------------------------


def arranged(groups: Sequence[Group], *, begun: datetime) -> list[list[Outcome]]:
    """Return what each step comes to once order and choice are heeded.

    A step that follows others is shut until they are done, and waits only from then on; one of a group that has
    enough is spare. What is done stays done. begun: when the first steps opened.
    """
    found, opened, earlier_met = [], begun, True
    for group in groups:
        shut = group.follows and not earlier_met
        found.append(_within(group, opened=opened if group.follows else begun, is_shut=shut))
        opened = max([opened, *(outcome.done_at for outcome in group.outcomes if outcome.done_at)])
        earlier_met = earlier_met and group.is_met
    return found


def _within(group: Group, *, opened: datetime, is_shut: bool) -> list[Outcome]:
    settled = []
    for outcome in group.outcomes:
        settled.append(_settled(outcome, opened=opened, is_shut=is_shut, is_spare=group.is_met))
        if group.in_order:
            is_shut = is_shut or outcome.turn != Turn.DONE
            opened = max(opened, outcome.done_at or opened)
    return settled


def _settled(outcome: Outcome, *, opened: datetime, is_shut: bool, is_spare: bool) -> Outcome:
    if outcome.turn == Turn.DONE:
        return outcome
    if is_spare or is_shut:
        return replace(outcome, turn=Turn.SPARE if is_spare else Turn.SHUT, since=None)
    return replace(outcome, since=max(outcome.since or opened, opened))


# --- A record ------------------------------------------------------------------------------------------------------


class Move(StrEnum):
    """What can be done with a record as a whole."""

    PAUSE = "pause"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    FULFIL = "fulfil"


class ImpossibleMove(ValueError):
    """That deed does not follow this state."""


MOVES = {
    ("active", Move.PAUSE): "paused",
    ("paused", Move.RESUME): "active",
    ("active", Move.WITHDRAW): "withdrawn",
    ("paused", Move.WITHDRAW): "withdrawn",
    ("active", Move.FULFIL): "fulfilled",
}


def after(state: str, deed: Move) -> str:
    """Return the state of a record that ``deed`` leads to. Raises ImpossibleMove."""
    try:
        return MOVES[state, deed]
    except KeyError:
        raise ImpossibleMove(f"{deed} after {state}") from None


# --- The ten points ------------------------------------------------------------------------------------------------

# What an observer looks for when somebody co-leads, in the order of an evening.
POINTS = (
    "Set the group agreement",
    "Welcomed everybody",
    "Kept time",
    "Kept to the role of a peer",
    "Included a quiet voice",
    "Handled one difficulty",
    "Kept confidences, and stopped names",
    "Ended with grounding",
    "Passed on concerns",
    "Debriefed with the co-leader",
)


class Seen(StrEnum):
    """What an observer says of one point."""

    MET = "met"
    NEARLY = "nearly"
    NOT_YET = "not_yet"


def observation_counts(verdicts: Sequence[str]) -> bool:
    """Whether an observed session counts: all ten points judged, and none of them "not yet"."""
    known = set(Seen)
    return (
        len(verdicts) == len(POINTS)
        and all(Seen(v) != Seen.NOT_YET for v in verdicts if v in known)
        and (set(verdicts) <= known)
    )


# --- What must not be written down ---------------------------------------------------------------------------------

FEWEST_DIGITS = 9  # a certificate number has twelve; who leaves some out has still written down most of it
_RUN = re.compile(r"\d(?:[ \t.\-\u2013/]?\d)*")


def looks_like_a_number(text: str) -> bool:
    """Whether ``text`` holds what could be the number of a certificate, however it is grouped. A date is none."""
    return any(sum(c.isdecimal() for c in run) >= FEWEST_DIGITS for run in _RUN.findall(text))


# --- Who may sign --------------------------------------------------------------------------------------------------


class Bar(StrEnum):
    """Why somebody cannot sign for a candidate."""

    THEMSELVES = "themselves"
    CO_LEADER = "co_leader"
    PARTNER = "partner"
    SIGNED_ALREADY = "signed_already"


def bar(
    signer: int, *, candidate: int, co_leaders: Iterable[int], household: Iterable[int], signed: Iterable[int]
) -> Bar | None:
    """Return what keeps ``signer`` from signing, or None. All are ids of people."""
    if signer == candidate:
        return Bar.THEMSELVES
    if signer in set(household):
        return Bar.PARTNER
    if signer in set(co_leaders):
        return Bar.CO_LEADER
    return Bar.SIGNED_ALREADY if signer in set(signed) else None


# --- Words ---------------------------------------------------------------------------------------------------------

STUCK_AFTER = timedelta(days=14)  # with one person; then the agency looks after it
A_WEEK = 7  # days


def is_stuck(since: datetime | None, *, now: datetime) -> bool:
    """Whether something has waited so long that somebody should ask."""
    return since is not None and now - since >= STUCK_AFTER


def said_since(day: date, *, today: date) -> str:
    """Like "since today", "since Tuesday" or "since 3 March", with the year where it is another."""
    days = (today - day).days
    if days <= 0:
        return "since today"
    if days == 1:
        return "since yesterday"
    if days < A_WEEK:
        return f"since {day:%A}"
    return f"since {day.day} {day:%B}" + ("" if day.year == today.year else f" {day.year}")
