"""Calls in, agents in, service out: what an interval looks like with n agents.

Service level, average speed of answer, abandonment and occupancy as in N. Gans, G. Koole and A. Mandelbaum, "Telephone
call centers: tutorial, review, and research prospects", Manufacturing & Service Operations Management 5 (2003).
"""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.frame.i18n import _
from app.workforce.erlang import inverse_blocking
from app.workforce.errors import Floats, aligned, amounts, between, demand, number, positives, seconds
from app.workforce.patience import Room, Wait, stable, wait

NEVER = float("inf")
SHORTEST_S, LONGEST_S, FOREVER_S = 1e-3, 1e7, 1e12  #: of a contact: four months; a patience of thirty thousand years
MOST_CONTACTS, MOST_AGENTS = 1e12, 1e7
CALM = 1e-12  #: a load (in agents) below which nobody calls
Bools = NDArray[np.bool_]


class Load(msgspec.Struct, frozen=True):
    """Work per interval, arrays (m,) or single figures. `patience_s` is the mean time until a waiting caller hangs up;
    None means nobody ever does (Erlang C)."""

    contacts: ArrayLike  #: offered in the interval
    handle_s: ArrayLike  #: mean talk + hold + after-call work
    interval_s: float = 1800.0
    patience_s: ArrayLike | None = None

    def erlangs(self) -> Floats:
        """Contacts x handle time / interval: the agents that would always be busy."""
        return rates(self)[0] * rates(self)[1]


class Service(msgspec.Struct, frozen=True):
    """Arrays (m,). Service level = answered within the limit / offered; `answered_level` leaves out of "offered" those
    who hung up within the limit. Where the queue would grow without end: waits 1, level 0, asa infinite."""

    service_level: Floats
    answered_level: Floats
    asa_s: Floats
    abandonment: Floats
    waits: Floats
    occupancy: Floats  #: share of the agents' time spent on contacts


def check_interval(interval_s: float) -> None:
    length = np.array([number(interval_s, "interval_s")])
    demand(bool(length[0] > 0), _("El intervalo debe durar más de cero segundos."), "interval_s")
    between(length, SHORTEST_S, LONGEST_S, "interval_s")


def rates(load: Load) -> tuple[Floats, Floats, Floats]:
    """Arrivals per second, handle seconds, leaving rate per second, all (m,); checked."""
    check_interval(load.interval_s)
    patience = np.atleast_1d(NEVER)
    if load.patience_s is not None:
        patience = between(positives(load.patience_s, "patience_s"), SHORTEST_S, FOREVER_S, "patience_s")
    contacts = between(amounts(load.contacts, "contacts"), 0, MOST_CONTACTS, "contacts")
    handle = between(positives(load.handle_s, "handle_s"), SHORTEST_S, LONGEST_S, "handle_s")
    contacts, handle_s, patience_s = aligned((contacts, handle, patience), "load")
    return contacts / load.interval_s, handle_s.copy(), 1 / patience_s


def measure(load: Load, agents: ArrayLike, within_s: float = 20.0) -> Service:
    """What callers and agents live through with these (net) agents: Erlang C without patience, else Erlang A."""
    seconds(within_s, "within_s")
    arrive, handle_s, leave = rates(load)
    people = between(amounts(agents, "agents"), 0, MOST_AGENTS, "agents")
    present, arrive, handle_s, leave = aligned((people, arrive, handle_s, leave), "agents")
    return served(present, (arrive, handle_s, leave), within_s)


def served(agents: Floats, rate: Sequence[Floats], within_s: float) -> Service:
    """`measure` on checked arrays (the searches call this in their loop)."""
    arrive, handle_s, leave = rate
    some = np.maximum(arrive, CALM / handle_s)
    staffed = np.maximum(agents, 1.0)
    room = Room(inverse_blocking(staffed - 1, some * handle_s), some, staffed / handle_s, leave)
    return seen(room, agents, (arrive, arrive * handle_s), within_s)


def seen(room: Room, agents: Floats, offered: tuple[Floats, Floats], within_s: float) -> Service:
    """The service of a room; `offered` is (arrivals per second, load in agents). No arrivals: all is well.
    Nobody at work (a part of a person is nobody), or a queue without end: nothing is."""
    arrive, erlangs = offered
    calm = arrive <= 0
    holds = (stable(room) & (agents >= 1)) | calm
    settled = msgspec.structs.replace(room, arrive=np.where(holds, room.arrive, 0.5 * room.drain))
    return _service(wait(settled, np.full(len(arrive), within_s)), holds, calm, (agents, erlangs, room.leave))


def _service(w: Wait, holds: Bools, calm: Bools, scene: tuple[Floats, Floats, Floats]) -> Service:
    """Put the cases without a steady state, and the empty intervals, beside the computed ones."""
    agents, erlangs, leave = scene
    lost = np.where(holds, np.where(calm, 0.0, w.abandons), np.where(leave > 0, 1.0, 0.0))
    level = np.where(holds, np.where(calm, 1.0, w.in_time), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        occupancy = np.where(erlangs > 0, np.minimum(erlangs * (1 - lost) / agents, 1.0), 0.0)
    return Service(
        service_level=level,
        answered_level=np.where(level > 0, level / (1 - np.where(holds & ~calm, w.gone_early, 0.0)), 0.0),
        asa_s=np.where(holds, np.where(calm, 0.0, w.asa_s), np.inf),
        abandonment=lost,
        waits=np.where(holds, np.where(calm, 0.0, w.waits), 1.0),
        occupancy=np.where(agents > 0, occupancy, 0.0),
    )
