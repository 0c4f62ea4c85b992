"""Forecasters of the level beneath the calendar. Each: (rest, horizon, origins) -> (origins, horizon).

An origin o knows the days of `rest` before o and forecasts days o .. o + horizon - 1. What a member learns (constants,
weights) it learns before the first origin, so that origins in the past are honest tests.
"""

import math
from collections.abc import Callable
from functools import cached_property
from itertools import product

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.workforce.errors import Floats

Origins = NDArray[np.int64]

_SLOPES = ((0.0, 0.9), (0.04, 0.9), (0.02, 0.98))  #: gain and damping
_GRID = np.array([(a, g, *b) for a, g, b in product((0.015, 0.04, 0.1, 0.2, 0.4), (0.0, 0.1, 0.25), _SLOPES)]).T
LINE_DAYS = 60
STEADY_DAYS = 90
REACH = 540  #: days of past that smoothing looks at
YEAR = 364


class Rest(msgspec.Struct, frozen=True, dict=True):
    """What is left beneath the calendar: `values` per day, NaN where unknown, and how much each day says of the level
    (`weights`, 1 for a day of usual size): in logarithms a quiet Sunday moves as far as a Monday, by a few contacts."""

    values: Floats
    weights: Floats

    def __len__(self) -> int:
        return len(self.values)

    def part(self, begin: int, end: int | None = None) -> "Rest":
        return Rest(self.values[begin:end], self.weights[begin:end])

    @cached_property
    def smoothed(self) -> "tuple[int, _States]":
        """The first day that smoothing looks at, and its states from there on: the same for all origins."""
        begin = max(0, len(self) - REACH)
        return begin, _run(self.part(begin))


Member = Callable[[Rest, int, Origins], Floats]


def alike(values: Floats) -> Rest:
    """All days say as much."""
    return Rest(values, np.ones(len(values)))


class _States(msgspec.Struct, frozen=True):
    """Level, slope (days + 1, grid) and weekly season (days + 1, 7, grid) before each day."""

    level: Floats
    slope: Floats
    season: Floats


