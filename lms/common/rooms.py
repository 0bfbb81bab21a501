"""What the rooms say of themselves in modules of known names: ``jobs`` for the clock, ``privacy`` for people."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from django.apps import apps

OURS = ("lms.", "cms")


def modules(name: str) -> Iterator[Any]:
    """Yield the module ``name`` of every installed room that has one."""
    for config in apps.get_app_configs():
        if config.name.startswith(OURS) and (module := _module(f"{config.name}.{name}")):
            yield module


def _module(path: str) -> Any:
    try:
        return import_module(path)
    except ModuleNotFoundError as missing:
        if missing.name != path:
            raise
        return None
