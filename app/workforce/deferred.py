"""Mail, tickets and other work that may wait until its deadline; and blending it into the idle time of calls.

Fluid arithmetic over intervals, in agents (one agent = one interval of work). What arrives in interval t can be begun
in t + 1 and must be done within `deadline` intervals counted from t, so a promise kept here is kept to the second.
The least level that meets every deadline is max over windows of (work that must fall inside - free capacity) / open
intervals; done in the order of the deadlines it suffices (W. A. Horn, "Some simple scheduling algorithms", 1974).
"""

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from app.frame.i18n import _
from app.workforce.errors import Floats, OutOfReach, aligned, amounts, between, demand, is_whole, number, positives
from app.workforce.service import LONGEST_S, MOST_CONTACTS, SHORTEST_S, Load, check_interval
from app.workforce.staffing import SLIP, Bools, Ints, Staffing, Target, required, scheduled


class Deferred(msgspec.Struct, frozen=True):
    """Work per interval (m,), handle time of one piece, and the promise in intervals: clock or open ones."""

    contacts: ArrayLike
    handle_s: ArrayLike
    deadline: int
    interval_s: float = 1800.0
    open_time: bool = False  #: count the deadline in open intervals only


class Plan(msgspec.Struct, frozen=True):
    """Arrays (m,), in agents: the people needed beyond the free capacity, the work done, and what is left at the end
    (work that arrives too late to be due within the horizon may remain)."""

    agents: Ints
    done: Floats
    waiting: Floats
    level: float  #: the least constant number of agents in open intervals, before rounding


class Blended(msgspec.Struct, frozen=True):
    """Calls first, mail in between: people for calls, people added for mail, the sum scheduled with shrinkage."""

    calls: Staffing
    mail: Plan
    agents: Ints
    scheduled: Ints


def workload(work: Deferred) -> Floats:
    """Agents of work arriving per interval."""
    check_interval(work.interval_s)
    whole = is_whole(work.deadline) and work.deadline >= 2
    demand(whole, _("El plazo debe ser un número entero de intervalos, dos o más."), "deadline")
    contacts = between(amounts(work.contacts, "contacts"), 0, MOST_CONTACTS, "contacts")
    handle = between(positives(work.handle_s, "handle_s"), SHORTEST_S, LONGEST_S, "handle_s")
    contacts, handle_s = aligned((contacts, handle), "contacts")
    return contacts * handle_s / work.interval_s


def due(deadline: int, is_open: Bools, open_time: bool) -> Ints:
    """Last interval in which work of each interval may be done; beyond the horizon it is not yet due (= m)."""
    m = len(is_open)
    if not open_time:
        return np.minimum(np.arange(m) + deadline - 1, m)
    ordinal = np.cumsum(is_open)
    return np.searchsorted(ordinal, ordinal + deadline - 1).astype(np.int64)


def required_deferred(work: Deferred, is_open: ArrayLike | None = None, spare: ArrayLike | None = None) -> Plan:
    """The fewest people (a level, then only where they are used) who finish everything on time, after the `spare`
    capacity (agents per interval) of others is used up."""
    arriving = workload(work)
    working = np.ones(len(arriving), np.bool_) if is_open is None else np.asarray(is_open, dtype=np.bool_)
    free = np.zeros(len(arriving)) if spare is None else amounts(spare, "spare")
    demand(working.shape == free.shape == arriving.shape, _("Las listas no tienen el mismo largo."), "is_open")
    last = due(min(int(work.deadline), len(arriving) + 1), working, work.open_time)
    level = _level(arriving, last, working, free * working)
    done, waiting = _in_order(arriving, last, (free + level) * working)
    agents = np.ceil(np.maximum(done - free, 0.0) * (1 - SLIP) - SLIP).astype(np.int64)
    return Plan(agents, done, waiting, level)


def _level(arriving: Floats, last: Ints, working: Bools, free: Floats) -> float:
    """The most demanding window [s, e]: (work released in it and due in it - free) / open intervals."""
    m = len(arriving)
    due_in, hours, spare = np.zeros(m + 1), _sums(working), _sums(free)
    most = 0.0
    for s in range(m - 1, 0, -1):  # work of s - 1 is released in s
        due_in[last[s - 1]] += arriving[s - 1]
        if arriving[s - 1] > 0:
            short = np.cumsum(due_in[s:m]) - (spare[s + 1 :] - spare[s])
            most = max(most, _hardest(short, hours[s + 1 :] - hours[s]))
    return most


def _hardest(short: Floats, room: Floats) -> float:
    """Over the ends of the windows that begin together."""
    if (short[room == 0] > SLIP).any():
        raise OutOfReach(
            _("Hay trabajo que vence antes de que la oficina abra: amplíe el plazo o el horario."), field="deadline"
        )
    return float(np.divide(short, room, out=np.zeros_like(short), where=room > 0).max(initial=0.0))


def _sums(values: Bools | Floats) -> Floats:
    """Running sums from zero, (m + 1,)."""
    return np.concatenate(([0.0], np.cumsum(values)))


def _in_order(arriving: Floats, last: Ints, capacity: Floats) -> tuple[Floats, Floats]:
    """Earliest deadline first: work done and waiting per interval. Deadlines never fall, so the order is of arrival."""
    released = np.concatenate(([0.0], np.cumsum(arriving)[:-1]))
    finished = np.zeros(len(arriving))
    so_far = 0.0
    for t, able in enumerate(capacity):
        so_far = finished[t] = min(released[t], so_far + able)
    done = np.diff(finished, prepend=0.0)
    return done, np.cumsum(arriving) - finished


def blend(load: Load, target: Target, work: Deferred, is_open: ArrayLike | None = None, usable: float = 0.7) -> Blended:
    """People for calls by Erlang, their idle time (`usable` of it, up to the occupancy cap) filled with mail, and the
    fewest extra people for the rest. Mail gives way to a call at once, so the calls' service stands."""
    demand(0 <= number(usable, "usable") <= 1, _("La parte aprovechable debe estar entre 0 y 100 %."), "usable")
    same = load.interval_s == work.interval_s
    demand(same, _("Las llamadas y el trabajo diferido deben venir en el mismo intervalo."), "interval_s")
    calls = required(load, target, is_open)
    idle = np.maximum(target.occupancy - calls.service.occupancy, 0.0) * calls.agents * usable
    mail = required_deferred(work, is_open, idle)
    agents = calls.agents + mail.agents
    return Blended(calls, mail, agents, scheduled(agents, target.shrinkage))
