"""How far off, with what confidence: intervals from the errors of forecasts that were really made.

Errors are measured in the unit sqrt(f + (f/20)^2): Poisson noise for small figures, five percent for large ones. The
interval is the quantile of past scores (split conformal), apart for the first week ahead and for later. Whether widths
so made would have held at the past origins themselves says how much wider or narrower they must be (adaptive conformal
inference, Gibbs and Candes 2021).
"""

import numpy as np
from numpy.typing import NDArray

from app.workforce.errors import Floats

Ints = NDArray[np.int64]
Widths = dict[float, Floats]
LEVELS = (0.8, 0.95)
HALVING = 14.0  #: days until an error counts half
ORIGINS = 8  #: forecasts made before an office's own record is trusted alone
WIDER = 1.05  #: what errors at remade (not really made) forecasts understate
MARGIN = 1.05  #: what the errors so far understate of those to come
FIRST_CHECKED = 4  #: origins before one whose widths are checked
CHECKED = 12  #: weeks looked back at
CHECK_HALVING = 42.0  #: days until a check counts half
DOUBT = 3.0  #: checks' worth of belief that the widths are right as they are
NORMAL = {0.8: 1.2816, 0.95: 1.96}


def unit(mean: Floats) -> Floats:
    """The size of an ordinary error, never below one half."""
    return np.sqrt(np.maximum(mean, 0.25) + (0.05 * mean) ** 2)


def scores(actual: Floats, mean: Floats) -> Floats:
    """Absolute errors in units; NaN where the truth is not known."""
    return np.abs(actual - mean) / unit(mean)


def widths(past: Floats, firsts: Ints, horizon: int) -> Widths:
    """Half-widths in units, (horizon,), per level. `past` is (origins, horizon, ...) of scores, `firsts` the first day
    of each origin, rising."""
    lead = np.arange(horizon)
    groups = [past[:, :7], past[:, 7:]] if past.shape[1] > 7 else [past]
    found = {}
    for level in LEVELS:
        near, *later = [_quantile(group, firsts, level) for group in groups]
        far = max(near, later[0]) if later and np.isfinite(later[0]) else near * 1.15
        found[level] = np.where(lead < 7, near, far)
    return found


def adapted(past: Floats, firsts: Ints, horizon: int) -> Widths:
    """The same, corrected by how widths made at past origins, from what was known then, have held since."""
    plain = widths(past, firsts, horizon)
    checks = [i for i in _weekly(firsts) if i >= FIRST_CHECKED and not np.isnan(past[i]).all()][-CHECKED:]
    then = [widths(_known(past[:i], firsts[:i], firsts[i]), firsts[:i], horizon) for i in checks]
    weights = 0.5 ** ((firsts[-1] - firsts[checks]) / CHECK_HALVING)
    return {level: MARGIN * _factor(past[checks], then, weights, level) * plain[level] for level in LEVELS}


def _weekly(firsts: Ints) -> list[int]:
    """The last origin of each week, counted back from the newest."""
    week = (firsts[-1] - firsts) // 7
    return np.flatnonzero(np.append(week[1:] != week[:-1], True)).tolist()


def _known(past: Floats, firsts: Ints, now: int) -> Floats:
    """What of these scores could be known on the morning of day `now`."""
    over = firsts[:, None] + np.arange(past.shape[1]) < now
    return np.where(over.reshape(over.shape + (1,) * (past.ndim - 2)), past, np.nan)


def _factor(past: Floats, then: list[Widths], weights: Floats, level: float) -> float:
    """By how much the widths of then should have been larger to hold as often as `level` says; believed by degrees."""
    if not then:
        return 1.0
    flat = past.reshape(len(past), past.shape[1], -1) / np.stack([made[level] for made in then])[:, :, None]
    known = np.isfinite(flat)
    if not known.any():
        return 1.0
    needed = _at(flat[known], np.broadcast_to(weights[:, None, None], flat.shape)[known], level)
    return float(max(needed, 0.5) ** (weights.sum() / (weights.sum() + DOUBT)))


def _quantile(group: Floats, firsts: Ints, level: float) -> float:
    """Weighted quantile of the scores (origins, ...): younger origins count more, and a level is read further out the
    fewer weeks there are, for the errors of one week go together. The far tail is steadied by the bulk."""
    flat = group.reshape(len(group), -1)
    known = ~np.isnan(flat)
    if known.sum() < 3:
        return float(np.nanmax(flat)) * 2 if known.any() else np.inf
    days = firsts[-1] - firsts
    age = 0.5 ** (days / HALVING)
    values, weights = flat[known], np.broadcast_to(age[:, None], flat.shape)[known]
    seen = np.bincount(days // 7, age * known.any(axis=1))
    together = 2 if group.ndim == 2 else 1  # the slots of a day err more on their own than the days of an origin
    share = together * float((seen**2).sum() / seen.sum() ** 2)
    plain = _at(values, weights, level + (1 - level) * share)
    if level < 0.9:
        return plain
    bulk = _at(values, weights, 0.8 + 0.2 * share) * NORMAL[level] / NORMAL[0.8]
    return max(plain, 0.5 * (plain + bulk))


def _at(values: Floats, weights: Floats, level: float) -> float:
    order = np.argsort(values)
    place = np.searchsorted(np.cumsum(weights[order]) / weights.sum(), min(level, 0.995))
    return float(values[order][min(int(place), len(values) - 1)])


def band(mean: Floats, width: Floats) -> tuple[Floats, Floats]:
    """Lower and upper ends; counts do not go below zero."""
    half = width * unit(mean)
    return np.maximum(mean - half, 0.0), mean + half
