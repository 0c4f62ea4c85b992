"""How far off, with what confidence: intervals from the errors of forecasts that were really made.

Errors are measured in the unit sqrt(f + (f/20)^2): Poisson noise for small figures, five percent for large ones. The
interval is the quantile of past scores (split conformal), apart for the first week ahead and for later. A closed loop
over the past weeks corrects it: too many errors outside the intervals as they were then, corrections included, make the
next ones wider, too few narrower (adaptive conformal inference, Gibbs and Candes 2021; on the scale of the scores, as
the quantile tracker of Angelopoulos, Candes and Tibshirani 2023). The narrow interval forgets within weeks, as there
are errors enough to learn from; the wide one, of which few errors tell, remembers for months. A surprise on the very
last day may be an odd day or a new level, and nobody knows yet: until the next day tells, the intervals hold both, each
as often as they say, for nothing tells how often a level moves.
"""

import numpy as np

from app.workforce.errors import Floats
from app.workforce.tail import Ints, Tail

Widths = dict[float, Floats]
LEVELS = (0.8, 0.95)
ORIGINS = 8  #: forecasts made before an office's own record is trusted alone
WIDER = 1.08  #: times that errors at remade (not really made) forecasts understate in any case
COLUMNS = 7  #: figures that a model takes from its history at the least, one for each weekday
TAIL_DAYS = 20  #: days known of which the 95 % lie twice as far out as few errors show
FEW = 14  #: days from which a model is made
LASTS, GROWTH = 28, 0.22  #: days ahead up to which errors hardly grow; the power of the distance by which they do later
FIRST_CHECKED = 4  #: origins before one whose widths are checked
CHECKED = 52  #: weeks looked back at
GAIN = {0.8: 0.6, 0.95: 0.4}  #: how much of what a week showed to be wrong is put right
MEMORY = {0.8: 0.7, 0.95: 0.95}  #: what is left of a correction a week later: few errors are told only by many weeks
AIM = {0.8: 0.18, 0.95: 0.05}  #: share outside to steer for, where a day has many intervals
AIM_OF_DAYS = {0.8: 0.18, 0.95: 0.035}  #: where it has one: a rare error of few is found out late, so fewer still
MOST = 0.7  #: the greatest log correction: a half, or twice
FAR_OUT = 2.0  #: times the narrow width, where one error in a hundred should lie
SURPRISE = 0.1  #: share of a day's errors far out from which something happened that day
STAYS = {0.8: 0.93, 0.95: 1.82}  #: narrow widths beyond a surprise that hold as many days like it, sqrt(2) z / 1.28
FULL = {0.8: 2.23, 0.95: 4.36}  #: log width per share outside, 1 / (2 z phi(z)) of a normal error


def unit(mean: Floats) -> Floats:
    """The size of an ordinary error, never below one half."""
    return np.sqrt(np.maximum(mean, 0.25) + (0.05 * mean) ** 2)


def scores(actual: Floats, mean: Floats) -> Floats:
    """Absolute errors in units; NaN where the truth is not known."""
    return np.abs(actual - mean) / unit(mean)


def widths(past: Floats, firsts: Ints, horizon: int) -> Widths:
    """Half-widths in units, (horizon,), per level. `past` is (origins, horizon, ...) of scores, `firsts` the first day
    of each origin, rising."""
    near = _as_if_near(past)
    return _distant(_after_all(_tails(near, firsts), near, firsts, horizon))


def of_remade(past: Floats, firsts: Ints, horizon: int, known: int) -> Widths:
    """The same by errors at origins of which the model knew what came, of `known` days in all. A regression's errors at
    the n days it was fitted to are smaller than at new ones, by about sqrt((n - p) / (n + p)) of p columns, and a few
    errors do not show how far out the rare ones lie; the figures are what sixty public series and made offices ask for.
    """
    n = max(known, FEW)
    narrow, wide = widths(past, firsts, horizon).values()
    wider = max(float(np.sqrt((n + COLUMNS) / (n - COLUMNS - 2))), WIDER)
    return dict(zip(LEVELS, (narrow * wider, wide * wider * (1 + TAIL_DAYS / n)), strict=True))


def adapted(past: Floats, firsts: Ints, horizon: int) -> Widths:
    """The same as `widths`, corrected by how the widths of past weeks, so corrected, have held."""
    near = _as_if_near(past)
    tails = _tails(near, firsts)
    plain = _after_all(tails, near, firsts, horizon)
    return _distant(_doubting(_corrected(plain, tails, near, firsts), plain, near, firsts))


def _grown(horizon: int) -> Floats:
    """(horizon,) how much larger errors so far ahead are than those of the first weeks: measured on sixty public
    series and made offices, 1.3 to 1.4 times after three months, 1.4 to 1.9 after a year."""
    return np.asarray((np.maximum(np.arange(1, horizon + 1), LASTS) / LASTS) ** GROWTH)


def _as_if_near(past: Floats) -> Floats:
    grown = _grown(past.shape[1])
    return past / grown.reshape(1, -1, *[1] * (past.ndim - 2))


def _distant(found: Widths) -> Widths:
    return {level: width * _grown(len(width)) for level, width in found.items()}