def smooth(rest: Rest, horizon: int, origins: Origins) -> Floats:
    """Damped level, slope and weekly season; the constants that forecast best over all steps ahead so far, averaged."""
    begin, states = rest.smoothed
    first = int(origins.min()) - begin
    trials = np.arange(max(14, first - 120), max(15, first - horizon // 2))
    ahead = _ahead(states, trials, horizon)
    truth = _targets(rest.values[begin : begin + first], trials, horizon)
    errors = np.abs(ahead - np.nan_to_num(truth)[:, :, None]).sum(axis=(0, 1), where=~np.isnan(truth)[:, :, None])
    best = np.argsort(errors, kind="stable")[:4]
    return np.asarray(_ahead(states, origins - begin, horizon)[:, :, best].mean(axis=2))


def _run(rest: Rest) -> _States:
    """All constants of the grid at once. A single odd day moves the level by at most three usual steps; a second one in
    the same direction is believed."""
    alpha, gamma, beta, damp = _GRID
    size = alpha.size
    usual = _usual_step(rest.values)
    level, slope, season = np.full(size, _start(rest.values)), np.zeros(size), np.zeros((7, size))
    states = _States(*(np.empty((len(rest) + 1, *part.shape)) for part in (level, slope, season)))
    doubted = 0.0
    for t, (value, weight) in enumerate(zip(rest.values, rest.weights, strict=True)):
        states.level[t], states.slope[t], states.season[t] = level, slope, season
        base = level + damp * slope
        if np.isnan(value):
            level, slope = base, damp * slope
            continue
        error = value - base - season[t % 7]
        mean = float(error.mean())
        odd = math.copysign(1.0, mean) if abs(mean) > 3 * usual else 0.0
        if odd and odd != doubted:
            error = np.clip(error, -3 * usual, 3 * usual)
        doubted = odd
        gain = alpha * weight
        level, slope = base + gain * error, damp * slope + gain * beta * error
        season[t % 7] += gamma * (1 - alpha) * error
    states.level[-1], states.slope[-1], states.season[-1] = level, slope, season
    return states


def _start(rest: Floats) -> float:
    known = rest[:28][~np.isnan(rest[:28])]
    return float(np.median(known)) if len(known) else 0.0


def _usual_step(rest: Floats) -> float:
    known = rest[~np.isnan(rest)]
    return max(float(1.4826 * np.median(np.abs(np.diff(known)))) / 1.4, 0.02) if len(known) > 2 else 0.1


def _ahead(states: _States, origins: Origins, horizon: int) -> Floats:
    """(origins, horizon, grid)."""
    step = np.arange(horizon)
    damped = np.cumsum(_GRID[3] ** (step[:, None] + 1), axis=0)
    season = states.season[origins[:, None], (origins[:, None] + step) % 7]
    return states.level[origins][:, None] + damped * states.slope[origins][:, None] + season


def _targets(rest: Floats, origins: Origins, horizon: int) -> Floats:
    """What came true, NaN beyond the end."""
    padded = np.concatenate((rest, np.full(horizon + 1, np.nan)))
    return padded[np.minimum(origins[:, None] + np.arange(horizon), len(rest))]


def recent(rest: Rest, horizon: int, origins: Origins) -> Floats:
    """The last eight same weekdays, each week counting four fifths of the next."""
    back = 7 * (np.arange(horizon)[:, None] // 7 + 1 + np.arange(8)) - np.arange(horizon)[:, None]
    index = origins[:, None, None] - back[None]
    values = np.where(index >= 0, rest.values[np.maximum(index, 0)], np.nan)
    weights = 0.8 ** np.arange(8) * ~np.isnan(values)
    total = weights.sum(axis=2)
    mean = (weights * np.nan_to_num(values)).sum(axis=2) / np.maximum(total, 1e-9)
    return np.where(total > 0, mean, _level(rest, 28)[origins][:, None])


def fresh(rest: Rest, horizon: int, origins: Origins) -> Floats:
    """The level of the last days, each counting seven tenths of the next, as if what was before said nothing."""
    index = origins[:, None] - 1 - np.arange(7)
    inside = np.maximum(index, 0)
    values = np.where(index >= 0, rest.values[inside], np.nan)
    weights = 0.5 ** (np.arange(7) / 2) * rest.weights[inside] * ~np.isnan(values)
    total = weights.sum(axis=1)
    mean = (np.nan_to_num(values) * weights).sum(axis=1) / np.maximum(total, 1e-9)
    return np.repeat(np.where(total > 0, mean, _level(rest, 28)[origins])[:, None], horizon, axis=1)


def line(rest: Rest, horizon: int, origins: Origins) -> Floats:
    """A straight line through the last months, carried on: the long view beside the quick ones."""
    begins = np.maximum(origins - 4 * LINE_DAYS, 0)
    lines = [_line(rest.part(begin, origin)) for begin, origin in zip(begins, origins, strict=True)]
    return np.stack(lines) @ _line_at(horizon)


def steady(rest: Rest, horizon: int, origins: Origins) -> Floats:
    """The usual level of a long while, as if what moved since were to come back; a median: odd weeks do not bend it."""
    begins = np.maximum(origins - 4 * STEADY_DAYS, 0)
    levels = [_usual(rest.part(begin, origin)) for begin, origin in zip(begins, origins, strict=True)]
    return np.repeat(np.array(levels)[:, None], horizon, axis=1)


def _usual(past: Rest) -> float:
    """Median; the past halves its weight every STEADY_DAYS."""
    known = ~np.isnan(past.values)
    if not known.any():
        return 0.0
    values = past.values[known]
    order = np.argsort(values)
    weight = (0.5 ** (np.arange(len(past), 0, -1)[known] / STEADY_DAYS) * past.weights[known])[order]
    return float(values[order][np.searchsorted(np.cumsum(weight), weight.sum() / 2)])


def _line_at(horizon: int) -> Floats:
    return np.stack((np.ones(horizon), np.arange(horizon)))


def _line(past: Rest) -> Floats:
    """Level and slope at the end; the past halves its weight every LINE_DAYS, odd days count less."""
    known = ~np.isnan(past.values)
    if not known.any():
        return np.zeros(2)
    x, y = np.arange(-len(past), 0.0)[known], past.values[known]
    weight = base = 0.5 ** (-x / LINE_DAYS) * past.weights[known]
    found = np.zeros(2)
    for _round in range(2):
        mid, mean = float(np.average(x, weights=weight)), float(np.average(y, weights=weight))
        doubt = weight.sum() * LINE_DAYS / 2
        slope = float((weight * (x - mid) * (y - mean)).sum() / ((weight * (x - mid) ** 2).sum() + doubt))
        found = np.array([mean - slope * mid, slope])
        error = np.abs(y - found[0] - slope * x)
        usual = 2.25 * float(np.median(error)) + 1e-9
        weight = base * np.minimum(1.0, usual / np.maximum(error, usual))
    return found


def ridge(rest: Rest, horizon: int, origins: Origins) -> Floats:
    """The change from the last four weeks, direct for every step ahead, by one regression on what the past looked like:
    shorter levels, the same weekday lately, and what the year before did from here."""
    first = int(origins.min())
    trials = np.arange(35, first - 1)
    x, month = _features(rest, trials, horizon), _level(rest, 28)
    truth = _targets(rest.values[:first], trials, horizon) - month[trials][:, None]
    known = ~np.isnan(truth)
    rows, y = x[known], np.clip(truth[known], -1.5, 1.5)
    age = np.broadcast_to((first - trials)[:, None], truth.shape)[known]
    weights = 0.5 ** (age / 300)
    beta = _shrunk(rows, y, weights)
    return np.asarray(month[origins][:, None] + _features(rest, origins, horizon) @ beta)


def _shrunk(rows: Floats, y: Floats, weights: Floats) -> Floats:
    """Ridge towards nothing changes; rows overlap in time, so they count as a tenth of independent ones."""
    beta: NDArray[np.floating] = np.zeros(rows.shape[1])
    for _round in range(3):
        residual = np.abs(y - rows @ beta)
        usual = 1.5 * float(np.median(residual)) + 1e-9 if len(y) else 1.0
        soft = weights * np.minimum(1.0, usual / np.maximum(residual, usual))
        noise = max(float(np.average(residual**2, weights=weights)), 1e-9) if len(y) else 1.0
        heavy = rows * soft[:, None] * 0.1
        beta = np.linalg.solve(heavy.T @ rows + noise / 0.3**2 * np.eye(rows.shape[1]), heavy.T @ y)
    return np.asarray(beta)


def _features(rest: Rest, origins: Origins, horizon: int) -> Floats:
    """(origins, horizon, features), each also faded with the distance."""
    month = _level(rest, 28)
    near = [(_level(rest, n) - month)[origins] for n in (3, 7, 14)] + [(month - _level(rest, 84))[origins]]
    plain = [np.broadcast_to(part[:, None], (len(origins), horizon)) for part in near]
    plain += [recent(rest, horizon, origins) - month[origins][:, None], *_last_year(rest, origins, horizon)]
    stacked = np.stack(plain, axis=2)
    fade = np.linspace(1, 0, horizon)[None, :, None]
    return np.concatenate((stacked, stacked * fade), axis=2)


def _last_year(rest: Rest, origins: Origins, horizon: int) -> list[Floats]:
    """How the same weeks of the year before stood against the four before them; 0 where that is not known."""
    target = origins[:, None] + np.arange(horizon) - YEAR
    moves = []
    for width in (3, 11):
        around = _level(rest, width)[np.clip(target + width // 2 + 1, 0, len(rest))]
        before = _level(rest, 28)[np.clip(origins - YEAR, 0, len(rest))][:, None]
        moves.append(np.where((origins[:, None] - YEAR >= 28), around - before, 0.0))
    return moves


def _level(rest: Rest, days: int) -> Floats:
    """(days + 1,): mean of the known values among the last `days` before each day, or the nearest earlier mean."""
    known = ~np.isnan(rest.values)
    weights = np.where(known, rest.weights, 0.0)
    total = np.concatenate(([0.0], np.cumsum(weights * np.where(known, rest.values, 0.0))))
    weight, number = (np.concatenate(([0], np.cumsum(part))) for part in (weights, known))
    start = np.maximum(np.arange(len(rest) + 1) - days, 0)
    some = number > number[start]
    mean = (total - total[start]) / np.where(some, weight - weight[start], 1.0)
    last = np.maximum.accumulate(np.where(some, np.arange(len(rest) + 1), 0))
    first = int(np.argmax(some))
    return np.asarray(mean[np.maximum(last, first)])
