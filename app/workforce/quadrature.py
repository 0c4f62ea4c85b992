"""Integrals of exp(h) for concave h, exact to a few ulp at any size.

Every queue formula here is such an integral. The trick is always the same: measure h from its maximum in a form
without cancellation, cut where h has fallen by CUT (exp(-CUT) is below one ulp), and use Gauss-Legendre nodes.
"""

from itertools import pairwise

import numpy as np

from app.workforce.errors import Floats

CUT = 42.0
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(40)


def nodes(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Nodes and weights, shape (m, 40), for each interval [low, high]."""
    half = np.maximum(high - low, 0.0)[:, None] / 2
    return low[:, None] + half * (1 + _POINTS), half * _WEIGHTS


def panels(*edges: Floats) -> tuple[Floats, Floats]:
    """Nodes and weights of the intervals between neighbouring edges, side by side."""
    parts = [nodes(low, high) for low, high in pairwise(edges)]
    return np.hstack([x for x, _ in parts]), np.hstack([weight for _, weight in parts])


def log1p_rest(x: Floats) -> Floats:
    """log(1+x) - x without cancellation, x > -1 (atanh series for small x)."""
    y = x / (2 + x)
    square = y * y
    series = 1 / 3 + square * (1 / 5 + square * (1 / 7 + square * (1 / 9 + square * (1 / 11 + square / 13))))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.abs(x) < 0.2, 2 * y * square * series - x * y, np.log1p(x) - x)


def exp_rest(z: Floats) -> Floats:
    """1 - exp(-z) - z without cancellation (Taylor for small z)."""
    with np.errstate(over="ignore", invalid="ignore"):
        rest = -np.expm1(-z) - z
    near = np.abs(z) < 0.5
    rest[near] = _exp_rest_near(z[near])
    return rest


def _exp_rest_near(z: Floats) -> Floats:
    """In place: it is computed for millions of nodes."""
    series = np.ones_like(z)
    for k in range(14, 2, -1):
        series *= z
        series *= -1 / k
        series += 1
    return -z * z / 2 * series


def positive_root(a: Floats, b: Floats, c: Floats) -> Floats:
    """The root x >= 0 of a x^2 - b x - c with a, c >= 0, by the form that does not cancel."""
    discriminant = np.sqrt(b * b + 4 * a * c)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(b > 0, (b + discriminant) / (2 * a), 2 * c / (discriminant - b))
