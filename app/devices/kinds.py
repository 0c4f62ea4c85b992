"""The kinds of line that can be had: folders of `drivers/`, and packages that say `centralita.drivers`."""

import importlib
import logging
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from msgspec import Struct

from app.frame.i18n import N_
from drivers.contract import Driver, NeedsHuman

GROUP = "centralita.drivers"
FOLDER = "drivers"
MISSING = N_("El controlador «%(kind)s» no está disponible: %(why)s")
WHAT_TO_DO = N_("Instale lo que falta o quite la conexión.\nLuego pulse Reintentar.")
log = logging.getLogger("centralita.devices")
AnyDriver = type[Driver[Any]]


class Kind(Struct, frozen=True, kw_only=True):
    """A kind of line; `trouble` says why it cannot be used here."""

    name: str
    title: str
    icon: str = "plug"
    trouble: str = ""


@cache
def places() -> dict[str, str]:
    """Kind -> `package.module:NAME`. A new driver needs no line anywhere: its folder is its entry."""
    package = importlib.import_module(FOLDER)
    folders = {p.parent.name for root in package.__path__ for p in Path(root).glob("*/driver.py")}
    ours = {name: f"{FOLDER}.{name}.driver:DRIVER" for name in sorted(folders)}
    return {e.name: e.value for e in entry_points(group=GROUP)} | ours


@cache
def load(kind: str) -> AnyDriver:
    """The driver's class. Raises NeedsHuman when it is not here or does not import."""
    place = places().get(kind)
    if place is None:
        raise NeedsHuman(MISSING, WHAT_TO_DO, kind=kind, why="?")
    module, _, name = place.partition(":")
    try:
        driver: AnyDriver = getattr(importlib.import_module(module), name)
    except Exception as error:  # somebody else's code, or a library that is not installed: one kind less, not no office
        log.warning("driver %s cannot be loaded: %s", kind, error)
        raise NeedsHuman(MISSING, WHAT_TO_DO, kind=kind, why=f"{type(error).__name__}: {error}") from error
    return driver


def describe(kind: str) -> Kind:
    """How a kind is called; one that does not load says why."""
    try:
        driver = load(kind)
    except NeedsHuman as error:
        return Kind(name=kind, title=kind, trouble=str(error))
    return Kind(name=kind, title=driver.title, icon=driver.icon)


def every() -> list[Kind]:
    return [describe(kind) for kind in sorted(places())]
