"""The addresses as the resolver knows them, and the table as the rooms have written it."""

import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

import tests.access

EDITOR = "cms/"  # Wagtail's own addresses: some three hundred, under one rule


@dataclass(frozen=True)
class Address:
    """One address: its full name, how it is written, and who answers."""

    name: str
    route: str
    view: Callable[..., Any]
    takes: frozenset[str]  # what it must be told: the parts in angle brackets


def _walk(resolver: URLResolver, route: str, spaces: tuple[str, ...], takes: frozenset[str]) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        here = route + str(entry.pattern)
        told = takes | entry.pattern.converters.keys() | _groups(entry)
        if isinstance(entry, URLPattern):
            yield Address(":".join((*spaces, entry.name or f"(no name) {here}")), here, entry.callback, told)
        else:
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _walk(entry, here, inner, told)


def _groups(entry: URLPattern | URLResolver) -> frozenset[str]:
    regex = getattr(entry.pattern, "regex", None)
    return frozenset(regex.groupindex) if regex else frozenset()


def addresses() -> list[Address]:
    """Every address of the site, in the order in which they are tried."""
    return list(_walk(get_resolver(), "", (), frozenset()))


def is_editor(address: Address) -> bool:
    """Whether an address is one of Wagtail's own, behind the editor's door."""
    return address.route.startswith(EDITOR) and address.name != "cms_login"


def written() -> dict[str, str]:
    """The access table: one line an address, gathered from every room's module beside this one."""
    lines: dict[str, str] = {}
    for module in pkgutil.iter_modules(tests.access.__path__, "tests.access."):
        room = getattr(import_module(module.name), "ACCESS", {}) if not _is_test(module.name) else {}
        twice = lines.keys() & room.keys()
        assert not twice, f"{module.name} repeats {sorted(twice)}"
        lines |= room
    return lines


def _is_test(module: str) -> bool:
    return module.rpartition(".")[2].startswith("test_")
