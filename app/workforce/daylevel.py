"""The level of each day beneath its calendar: a robust regression on log totals.

log(total + 1) = trend + weekday + season + holiday + ... + what the members (members.py) forecast. Every effect has a
prior width, so a column seen once or never moves little (ridge = Gaussian prior); Huber weights keep odd days from
bending it; a season counts as far as the years agree on it. How much the trend bends is learnt of the office (evidence
approximation, MacKay 1992, Bayesian Interpolation): a trend that bends too easily takes the season for its own, one too
stiff takes a new level for a season.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.workforce.agreement import agreed
from app.workforce.effects import Effects
from app.workforce.errors import Floats

#: prior sd of log effects
WIDTHS = {
    "weekday": 1.0, "season": 0.15, "turn": 0.2, "week": 0.02, "payday": 0.05, "holiday": 0.5, "special": 0.7,
}  # fmt: skip
YEARLY = ("season", "week")  #: groups of effects that one year may have and the next not
BEND = 0.05  #: sd of the change of the trend's slope at a knot, per knot distance, as far as nothing was learnt of it
BENDS = (0.01, 0.3)  #: the least and the most that is believed of an office
SAID = 4.0  #: knots' worth of what BEND says
KNOT_DAYS = 28
HALF_LIFE_DAYS = 800.0
HUBER = 1.5
SURELY = 0.8  #: part of the noise of pure chance that there is in any case
WILD = 4.5  #: a lone day so many standard deviations off is not taken at its word


class Level(msgspec.Struct, frozen=True):
    """`calendar` (all days): log effect of the calendar; `rest` (history days): what is left, NaN where not known."""

    calendar: Floats
    rest: Floats
    coefficients: Floats
    noise: float


def fit(log_totals: Floats, effects: Effects) -> Level:
    """`log_totals` (history days, NaN where unknown); `effects` for history and future days."""
    weights = 0.5 ** (np.arange(len(log_totals))[::-1] / HALF_LIFE_DAYS) * ~np.isnan(log_totals)
    return _fitted(log_totals, effects, weights, _chance(log_totals, weights))


def fit_plain(shares: Floats, effects: Effects, usual: float) -> Level:
    """The same in plain counts, `shares` of a usual day of `usual` contacts, for which effects add; all years alike."""
    return _fitted(shares, effects, (~np.isnan(shares)).astype(float), SURELY / float(np.sqrt(usual)))


def _fitted(values: Floats, effects: Effects, weights: Floats, chance: float) -> Level:
    known = len(values)
    trend = _trend(known)
    design = np.hstack((effects.matrix[:known], trend))
    widths = np.array([WIDTHS[group] for group, _name in effects.columns])
    widths = np.concatenate((widths, [20.0], np.full(trend.shape[1] - 1, BEND)))
    bends = slice(effects.matrix.shape[1] + 1, None)
    beta, noise = _robust(design, np.nan_to_num(values), weights, widths, chance, bends)
    residual = values - design @ beta
    tamed = values - _oddity(residual, noise)
    columns = effects.matrix.shape[1]
    own = _believed(beta[:columns], effects, residual + trend @ beta[columns:])
    calendar = effects.matrix @ own
    return Level(calendar, tamed - calendar[:known], own, noise)


def _believed(own: Floats, effects: Effects, rest: Floats) -> Floats:
    """The coefficients, those of the season as far as the years agree on it. `rest` is without any of them."""
    yearly = np.array([group in YEARLY for group, _name in effects.columns])
    if not yearly.any():
        return own
    season = effects.matrix[: len(rest), yearly] @ own[yearly]
    return np.where(yearly, agreed(season + rest), 1.0) * own


def _oddity(residual: Floats, noise: float) -> Floats:
    """What to take off lonely wild days, so that they count as merely odd; two in a row are a change."""
    known = np.flatnonzero(~np.isnan(residual))
    wild = np.clip(residual[known], -2 * noise, 2 * noise)
    side = np.sign(residual[known]) * (np.abs(residual[known]) > 2 * noise)
    alone = (side != np.append(side[1:], 0)) & (side != np.append(0, side[:-1]))
    excess = np.zeros(len(residual))
    excess[known] = np.where(alone & (np.abs(residual[known]) > WILD * noise), residual[known] - wild, 0.0)
    return excess


def _trend(length: int) -> Floats:
    """A constant, and a hinge each KNOT_DAYS back from the end (the last one well before it)."""
    t = np.arange(length)[:, None]
    knots = np.arange(length - KNOT_DAYS, -KNOT_DAYS, -KNOT_DAYS)[None, :]
    return np.hstack((np.ones((length, 1)), np.maximum(t - knots, 0) / KNOT_DAYS))


def _robust(
    design: Floats, y: Floats, weights: Floats, widths: Floats, chance: float, bends: slice
) -> tuple[Floats, float]:
    """Weighted Huber ridge by a few rounds of reweighting, the width of the `bends` learnt on the way; the noise (sd,
    `chance` or more) is of the last one."""
    soft, noise = weights, max(_spread(y[weights > 0]), 0.02, chance)
    beta: NDArray[np.floating] = np.zeros(design.shape[1])
    for _round in range(5):
        heavy = design * soft[:, None]
        spread = np.linalg.inv(heavy.T @ design + np.diag((noise / widths) ** 2))
        beta = spread @ (heavy.T @ y)
        widths = _learnt(widths, np.asarray(beta), noise**2 * np.diag(spread), bends)
        residual = y - design @ beta
        noise = max(_spread(residual[weights > 0]), 0.01, chance)
        soft = weights * np.minimum(1.0, HUBER * noise / np.maximum(np.abs(residual), 1e-12))
    return np.asarray(beta), noise


def _learnt(widths: Floats, beta: Floats, variance: Floats, bends: slice) -> Floats:
    """The widths, that of the bends by how large they came out: each counts as far as the data settle it, which is what
    is gone of its prior variance."""
    own = beta[bends]
    settled = len(own) - float((variance[bends] / widths[bends] ** 2).sum())
    width = np.sqrt((float((own**2).sum()) + SAID * BEND**2) / (settled + SAID))
    found = widths.copy()
    found[bends] = np.clip(width, *BENDS)
    return found


def _chance(y: Floats, weights: Floats) -> float:
    """The least noise that counts of this size have (Poisson, of log(x + 1)); where most days are zero, the median of
    the deviations is zero as well."""
    known = weights > 0
    usual = float(np.expm1(np.average(y[known], weights=weights[known]))) if known.any() else 0.0
    return SURELY * float(np.sqrt(max(usual, 0.0))) / (1 + max(usual, 0.0))


def _spread(values: Floats) -> float:
    """Standard deviation by the median absolute deviation."""
    if not len(values):
        return 0.0
    return float(1.4826 * np.median(np.abs(values - np.median(values))))
