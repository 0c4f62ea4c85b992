"""Erlang B and C, exact from one agent to tens of thousands.

Load `erlangs` = calls per second x handle seconds. Sources: A. K. Erlang (1917);
1/B(n, a) = int_0^inf exp(-u) (1 + u/a)^n du is in D. L. Jagerman, "Some properties of the Erlang loss function",
Bell System Technical Journal 53 (1974).
"""

import numpy as np

from app.workforce.errors import Floats
from app.workforce.quadrature import CUT, log1p_rest, panels, positive_root

SMALL = 0.2  #: load per agent


def inverse_blocking(agents: Floats, erlangs: Floats) -> Floats:
    """1/B(n, a) >= 1, infinite where B is below the smallest float. n >= 0, a > 0, any shape (m,)."""
    peak = np.maximum(agents - erlangs, 0.0)
    low = np.maximum(peak - np.sqrt(2 * CUT * agents), 0.0)
    u, weights = panels(low, peak, peak + _right_edge(agents, erlangs))
    height = _height(u, agents[:, None], erlangs[:, None])
    with np.errstate(over="ignore"):
        return np.exp(_summit(agents, erlangs)) * (weights * np.exp(height)).sum(axis=1)


def _right_edge(agents: Floats, erlangs: Floats) -> Floats:
    """How far right of the peak the exponent has surely fallen by CUT; uses log(1+x)-x <= -x^2/(2(1+x))."""
    beyond = positive_root(np.ones_like(agents), 2 * CUT + 0 * agents, 2 * CUT * agents)
    gap = np.maximum(erlangs - agents, 0.0)
    overload = positive_root(agents + 2 * gap, 2 * erlangs * (CUT - gap), 2 * CUT * erlangs**2)
    return np.where(agents > erlangs, beyond, overload)


def _height(u: Floats, agents: Floats, erlangs: Floats) -> Floats:
    """n log(1+u/a) - u, measured from its maximum over u >= 0."""
    largest = np.maximum(agents, erlangs)
    step = u - (largest - erlangs)
    return agents * log1p_rest(step / largest) - (1 - agents / largest) * step


def _summit(agents: Floats, erlangs: Floats) -> Floats:
    """The maximum itself: n log(n/a) - (n - a) where n > a, else 0. Of a small share a/n the difference from 1 would
    lose the last digits."""
    share = erlangs / np.maximum(agents, 1e-300)
    near = -agents * log1p_rest(np.clip(share - 1, -0.9, 0.0))
    return np.where(share < SMALL, agents * np.log(np.maximum(agents, 1e-300) / erlangs) - (agents - erlangs), near)


def blocking(agents: Floats, erlangs: Floats) -> Floats:
    """Erlang B: the share of calls that find n busy lines and are lost."""
    return 1 / inverse_blocking(agents, erlangs)


def waiting(agents: Floats, erlangs: Floats) -> Floats:
    """Erlang C: the share of calls that wait when nobody hangs up; 1 where the load reaches the agents."""
    lost = blocking(agents, erlangs)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = agents * lost / (agents - erlangs + erlangs * lost)
    return np.where(erlangs < agents, share, 1.0)
