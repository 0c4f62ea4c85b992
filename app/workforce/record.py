"""The errors that the intervals rest on: of forecasts really made, or, until there are enough, of forecasts remade."""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.workforce.calendar import weekdays
from app.workforce.conformal import ORIGINS, scores
from app.workforce.daily import DaysAhead
from app.workforce.errors import Floats
from app.workforce.history import History, exposure
from app.workforce.profile import ENOUGH

EVERY, WEEKS = 60, 60  #: newest stored forecasts that count each; weeks back of which older ones count, one a week


class Stored(msgspec.Struct, frozen=True):
    """A forecast as it was made: its first day, and contacts per (day, slot)."""

    first: np.datetime64
    mean: Floats


class Scores(msgspec.Struct, frozen=True):
    """Errors in units (conformal.unit): day totals (origins, horizon) and slots (origins, horizon, slots), with the
    forecasts `means` of these.

    `firsts`: the first day of each origin, counted from any day. `real`: the forecasts were really made."""

    day: Floats
    slot: Floats
    firsts: NDArray[np.int64]
    means: Floats
    real: bool = False


def of_stored(past: Sequence[Stored], table: History, horizon: int) -> Scores | None:
    """Errors of the forecasts really made (those of another interval length do not compare); None until ORIGINS of them
    have met the truth."""
    alike = [stored for stored in past if stored.mean.shape[1:] == (table.slots,)]
    once = shown_once(table)
    made = [_met(stored, table, once, horizon) for stored in _remembered(alike)]
    met = [one for one in made if not np.isnan(one.day).all()]
    if len(met) < ORIGINS:
        return None
    firsts = np.concatenate([one.firsts for one in met])
    day, slot, means = (np.stack([getattr(one, part) for one in met]) for part in ("day", "slot", "means"))
    return Scores(day, slot, firsts, means, real=True)


def _remembered(past: Sequence[Stored]) -> list[Stored]:
    """The newest, rising; and from before them the last of each week of a year and some, for an office that stores one
    every day remembers as far back as one that does so every week."""
    rising = sorted(past, key=lambda stored: stored.first)
    older, newest = rising[:-EVERY], rising[-EVERY:]
    weekly = {int((newest[-1].first - stored.first).astype(int)) // 7: stored for stored in older}
    return [stored for weeks, stored in weekly.items() if weeks < WEEKS] + newest


def shown_once(table: History) -> Floats:
    """Contacts of each slot had the clock shown it once, as a forecast's `mean` counts them; NaN where it never did.
    Of two showings the history holds the mean, and of an interval that the clock cut short what came in it."""
    shown = exposure(table.days, table.interval_s, table.timezone)
    times = np.minimum(shown, 1.0)
    return np.divide(table.counts, times, out=np.full(shown.shape, np.nan), where=shown > 0)


def _met(stored: Stored, table: History, once: Floats, horizon: int) -> Scores:
    """One stored forecast against what came, both of a day that shows each slot once; closed days and slots (mean zero)
    do not count."""
    mean = np.zeros((horizon, table.slots))
    rows = stored.mean[:horizon]
    mean[: len(rows)] = rows
    first = int((stored.first - table.days[0]).astype(int))
    truth = _at(once, first + np.arange(horizon))
    totals = mean.sum(axis=1)
    day = scores(came(truth, mean), np.where(totals > 0, totals, np.nan))
    return Scores(day, scores(truth, np.where(mean > 0, mean, np.nan)), np.array([first]), mean)


def came(counts: Floats, mean: Floats) -> Floats:
    """(days,): contacts of each day; hours that are not known stand for what share of the forecast they had, and a day
    with under ENOUGH of its forecast known is not known."""
    known = ~np.isnan(counts)
    totals = mean.sum(axis=1)
    seen = np.where(totals > 0, (mean * known).sum(axis=1) / np.maximum(totals, 1e-9), known.all(axis=1))
    sums = np.nansum(counts, axis=1)
    return np.where(seen >= ENOUGH, sums / np.where(seen > 1 - 1e-9, 1.0, np.maximum(seen, ENOUGH)), np.nan)


def _at(values: Floats, index: NDArray[np.int64]) -> Floats:
    """values[index] along the days, NaN outside."""
    inside = (index >= 0) & (index < len(values))
    taken = values[np.clip(index, 0, len(values) - 1)]
    return np.where(inside.reshape(inside.shape + (1,) * (taken.ndim - inside.ndim)), taken, np.nan)


def remade(model: DaysAhead, table: History, full: Floats, week: Floats) -> Scores:
    """Errors of the model at its own past origins, of which it knew more than it would have known then."""
    trials, errors = model.blend.trials, model.blend.errors
    index = trials[:, None] + np.arange(errors.shape[1])
    truth = _at(full, index)
    made = np.maximum(np.expm1(np.log1p(truth) - errors), 0.0)
    shape = week[weekdays(table.days)[np.minimum(index, len(full) - 1)]]
    means = made[:, :, None] * shape
    slot = scores(_at(shown_once(table), index), np.where(shape > 0, means, np.nan))
    return Scores(scores(truth, made), slot, trials, means)
