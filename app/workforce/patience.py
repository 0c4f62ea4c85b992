"""The waiting room: what callers live through when they may hang up (Erlang A) or never do (Erlang C).

One formula serves calls and chats. `busy` says how likely the room is to be entered (sum of the chain's states below
"all busy", relative to its last state), `drain` how fast it empties, `leave` how fast people give up.
Sources: C. Palm (1957); A. Mandelbaum and S. Zeltyn, "The Palm/Erlang-A queue, with applications to call centers"
(2005).
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.workforce.errors import Floats
from app.workforce.quadrature import CUT, exp_rest, panels, positive_root

_Pair = tuple[Floats, Floats]


class Wait(msgspec.Struct, frozen=True):
    """Arrays (m,). Shares are of all offered contacts; seconds are over those answered."""

    waits: Floats  #: share that waits at all
    abandons: Floats  #: share that gives up
    in_time: Floats  #: share answered within the limit
    gone_early: Floats  #: share that gives up within the limit
    asa_s: Floats  #: average speed of answer of the answered


class Room(msgspec.Struct, frozen=True):
    """Arrays (m,), rates per second. Integrals run over the virtual wait t, density arrive exp(h(t)) / total."""

    busy: Floats
    arrive: Floats
    drain: Floats
    leave: Floats

    @property
    def flow(self) -> Floats:
        return np.minimum(self.arrive, self.drain)

    @property
    def peak_s(self) -> Floats:
        """Where the density of the virtual wait is highest: 0 unless more arrive than can be served."""
        excess = np.log1p(np.maximum(self.arrive - self.drain, 0.0) / self.drain)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(excess > 0, excess / self.leave, 0.0)


def _edges(room: Room) -> tuple[Floats, ...]:
    """Panels outside which the density is below exp(-CUT) of its peak. Within some patience times of the peak it bends;
    after CUT of them nobody patient is left and it is a plain exponential of another scale."""
    peak, slack = room.peak_s, room.drain - room.flow
    right = positive_root(room.drain * room.leave, CUT * room.leave - 2 * slack, 2 * CUT + 0 * slack)
    with np.errstate(divide="ignore"):
        left = np.sqrt(2 * CUT / (room.drain * room.leave))
        turns = [peak + np.minimum(right, CUT * share / room.leave) for share in (0.1, 1.0)]
    return np.maximum(peak - left, 0.0), peak, *turns, peak + right


def _density(room: Room, edges: tuple[Floats, ...]) -> tuple[Floats, Floats]:
    """Times and weighted density, peak scaled to 1, shape (m, panels x nodes)."""
    t, weights = panels(*edges)
    return t, weights * room.arrive[:, None] * np.exp(_height(room, t - room.peak_s[:, None]))


def _height(room: Room, step: Floats) -> Floats:
    leave, flow = room.leave[:, None], room.flow[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        bend = np.where(leave > 0, flow / leave * exp_rest(leave * step), 0.0)
    return bend - (room.drain[:, None] - flow) * step


def _free(room: Room) -> Floats:
    """Weight of "somebody is free", on the scale of _density."""
    rise = np.where(room.peak_s > 0, room.leave * room.peak_s, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        summit = np.where(rise > 0, -room.drain / room.leave * exp_rest(-rise), 0.0)
    with np.errstate(over="ignore"):
        return room.busy * np.exp(-summit)


def wait(room: Room, within_s: Floats) -> Wait:
    """Steady state of the room; needs drain > arrive where nobody leaves (see `stable`)."""
    edges = _edges(room)
    t, density = _density(room, edges)
    gone = -np.expm1(-room.leave[:, None] * t)
    free, held = _free(room), density.sum(axis=1)
    total = free + held
    answered = _share(free, total) + (density * (1 - gone)).sum(axis=1) / total
    asa = (density * (1 - gone) * t).sum(axis=1) / total / answered
    abandons = (density * gone).sum(axis=1) / total
    return Wait(held / total, abandons, *_within(room, within_s, edges, free, total), asa)


def _within(room: Room, within_s: Floats, edges: tuple[Floats, ...], free: Floats, total: Floats) -> _Pair:
    """Answered in time, and given up in time: E[1 - exp(-leave min(V, T))]."""
    t, density = _density(room, tuple(np.clip(within_s, edges[0], edge) for edge in edges))
    gone = -np.expm1(-room.leave[:, None] * t)
    at_once = _share(free, total)
    beyond = np.maximum(1 - at_once - density.sum(axis=1) / total, 0.0)
    in_time = at_once + (density * (1 - gone)).sum(axis=1) / total
    return in_time, (density * gone).sum(axis=1) / total + beyond * -np.expm1(-room.leave * within_s)


def _share(part: Floats, total: Floats) -> Floats:
    """part / total, 1 where both are infinite (a room that nobody ever enters)."""
    return np.where(np.isinf(part), 1.0, part / np.where(np.isinf(part), 1.0, total))


def stable(room: Room) -> NDArray[np.bool_]:
    """True where a steady state exists: people leave, or more can be served than arrive."""
    return (room.leave > 0) | (room.drain > room.arrive)
