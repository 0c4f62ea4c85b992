"""Chats: one person, several conversations at once.

A balanced birth-death chain: conversations are spread evenly over the agents, and each lasts longer the more of them
its agent holds (`slowdown`). When all places are taken the queue is that of Erlang A. Compare J. Luo and J. Zhang,
"Staffing and control of instant messaging contact centers", Operations Research 61 (2013).
"""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from app.frame.i18n import _
from app.workforce.errors import Floats, aligned, amounts, between, demand, floats, positives, seconds
from app.workforce.patience import Room
from app.workforce.service import CALM, Load, Service, rates, seen
from app.workforce.staffing import (
    MOST,
    Bools,
    Ints,
    Staffing,
    Target,
    check_target,
    fewest_open,
    first_guess,
    meets,
    scheduled,
    working,
)

BLOCK = 1e6  #: states held in memory at once


class Pace(msgspec.Struct, frozen=True):
    """`slowdown[j-1]`: how many times longer a chat lasts while its agent holds j; as many numbers as chats at most."""

    slowdown: tuple[float, ...] = (1.0, 1.25, 1.55)

    @property
    def at_once(self) -> int:
        return len(self.slowdown)


def check_pace(pace: Pace) -> Floats:
    """Throughput j / g(j) of an agent with 0..k chats; refused if one more chat makes an agent slower as a whole."""
    demand(0 < pace.at_once <= 20, _("Una persona atiende entre 1 y 20 chats a la vez."), "slowdown")
    slow = floats(pace.slowdown, "slowdown")
    demand(bool(slow[0] == 1 and (np.diff(slow) >= 0).all()), _("La lentitud empieza en 1 y no baja."), "slowdown")
    pace_of = np.arange(1, len(slow) + 1) / slow
    rises = bool((np.diff(pace_of) >= -1e-12).all())
    demand(rises, _("Con más chats a la vez se atiende menos: baje el máximo."), "slowdown")
    return np.concatenate(([0.0], pace_of))


def measure_chats(load: Load, agents: ArrayLike, pace: Pace, within_s: float = 30.0) -> Service:
    """Service with these agents. `load.handle_s` is the length of a chat that has its agent alone; occupancy is the
    share of the agents' greatest throughput that is used."""
    seconds(within_s, "within_s")
    people = between(amounts(agents, "agents"), 0, MOST, "agents")
    arrays = aligned((people, *rates(load)), "agents")
    return _served(arrays[0], arrays[1:], check_pace(pace), within_s)


def _served(agents: Floats, rate: Sequence[Floats], throughput: Floats, within_s: float) -> Service:
    arrive, handle_s, leave = rate
    some = np.maximum(arrive, CALM / handle_s)
    staffed = np.maximum(agents, 1.0)
    room = Room(_busy(staffed, some * handle_s, throughput), some, staffed * throughput[-1] / handle_s, leave)
    return seen(room, agents, (arrive, arrive * handle_s / throughput[-1]), within_s)


def _busy(agents: Floats, erlangs: Floats, throughput: Floats) -> Floats:
    """Sum of the chain's states 0..S-1 relative to state S-1, where S = all places taken; a few intervals at a time."""
    most = float(agents.max(initial=1.0)) * (len(throughput) - 1)
    rows = max(1, int(BLOCK / most))
    cuts = [slice(begin, begin + rows) for begin in range(0, len(agents), rows)]
    return np.concatenate([np.empty(0), *(_sums(agents[cut], erlangs[cut], throughput) for cut in cuts)])


def _sums(agents: Floats, erlangs: Floats, throughput: Floats) -> Floats:
    places = agents * (len(throughput) - 1)
    state = np.arange(int(places.max()))
    each, extra = np.divmod(state, agents[:, None])
    index = np.minimum(each.astype(np.int64), len(throughput) - 2)
    death = (agents[:, None] - extra) * throughput[index] + extra * throughput[index + 1]
    inside = state < places[:, None]
    step = np.log(death / erlangs[:, None], out=np.zeros_like(death), where=inside & (state > 0))
    to_last = step.sum(axis=1)[:, None] - np.cumsum(step, axis=1)
    with np.errstate(over="ignore"):
        return np.where(inside, np.exp(to_last), 0.0).sum(axis=1)


def required_chats(load: Load, target: Target, pace: Pace, is_open: ArrayLike | None = None) -> Staffing:
    """The fewest agents for the target, as `staffing.required` for calls."""
    check_target(target)
    rate, throughput = rates(load), check_pace(pace)

    def holds(agents: Floats, where: Ints) -> Bools:
        return meets(_served(agents, [part[where] for part in rate], throughput, target.within_s), target)

    erlangs = rate[0] * rate[1] / throughput[-1]
    agents = fewest_open(holds, first_guess(erlangs, target), rate[0] > 0, working(is_open, len(erlangs)), target)
    service = _served(agents.astype(float), rate, throughput, target.within_s)
    return Staffing(agents, scheduled(agents, target.shrinkage), service)


def slowdown_of(held: ArrayLike, handle_s: ArrayLike, at_once: int) -> Pace:
    """The office's own pace from its log: per chat, the mean number held at once (>= 1) and how long it lasted.

    Means per whole number, pooled where they fall (isotonic), then limited so that throughput never falls."""
    demand(0 < at_once <= 20, _("Una persona atiende entre 1 y 20 chats a la vez."), "at_once")
    together, lasted = aligned((positives(held, "held"), positives(handle_s, "handle_s")), "held")
    level = np.clip(np.rint(together), 1, at_once).astype(int)
    count = np.bincount(level, minlength=at_once + 1)[1:].astype(float)
    demand(count[0] > 0, _("Hace falta algún chat atendido a solas para comparar."), "held")
    mean = np.bincount(level, lasted, minlength=at_once + 1)[1:] / np.maximum(count, 1.0)
    rising = np.maximum(_isotonic(mean, count) / mean[0], 1.0)
    return Pace(tuple(_limited(rising / rising[0])))


def _isotonic(values: Floats, weights: Floats) -> Floats:
    """Pool adjacent violators; places without weight take their left neighbour's value."""
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        block = (value * weight, weight, 1)
        while blocks and blocks[-1][0] * block[1] >= block[0] * blocks[-1][1]:
            before = blocks.pop()
            block = (before[0] + block[0], before[1] + block[1], before[2] + block[2])
        blocks.append(block)
    return np.concatenate([np.full(length, total / weight) for total, weight, length in blocks])


def _limited(slow: Floats) -> list[float]:
    """g(j+1) <= g(j) (j+1)/j keeps j / g(j) from falling."""
    kept = [1.0]
    for j, value in enumerate(slow[1:], start=1):
        kept.append(float(min(max(value, kept[-1]), kept[-1] * (j + 1) / j)))
    return kept
