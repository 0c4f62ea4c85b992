"""How many people: the fewest that keep a promise, and what happens with others.

*agents* are present and ready (net); *scheduled* adds shrinkage (leave, breaks, training): ceil(n / (1 - s)), as in
B. Cleveland and J. Mayben, "Call Center Management on Fast Forward" (1997).
A target holds when every figure that is set holds. Minimal means: n holds and n - 1 does not.
"""

from collections.abc import Callable

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.frame.i18n import _
from app.workforce.errors import Floats, OutOfReach, aligned, amounts, between, demand, is_whole, number, seconds
from app.workforce.service import MOST_AGENTS, Load, Service, measure, rates, served

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
MOST = 200_000  #: nobody staffs more than this; beyond it the target is out of reach
SLIP = 1e-9  #: part that guards ceilings and comparisons against the last bits of a float: 35.7 / 0.85 is 42, not 43
MOST_SHRINKAGE = 0.99  #: of a hundred people on the roster one is left


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What is promised; None leaves a promise out."""

    service_level: float | None = 0.8  #: share answered within `within_s`
    within_s: float = 20.0
    asa_s: float | None = None
    abandonment: float | None = None
    occupancy: float = 0.85  #: at most
    shrinkage: float = 0.0
    at_least: int = 1  #: people in any open interval


class Staffing(msgspec.Struct, frozen=True):
    """Arrays (m,): the fewest agents, the people to schedule, and the service that they give."""

    agents: Ints
    scheduled: Ints
    service: Service


class WhatIf(msgspec.Struct, frozen=True):
    """One change, side by side; arrays (m,)."""

    before: Service
    after: Service
    agents: Ints
    needed: Ints  #: agents that the target would ask for after the change


def check_target(target: Target) -> None:
    level, asa, lost = (_promised(target, field) for field in ("service_level", "asa_s", "abandonment"))
    share = _("La proporción debe estar entre 0 y 100 %, sin llegar.")
    demand(level is None or 0 < level < 1, share, "service_level")
    seconds(target.within_s, "within_s")
    demand(asa is None or asa > 0, _("La espera media prometida debe ser mayor que cero."), "asa_s")
    demand(lost is None or 0 < lost < 1, share, "abandonment")
    demand(
        0 < number(target.occupancy, "occupancy") <= 1,
        _("La ocupación máxima debe ser mayor que 0 y hasta 100 %."),
        "occupancy",
    )
    _check_shrinkage(target.shrinkage)
    whole = is_whole(target.at_least) and 0 <= target.at_least <= MOST
    demand(whole, _("El mínimo de personas debe ser un número entero, cero o más."), "at_least")


def _promised(target: Target, field: str) -> float | None:
    value = getattr(target, field)
    return None if value is None else number(value, field)


def meets(service: Service, target: Target) -> Bools:
    """Where every promise that is set holds. A queue without end keeps none, though nobody hangs up in it."""
    good = (service.occupancy <= target.occupancy * (1 + SLIP)) & np.isfinite(service.asa_s)
    if target.service_level is not None:
        good &= service.service_level >= target.service_level * (1 - SLIP)
    if target.asa_s is not None:
        good &= service.asa_s <= target.asa_s * (1 + SLIP)
    if target.abandonment is not None:
        good &= service.abandonment <= target.abandonment * (1 + SLIP)
    return good


def fewest(holds: Callable[[Floats, Ints], Bools], guess: Floats) -> Ints:
    """The boundary n >= 1 of each place: holds(n) and not holds(n - 1). `holds` gets agents and the places asked about.

    Steps from the guess, each twice the last, find a bracket, bisection closes it; only open places are computed
    again. A guess errs by about a root of itself, so of many the first step is a part of that."""
    low, high = np.zeros(len(guess)), np.full(len(guess), np.inf)
    ask = np.clip(np.ceil(guess), 1.0, MOST)
    step = np.maximum(np.floor(np.sqrt(ask) / 4), 1.0)
    while len(where := np.flatnonzero(high - low > 1)):
        fine = holds(ask[where], where)
        high[where[fine]], low[where[~fine]] = ask[where[fine]], ask[where[~fine]]
        if low.max() >= MOST:
            raise OutOfReach(
                _("Ni con %(n)s personas se alcanza la meta; revise el abandono o la espera.", n=MOST), field="target"
            )
        middle = np.floor((low + np.where(np.isinf(high), low, high)) / 2)
        inside = np.where(low > 0, middle, np.maximum(high - step, 1.0))
        ask = np.where(np.isinf(high), np.minimum(low + step, MOST), inside)
        step *= 2
    return high.astype(np.int64)


def first_guess(erlangs: Floats, target: Target) -> Floats:
    """Where a search begins: the square-root rule, or what the occupancy asks for if that is more."""
    return np.maximum(erlangs + 0.5 * np.sqrt(erlangs), erlangs / target.occupancy)


def required(load: Load, target: Target, is_open: ArrayLike | None = None) -> Staffing:
    """The fewest agents per interval for the target; `at_least` where open and calm, none where closed."""
    check_target(target)
    rate = rates(load)

    def holds(agents: Floats, where: Ints) -> Bools:
        return meets(served(agents, tuple(part[where] for part in rate), target.within_s), target)

    erlangs = rate[0] * rate[1]
    agents = fewest_open(holds, first_guess(erlangs, target), erlangs > 0, working(is_open, len(erlangs)), target)
    return Staffing(agents, scheduled(agents, target.shrinkage), served(agents.astype(float), rate, target.within_s))


def fewest_open(
    holds: Callable[[Floats, Ints], Bools], guess: Floats, busy: Bools, is_open: Bools, target: Target
) -> Ints:
    """`fewest` where it is open and `busy`; the least number where it is open and calm; nobody where it is closed."""
    asked = np.flatnonzero(busy & is_open)
    agents = np.zeros(len(guess), np.int64)
    agents[asked] = fewest(lambda some, where: holds(some, asked[where]), guess[asked])
    return np.where(is_open, np.maximum(agents, target.at_least), 0)


def working(is_open: ArrayLike | None, length: int) -> Bools:
    """(m,) whether anybody is expected at all; always, where nothing is said."""
    if is_open is None:
        return np.ones(length, dtype=np.bool_)
    hours = np.asarray(is_open, dtype=np.bool_)
    demand(hours.shape == (length,), _("Las listas no tienen el mismo largo."), "is_open")
    return hours


def scheduled(agents: ArrayLike, shrinkage: float) -> Ints:
    """People to put on the roster so that `agents` are left after shrinkage."""
    _check_shrinkage(shrinkage)
    people = between(amounts(agents, "agents"), 0, MOST_AGENTS, "agents")
    return np.ceil(people / (1 - shrinkage) * (1 - SLIP)).astype(np.int64)


def _check_shrinkage(shrinkage: float) -> None:
    share = number(shrinkage, "shrinkage")
    demand(0 <= share <= MOST_SHRINKAGE, _("La merma debe estar entre 0 y 99 %."), "shrinkage")


def what_if(
    load: Load,
    agents: ArrayLike,
    target: Target,
    *,
    more_agents: int = 0,
    contacts: float = 1.0,
    handle: float = 1.0,
    is_open: ArrayLike | None = None,
) -> WhatIf:
    """One agent less (`more_agents=-1`), 10 % more calls (`contacts=1.1`), 5 % longer ones (`handle=1.05`); closed
    intervals are left as they are."""
    sane = number(contacts, "contacts") >= 0 and number(handle, "handle") > 0
    demand(sane, _("Un cambio no puede dejar contactos negativos ni duración cero."), "contacts")
    demand(is_whole(more_agents), _("Las personas de más o de menos deben ser un número entero."), "more_agents")
    arrive, handle_s, leave = rates(load)
    present, arrive, handle_s, leave = aligned((amounts(agents, "agents"), arrive, handle_s, leave), "agents")
    hours = working(is_open, len(present))
    after = np.where(hours, np.maximum(present + more_agents, 0.0), present)
    changed = msgspec.structs.replace(load, contacts=arrive * load.interval_s * contacts, handle_s=handle_s * handle)
    return WhatIf(
        measure(load, present, target.within_s),
        measure(changed, after, target.within_s),
        after.astype(np.int64),
        required(changed, target, hours).agents,
    )


def overall(service: Service, contacts: ArrayLike, agents: ArrayLike) -> dict[str, float]:
    """A day in one line: shares weighted by contacts, answer time by answered contacts, occupancy by agents."""
    arrays = amounts(contacts, "contacts"), amounts(agents, "agents"), service.service_level
    offered, present, _level = aligned(arrays, "contacts")
    answered = offered * (1 - service.abandonment)
    return {
        "service_level": _mean(service.service_level, offered),
        "abandonment": _mean(service.abandonment, offered),
        "waits": _mean(service.waits, offered),
        "asa_s": _mean(service.asa_s, answered),
        "occupancy": _mean(service.occupancy, present),
    }


def _mean(values: Floats, weights: Floats) -> float:
    """Weighted mean over places that weigh anything (an endless wait nobody lives through does not count); where none
    does (nobody called, nobody was answered), the plain one."""
    heavy = weights > 0
    if not heavy.any():
        return float(values.mean()) if len(values) else 0.0
    return float((values[heavy] * weights[heavy]).sum() / weights[heavy].sum())
