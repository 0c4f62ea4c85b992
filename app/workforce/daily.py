"""Day totals ahead: which days are closed, the calendar, the level beneath it."""

from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.workforce.additive import forecasters
from app.workforce.bursts import within_reach
from app.workforce.calendar import Bools, Days, Setting, holiday_names, open_slots, weekdays
from app.workforce.daylevel import Level, fit
from app.workforce.effects import Effects, effects
from app.workforce.ensemble import Blend, blend
from app.workforce.errors import Floats
from app.workforce.level_shift import LevelShift, newest, settled, typical
from app.workforce.members import Rest

BUSY = 10.0  #: an office with fewer contacts on a usual day may have a day of zero without being closed
QUIET = 0.45  #: a quiet day's share of a usual one's contacts
RARE = 0.05
MONTH = 28
FEW, FEW_DAYS = 10.0, 84  #: contacts a day from which logarithms serve; days that the plain mean looks back
ALIKE = 6.0  #: contacts that say as much of a weekday as all weekdays together do
FAR = 56  #: beyond so many days ahead the last week forecast is repeated


class DaysAhead(msgspec.Struct, frozen=True):
    """Arrays over the horizon: expected totals of a full day, which are closed; and the parts it was made of. `moved`
    counts its day from the first of the history."""

    days: Days
    mean: Floats
    closed: Bools
    effects: Effects
    level: Level
    blend: Blend
    moved: LevelShift | None = None


def ahead(days: Days, totals: Floats, setting: Setting, horizon: int, signs: Floats | None = None) -> DaysAhead:
    """Totals per day of the history (NaN where unknown) -> the next `horizon` days. Needs two weeks. `signs`: the same,
    and of days that are known in part what is known: enough to tell that somebody was there."""
    every = days[0] + np.arange(len(days) + horizon)
    seen = totals if signs is None else signs
    closed, weekly = closed_days(every, seen, setting), weekly_closed(every, seen, setting)
    shut = np.append(_shut(totals), np.zeros(horizon, np.bool_)) | closed
    log_totals = np.where(shut[: len(days)], np.nan, np.log1p(totals))
    columns = effects(every, setting, len(days), shut & ~weekly, shut)
    level = fit(log_totals, columns)
    usual = np.where(columns.unusual[: len(days)], np.nan, level.rest)
    reached = within_reach(usual)
    moved = newest(reached, level.calendar[: len(days)])
    tamed = np.where(np.isnan(reached), level.rest, reached) + level.calendar[: len(days)]
    others = forecasters(settled(tamed, moved), columns, level)
    rest = Rest(settled(reached, moved), _said(level))
    near = blend(rest, min(horizon, FAR), others)
    far = _extended(near.ahead, horizon)
    logs = np.maximum(np.expm1(level.calendar[len(days) :] + far), 0.0)
    mean = _with_few(logs, every, np.where(shut[: len(days)], np.nan, totals))
    return DaysAhead(every[len(days) :], mean, closed[len(days) :], columns, level, near, moved)


def _said(level: Level) -> Floats:
    """How much each day of the history says of the level: as its contacts to those of a usual one, at most as much."""
    sizes = level.calendar[: len(level.rest)]
    return np.exp(np.minimum(sizes - typical(sizes, ~np.isnan(level.rest)), 0.0))


def _with_few(mean: Floats, every: Days, totals: Floats) -> Floats:
    """A few contacts a day, many days of none: logarithms and medians of those lie below what comes. The fewer, the
    more the plain mean of each weekday lately counts, pulled towards that of all by as little as it knows."""
    lately = totals[-FEW_DAYS:]
    known = ~np.isnan(lately)
    if not known.any() or (usual := float(lately[known].mean())) >= FEW:
        return mean
    weekday = weekdays(every)[len(totals) - len(lately) : len(totals)][known]
    weight = 0.5 ** (np.arange(len(lately))[::-1][known] / MONTH)
    level = float(np.average(lately[known], weights=weight))
    came, times = (np.bincount(weekday, part, minlength=7) for part in (weight * lately[known], weight))
    own = level * (came + ALIKE) / (times * level + ALIKE)
    trust = 1 - usual / FEW
    return trust * own[weekdays(every)[len(totals) :]] + (1 - trust) * mean


