"""Kinds of work: each module here has `run(bench) -> Iterable[Row]` and a docstring that says what it measures."""

import importlib
import pkgutil
from types import ModuleType


def all_scenarios() -> dict[str, ModuleType]:
    """Scenario modules by name, in alphabetical order."""
    names = sorted(found.name for found in pkgutil.iter_modules(__path__))
    return {name: importlib.import_module(f"{__name__}.{name}") for name in names}
