"""The first two weeks: what can be said with no history, or with hardly any.

No data: the owner's guess per day over a common week. Under a week: the level against the common week. Under two weeks:
the last week again, each working day pulled towards the other working days by as much as the chance of counts alone
(Poisson) could have made it differ: whatever else sets a day apart may be its own, and one week does not tell. Saturday
and Sunday are like nothing but themselves. A holiday on which hardly anybody called does not come again a week later:
that weekday is taken from the common week.
"""

import numpy as np

from app.workforce.calendar import Bools, Days, weekdays
from app.workforce.errors import Floats

COMMON_WEEK = np.array([1.12, 1.03, 1.0, 1.0, 1.02, 0.62, 0.45])  #: a service line open all week
DAY_NOISE = 0.04  #: a usual day's random deviation beyond that of counts
WORKING = np.arange(7) < 5
MOVE = 0.7  #: standard deviations of chance that a day may be moved by
UNLIKE = 0.3  #: log distance from the common week beyond which a holiday was no usual day; offices differ by half of it
NEEDED = 14  #: days from which the model takes over


def early_days(days: Days, totals: Floats, future: Days, closed: Bools, guess: float, special: Bools) -> Floats:
    """Totals of future days from fewer than NEEDED; `closed` marks future days, `special` past ones that were a holiday
    or a campaign; `guess` is contacts per open day."""
    common = COMMON_WEEK[weekdays(future)]
    known = ~np.isnan(totals) & (totals > 0)
    if not known.any():
        return np.where(closed, 0.0, guess * common)
    known &= ~_odd(days, totals, known, special)
    level = _common_level(days[known], totals[known])
    own = _week(days[known], totals[known], level)
    return np.where(closed, 0.0, own[weekdays(future)])


def _odd(days: Days, totals: Floats, known: Bools, special: Bools) -> Bools:
    """Working days that were special and unlike a usual day of their weekday: they say nothing of next week's. How busy
    an office is at weekends nobody can tell from its other days."""
    usual = known & ~special
    if usual.sum() < 4:
        return np.zeros(len(days), np.bool_)
    expected = _common_level(days[usual], totals[usual]) * COMMON_WEEK[weekdays(days)]
    off = np.log(np.where(known, totals, expected) / expected)
    odd = off**2 > UNLIKE**2 + 4 * (_chance(float(totals[usual].mean())) + DAY_NOISE**2)
    return np.asarray(special & known & WORKING[weekdays(days)] & odd)


def _chance(usual: float) -> float:
    """Relative variance of one day's contacts by chance alone (Poisson)."""
    return 1 / max(usual, 1.0)


def _common_level(days: Days, totals: Floats) -> float:
    """Contacts of a usual day by the common week; by the working days where there are some."""
    weekday = weekdays(days)
    working = WORKING[weekday] if WORKING[weekday].sum() > 2 else np.ones(len(days), np.bool_)
    return float(totals[working].sum() / COMMON_WEEK[weekday[working]].sum())


def _week(days: Days, totals: Floats, level: float) -> Floats:
    """(7,) totals per weekday: the mean of what was seen, pulled towards the rest; else the common week."""
    weekday = weekdays(days)
    times = np.bincount(weekday, minlength=7)
    mean = np.bincount(weekday, totals, minlength=7) / np.maximum(times, 1)
    seen = times > 0
    pulled = _pulled(mean, seen) if seen.sum() > 4 else 0.5 * (mean + level * COMMON_WEEK)
    return np.where(seen, pulled, level * COMMON_WEEK)


def _pulled(mean: Floats, seen: Bools) -> Floats:
    """Working days towards their mean: the share of their spread that chance explains is taken out, but from no day
    more than chance may well have done to it (limited translation, Efron and Morris 1972): a busy Monday stays one."""
    alike = seen & WORKING
    if alike.sum() < 3:
        return mean
    centre = float(mean[alike].mean())
    chance = _chance(centre)
    off = mean / max(centre, 1e-9) - 1
    spread = float((off[alike] ** 2).sum() / (alike.sum() - 1))
    share = min(1.0, chance / spread) if spread > 0 else 0.0
    most = MOVE * float(np.sqrt(chance))
    return np.where(alike, mean - centre * np.clip(share * off, -most, most), mean)
