"""How a day is spread over its slots, per weekday.

Shares are ratios of sums (busy days count more), younger days weigh more, each weekday leans on the pooled week, and a
light smoothing removes what only chance put there. How much of each: what would have fitted the last weeks best.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.workforce.calendar import Days, weekdays
from app.workforce.errors import Floats

ENOUGH = 0.5  #: of a day's usual share must be known for its total to be inferred
WILD, STRAY = 3.0, 10.0  #: times a busy day's contacts, and so many more, beyond which a slot's are a slip


class Manner(msgspec.Struct, frozen=True):
    halving: float = 6.0  #: same weekdays until a day weighs half
    lean: float = 4.0  #: days of the pooled shape added to each weekday
    blur: float = 0.5  #: share of the three-point smoothing


MANNERS = (Manner(), Manner(12, 1, 0), Manner(4, 8, 0.8), Manner(12, 4, 0.8), Manner(26, 1, 0.3), Manner(3, 2, 0.3))


def totals(counts: Floats, days: Days, enough: float | Floats = ENOUGH) -> Floats:
    """(days,): contacts of a full day; a partly known one is scaled up by its usual shares, NaN below `enough`."""
    known = ~np.isnan(counts)
    shape = _rough(counts, days)
    seen = (shape * known).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(seen >= enough, np.nansum(counts, axis=1) / np.where(seen > 1 - 1e-9, 1.0, seen), np.nan)


def _rough(counts: Floats, days: Days) -> Floats:
    """(days, slots): mean shares of each day's weekday; of all days where a weekday never was."""
    weekday, known = weekdays(days), ~np.isnan(counts)
    filled = np.where(known, counts, 0.0)
    pooled = _normal(filled.sum(axis=0) / np.maximum(known.sum(axis=0), 1))
    week = np.tile(pooled, (7, 1))
    for w in np.unique(weekday):
        times = known[weekday == w].sum(axis=0)
        mean = filled[weekday == w].sum(axis=0) / np.maximum(times, 1)
        if mean.sum() > 0:
            week[w] = _completed(mean, times > 0, pooled)
    return week[weekday]


def _completed(mean: Floats, known: NDArray[np.bool_], pooled: Floats) -> Floats:
    """Shares of a weekday; slots of it that never were known are as those of the other days."""
    seen = pooled[known].sum()
    return _normal(mean if seen <= 0 else np.where(known, mean, pooled * mean[known].sum() / seen))


def _normal(shape: Floats) -> Floats:
    total = shape.sum()
    return np.asarray(shape / total) if total > 0 else np.full(len(shape), 1 / len(shape))


def shapes(counts: Floats, days: Days, full: Floats, manner: Manner) -> Floats:
    """(7, slots) shares per weekday, each row summing to one. `full` are the day totals (NaN: the day is not used)."""
    weekday = weekdays(days)
    use = ~np.isnan(counts) & (full > 0)[:, None]
    filled, size = np.where(use, counts, 0.0), np.where(use, np.nan_to_num(full)[:, None], 0.0)
    age = (len(days) - 1 - np.arange(len(days))) // 7
    weight = (0.5 ** (age / manner.halving))[:, None]
    mine = np.zeros((7, counts.shape[1], 2))
    for w in range(7):
        chosen = weekday == w
        mine[w, :, 0] = (filled[chosen] * weight[chosen]).sum(axis=0)
        mine[w, :, 1] = (size[chosen] * weight[chosen]).sum(axis=0)
    return _leaned(mine, manner, float(np.nanmean(full)) if (full > 0).any() else 1.0)


def _leaned(sums: Floats, manner: Manner, usual: float) -> Floats:
    """Weekday sums (7, slots, [counts, day totals]) -> shares leaning on the weekdays that open at the same hours."""
    share = np.divide(sums[..., 0], sums[..., 1], out=np.zeros(sums.shape[:2]), where=sums[..., 1] > 0)
    open_ = share > 1e-4
    alike = (open_[:, None] & open_[None]).sum(axis=2) / np.maximum((open_[:, None] | open_[None]).sum(axis=2), 1)
    kin = (alike**4)[:, :, None, None] * sums[None]
    pooled = kin.sum(axis=1)
    base = np.divide(pooled[..., 0], pooled[..., 1], out=np.zeros_like(share), where=pooled[..., 1] > 0)
    shape = (sums[..., 0] + manner.lean * usual * base) / (sums[..., 1] + manner.lean * usual)
    everyone = sums[..., 0].sum(axis=0)
    return np.stack([_normal(_blurred(row if row.any() else everyone, manner.blur)) for row in shape])


def _blurred(shape: Floats, share: float) -> Floats:
    """Quarter, half, quarter, within the slots in which anything ever came."""
    inside = shape > 1e-6
    left, right = np.append(shape[:1], shape[:-1]), np.append(shape[1:], shape[-1:])
    left = np.where(np.append(inside[:1], inside[:-1]), left, shape)
    right = np.where(np.append(inside[1:], inside[-1:]), right, shape)
    return np.asarray(np.where(inside, shape + share * (0.25 * left + 0.25 * right - 0.5 * shape), 0.0))


def tamed(counts: Floats, days: Days) -> Floats:
    """Counts without the slips: at most some times what the slot has on a busy one of its weekdays, lest one wrong
    figure bend the shape of months."""
    weekday, found = weekdays(days), counts.copy()
    for w in np.unique(weekday):
        mine = np.flatnonzero(weekday == w)
        active = counts[mine[np.nansum(counts[mine], axis=1) > 0][-26:]]
        if len(active):
            times = np.maximum((~np.isnan(active)).sum(axis=0), 1)
            busy = np.take_along_axis(np.sort(active, axis=0), (0.9 * (times - 1)).astype(int)[None], axis=0)
            found[mine] = np.fmin(counts[mine], WILD * busy + STRAY)
    return np.where(np.isnan(counts), np.nan, found)


def best_shapes(counts: Floats, days: Days, full: Floats) -> Floats:
    """The shapes of the manner that, known two and four weeks ago, would have fitted the days since best."""
    counts = tamed(counts, days)
    if len(days) < 42:
        return shapes(counts, days, full, Manner())
    losses = np.array([sum(_loss(counts, days, full, manner, back) for back in (14, 28)) for manner in MANNERS])
    return shapes(counts, days, full, MANNERS[int(np.argmin(losses))])


def _loss(counts: Floats, days: Days, full: Floats, manner: Manner, back: int) -> float:
    """Absolute error of the slots of two weeks, given their totals."""
    cut, end = len(days) - back, len(days) - back + 14
    week = shapes(counts[:cut], days[:cut], full[:cut], manner)
    wrong = np.abs(counts[cut:end] - week[weekdays(days[cut:end])] * full[cut:end, None])
    return float(np.nansum(wrong))


def template(slots: int, open_: NDArray[np.bool_]) -> Floats:
    """Before any data: two humps around a lunch dip over the open slots, per weekday row."""
    hour = (np.arange(slots) + 0.5) * 24 / slots
    hump = np.exp(-((hour - 10.5) ** 2) / 6) + 0.85 * np.exp(-((hour - 15.5) ** 2) / 8) + 0.12
    return np.stack([_normal(np.where(row, hump, 0.0)) if row.any() else np.zeros(slots) for row in open_])