def _extended(near: Floats, horizon: int) -> Floats:
    """Repeat the last week forecast for as long as asked."""
    week = min(7, len(near))
    index = np.arange(horizon)
    return near[np.where(index < len(near), index, len(near) - week + (index - len(near)) % week)]


def _shut(totals: Floats) -> Bools:
    """Days that were in fact closed: nothing came, in an office where on a usual day something does."""
    some = totals[totals > 0]
    usual = float(np.median(some)) if len(some) else 0.0
    return (totals <= 0.02 * usual) if usual >= BUSY else np.zeros(len(totals), np.bool_)


def closed_days(every: Days, totals: Floats, setting: Setting) -> Bools:
    """By the opening hours and special days if given; weekdays and holidays also by what the past shows. A day that the
    office gives hours of its own is open, whatever such days are otherwise."""
    outside: Bools = np.logical_not(np.any(open_slots(every, 24, setting), axis=1))
    closed = np.logical_or(outside, weekly_closed(every, totals, setting))
    feasts = _closed_holidays(every, totals, setting, closed)
    opened = np.isin(every, [np.datetime64(special.day) for special in setting.specials if special.hours])
    either: Bools = np.logical_or(feasts, closed) & ~opened
    return either


def weekly_closed(every: Days, totals: Floats, setting: Setting) -> Bools:
    """Closed as every week."""
    if setting.opening is not None:
        plain = open_slots(every, 24, msgspec.structs.replace(setting, specials=()))
        return np.asarray(np.logical_not(np.any(plain, axis=1)))
    weekday = weekdays(every[: len(totals)])
    idle = _usually(_shut(totals) | np.isnan(totals), _told(totals), weekday) | _never(totals, weekday)
    return idle[weekdays(every)]


def _told(totals: Floats) -> Bools:
    """Days that tell of their weekday: those not of a silence of a week or more. A lost log, a closure of weeks that
    ended or the time before the first contact say nothing of Mondays; zeros since the last one do."""
    came = np.flatnonzero((np.nan_to_num(totals) > 0) & ~_shut(totals))
    told = np.zeros(len(totals), np.bool_)
    edges = np.concatenate(([-1], came, [len(totals)]))
    for before, after in pairwise(edges.tolist()):
        told[before + 1 : after + 1] = after - before <= 7
    last = int(edges[-2]) + 1
    told[last:] |= ~np.isnan(totals[last:])
    return told


def _never(totals: Floats, weekday: NDArray[np.int64]) -> Bools:
    """Per weekday: nothing came on any of its last eight that tell, which by chance (Poisson) would be rare even on a
    quiet day: so small offices, too, close on Sundays, though a zero alone says nothing there."""
    known = _told(totals) & ~np.isnan(totals)
    usual = float(totals[known].mean()) if known.any() else 0.0
    lately = [totals[known & (weekday == day)][-8:] for day in range(7)]
    return np.array([not days.any() and np.exp(-QUIET * usual * len(days)) <= RARE for days in lately])


def _usually(idle: Bools, told: Bools, weekday: NDArray[np.int64]) -> Bools:
    """Per weekday: idle on at least four of five of the last eight that tell, or on the last four: hours do change."""
    lately = [idle[told & (weekday == day)][-8:] for day in range(7)]
    mostly = [len(days) > 0 and (days.mean() >= 0.8 or (len(days) > 3 and bool(days[-4:].all()))) for days in lately]
    return np.array(mostly) & ~idle.all()


def _closed_holidays(every: Days, totals: Floats, setting: Setting, closed: Bools) -> Bools:
    """Holidays are closed if said so, or if most of those on open weekdays so far were; a log of contacts leaves such
    days out."""
    feast = np.array([bool(name) for name in holiday_names(every, setting.country)])
    if setting.holidays_open is not None:
        return feast & np.bool_(not setting.holidays_open)
    past = feast[: len(totals)] & ~closed[: len(totals)] & _told(totals)
    mostly = bool(past.any()) and bool((_shut(totals) | np.isnan(totals))[past].mean() > 0.5)
    return feast & np.bool_(mostly)
