"""Loads modules and turns their values into an application. The only code that reads a Module's lists."""

import importlib
import logging
from collections.abc import Iterable
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from app.frame.module import Module

GROUP = "centralita.modules"
log = logging.getLogger("centralita.host")


class BadHouse(Exception):
    """The modules do not fit together; one sentence says which and why."""


def load(builtin: Iterable[str]) -> tuple[dict[str, Module], dict[str, str]]:
    """All modules in the order of their needs, and the third-party ones that had to be skipped with the reason."""
    found = [importlib.import_module(name).module for name in builtin]
    others, skipped = _third_party()
    for module in others:
        missing = [need for need in module.needs if need not in {m.name for m in [*found, *others]}]
        if missing:
            skipped[module.name] = f"needs {', '.join(missing)}"
        else:
            found.append(module)
    check(found)
    return {m.name: m for m in in_order(found)}, skipped


@cache
def _installed() -> tuple[EntryPoint, ...]:
    """What other packages offer: found by reading about every package there is, so once a process."""
    return tuple(entry_points(group=GROUP))


def _third_party() -> tuple[list[Module], dict[str, str]]:
    loaded: list[Module] = []
    skipped: dict[str, str] = {}
    for entry in _installed():
        try:
            loaded.append(entry.load())
        except Exception as error:  # somebody else's code: the office opens without it and says so
            log.exception("module %s was skipped", entry.name)
            skipped[entry.name] = f"{type(error).__name__}: {error}"
    return loaded, skipped


def check(modules: list[Module]) -> None:
    """Raises BadHouse for doubled names, doubled permissions, unknown needs or jobs."""
    _no_doubles("module", [m.name for m in modules])
    _no_doubles("permission", [p.name for m in modules for p in m.permissions])
    _no_doubles("job", [job for m in modules for job in m.jobs])
    names = {m.name for m in modules}
    for module in modules:
        for need in module.needs:
            if need not in names:
                raise BadHouse(f"Module {module.name!r} needs {need!r}, which is not installed.")
        for every in module.schedules:
            if every.job not in module.jobs:
                raise BadHouse(f"Module {module.name!r} schedules {every.job!r}, which is not one of its jobs.")


def _no_doubles(what: str, names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise BadHouse(f"The {what} {name!r} is declared twice.")
        seen.add(name)


def in_order(modules: list[Module]) -> list[Module]:
    """Needs first, otherwise as listed. Raises BadHouse for a cycle."""
    by_name = {m.name: m for m in modules}
    placed: dict[str, Module] = {}

    def place(module: Module, path: tuple[str, ...]) -> None:
        if module.name in path:
            raise BadHouse("Modules need each other in a circle: " + " -> ".join((*path, module.name)))
        if module.name in placed:
            return
        for need in module.needs:
            place(by_name[need], (*path, module.name))
        placed[module.name] = module

    for module in modules:
        place(module, ())
    return list(placed.values())