def _tails(past: Floats, firsts: Ints) -> list[Tail]:
    """Of the first week ahead and, if there is one, of later."""
    leads = [range(7), range(7, past.shape[1])] if past.shape[1] > 7 else [range(past.shape[1])]
    return [Tail.of(past, firsts, part) for part in leads]


def _after_all(tails: list[Tail], past: Floats, firsts: Ints, horizon: int) -> Widths:
    return _widths(tails, len(past), int(firsts[-1]) + past.shape[1], horizon)


def _widths(tails: list[Tail], origins: int, now: int, horizon: int) -> Widths:
    """As they could be known on the morning of day `now`, by the first `origins`."""
    lead = np.arange(horizon)
    near, *later = [tail.at(LEVELS, origins, now) for tail in tails]
    far = {level: max(near[level], part[level]) for part in later for level in LEVELS if np.isfinite(part[level])}
    return {level: np.where(lead < 7, near[level], far.get(level, near[level] * 1.15)) for level in LEVELS}


def _corrected(plain: Widths, tails: list[Tail], past: Floats, firsts: Ints) -> Widths:
    checks = [i for i in _weekly(firsts) if i >= FIRST_CHECKED and not np.isnan(past[i]).all()][-CHECKED:]
    if not checks:
        return plain
    then = [_widths(tails, i, int(firsts[i]), past.shape[1]) for i in checks]
    today = _today(past, firsts)
    narrow, wide = (
        plain[level] * np.exp(_looped(past[checks], firsts[checks], np.stack([w[level] for w in then]), level, today))
        for level in LEVELS
    )
    return dict(zip(LEVELS, (narrow, np.maximum(narrow, wide)), strict=True))


def _doubting(made: Widths, plain: Widths, past: Floats, firsts: Ints) -> Widths:
    """Wide enough for the error of the last day to stay, where that day was a surprise and the one before was none.
    What is one is told by the plain widths: the corrected ones have just lived through it."""
    last = _today(past, firsts) - 1
    newest, before = (_of_day(past, firsts, day) for day in (last, last - 1))
    if not _surprising(newest, plain) or _surprising(before, plain):
        return made
    chance = float(made[LEVELS[0]].max())
    return {level: np.maximum(made[level], np.median(newest) + STAYS[level] * chance) for level in LEVELS}


def _of_day(past: Floats, firsts: Ints, day: int) -> Floats:
    """The scores of one day, by the latest forecast of it; none if unknown."""
    for origin in np.flatnonzero((firsts <= day) & (day < firsts + past.shape[1]))[::-1]:
        scores_then = past[origin, day - firsts[origin]].ravel()
        if not np.isnan(scores_then).all():
            return np.asarray(scores_then[~np.isnan(scores_then)])
    return np.empty(0)


def _surprising(day: Floats, plain: Widths) -> bool:
    """Several times as many of its scores lie far out as should: for a day's total, the one."""
    return len(day) > 0 and float((day > FAR_OUT * plain[LEVELS[0]].max()).mean()) > SURPRISE


def _today(past: Floats, firsts: Ints) -> int:
    """The day after the newest known truth."""
    known = ~np.isnan(past.reshape(*past.shape[:2], -1)).all(axis=2)
    return int((firsts[:, None] + np.arange(past.shape[1]))[known].max()) + 1


def _weekly(firsts: Ints) -> list[int]:
    """The last origin of each week, counted back from the newest."""
    week = (firsts[-1] - firsts) // 7
    return np.flatnonzero(np.append(week[1:] != week[:-1], True)).tolist()


def _known(past: Floats, firsts: Ints, now: int) -> Floats:
    """What of these scores could be known on the morning of day `now`."""
    over = firsts[:, None] + np.arange(past.shape[1]) < now
    return np.where(over.reshape(over.shape + (1,) * (past.ndim - 2)), past, np.nan)


def _looped(past: Floats, firsts: Ints, plain: Floats, level: float, today: int) -> float:
    """The log correction after living through the past weeks with it: `plain` widths (weeks, horizon) as of then."""
    outside, aim = np.full(past.shape[:2], np.nan), _aim(past)[level]
    for week, first in enumerate(firsts):
        width = plain[week] * np.exp(_correction(outside[:week] - aim, firsts[:week], level, int(first)))
        flat = past[week].reshape(past.shape[1], -1)
        known = ~np.isnan(flat)
        over = (known & (flat > width[:, None])).sum(axis=1)
        outside[week] = np.where(known.any(axis=1), over / np.maximum(known.sum(axis=1), 1), np.nan)
    return _correction(outside - aim, firsts, level, today)


def _aim(past: Floats) -> dict[float, float]:
    return AIM if past[0, 0].size > 1 else AIM_OF_DAYS


def _correction(excess: Floats, firsts: Ints, level: float, now: int) -> float:
    """From the shares outside beyond those aimed at (weeks, horizon), as far as they were known on the morning of day
    `now`."""
    wrong = np.nan_to_num(_known(excess, firsts, now)).mean(axis=1)
    worth = MEMORY[level] ** ((now - firsts) / 7 - 1)
    return float(np.clip(GAIN[level] * FULL[level] * (worth * wrong).sum(), -MOST, MOST))


def band(mean: Floats, width: Floats) -> tuple[Floats, Floats]:
    """Lower and upper ends; counts do not go below zero."""
    half = width * unit(mean)
    return np.maximum(mean - half, 0.0), mean + half
