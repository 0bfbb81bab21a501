"""A pathway as a file says it: which steps, in which groups, and who says that they are met.

The file is TOML, to be read and changed by an agency; ``fixtures/pathways/`` has one, with its format.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lms.agencies.models import Role
from lms.certificates.models import ROLE_KINDS, Purpose, RequirementKind
from lms.certificates.steps import How


class Unfit(ValueError):
    """A file does not say what it must; the words say where and what."""


@dataclass(frozen=True)
class StepPlan:
    """One step. course and workshop are slugs."""

    key: str
    kind: str
    title: str
    detail: str = ""
    course: str = ""
    workshop: str = ""
    role: str = ""
    needed: int = 1
    pass_mark: int | None = None
    lasts_months: int | None = None


@dataclass(frozen=True)
class GroupPlan:
    """Steps that belong together."""

    key: str
    title: str = ""
    purpose: str = Purpose.FIRST.value
    how: str = How.ALL.value
    needed: int = 0
    in_order: bool = False
    follows: bool = False
    steps: tuple[StepPlan, ...] = ()


@dataclass(frozen=True)
class PathwayPlan:
    """A whole pathway. page: the slug of the page that says it in words."""

    slug: str
    title: str
    neutral_title: str
    page: str = ""
    valid_months: int = 24
    groups: tuple[GroupPlan, ...] = field(default_factory=tuple)


def read(path: Path) -> PathwayPlan:
    """Read one file. Raises Unfit, saying what to put right."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise Unfit(f"{path.name}: {fault}") from None
    try:
        groups = tuple(_group(one) for one in raw.pop("groups", []))
        plan = PathwayPlan(**raw, groups=groups)
    except TypeError as fault:  # a field is missing, or nobody asks for it
        raise Unfit(f"{path.name}: {str(fault).rpartition('__init__() ')[2]}") from None
    except Unfit as fault:
        raise Unfit(f"{path.name}: {fault}") from None
    _refuse_twice(plan, path.name)
    return plan


def _group(raw: Mapping[str, Any]) -> GroupPlan:
    steps = tuple(StepPlan(**{"needed": 0 if one.get("kind") == "session" else 1, **one}) for one in raw["steps"])
    group = GroupPlan(**{**raw, "steps": steps})
    _one_of(group.how, list(How), f"how of {group.key}")
    _one_of(group.purpose, Purpose.values, f"purpose of {group.key}")
    if group.how == How.SOME and not 1 <= group.needed <= len(steps):
        raise Unfit(f'"needed" of {group.key} says how many of its {len(steps)} steps are asked')
    for step in steps:
        _check(step)
    return group


def _check(step: StepPlan) -> None:
    _one_of(step.kind, RequirementKind.values, f"kind of {step.key}")
    if step.kind == RequirementKind.COURSE and not step.course:
        raise Unfit(f"{step.key} names no course")
    if step.kind == RequirementKind.SESSION and not step.workshop:
        raise Unfit(f"{step.key} names no workshop")
    if step.kind in ROLE_KINDS:
        for role in step.role.split() or [""]:
            _one_of(role, [role.value for role in Role], f"role of {step.key}")
    if step.kind != RequirementKind.SESSION and step.needed < 1:
        raise Unfit(f'"needed" of {step.key} is at least 1')


def _one_of(value: str, known: list[str], what: str) -> None:
    if value not in known:
        raise Unfit(f'{what} is "{value}", and has to be one of {", ".join(known)}')


def _refuse_twice(plan: PathwayPlan, name: str) -> None:
    for keys in ([group.key for group in plan.groups], *([one.key for one in group.steps] for group in plan.groups)):
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise Unfit(f"{name}: {', '.join(twice)} is there twice")
