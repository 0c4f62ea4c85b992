"""How good the forecast has been: remade at past origins with only what was known then.

*WAPE*: sum of absolute errors / sum of what came. *MASE*: mean absolute error / that of "as a week ago".
*Bias*: (forecast - truth) / truth; positive says too many. *Coverage*: share of the truth inside it. Where the clock
changes, an interval is measured as if shown once and a day by the hours that it had, on all sides.
"""

import msgspec
import numpy as np

from app.frame.i18n import _
from app.workforce.calendar import FARTHEST, Setting
from app.workforce.coldstart import NEEDED
from app.workforce.demand import Forecast, Stored, forecast, full_days
from app.workforce.errors import Floats, demand, is_whole
from app.workforce.history import History
from app.workforce.profile import totals
from app.workforce.record import came, shown_once


class Measure(msgspec.Struct, frozen=True):
    """Figures of one origin or of all; None where nothing came to measure against."""

    wape: float | None
    mase: float | None
    bias: float | None
    naive_wape: float | None  #: "as a week ago", to compare
    inside_80: float | None
    inside_95: float | None


class Row(msgspec.Struct, frozen=True):
    """One origin: the first day forecast, per interval and per day."""

    first: np.datetime64
    interval: Measure
    day: Measure


class Backtest(msgspec.Struct, frozen=True):
    """The table to show beside a forecast, its sums, and the forecasts to store for later intervals."""

    rows: tuple[Row, ...]
    interval: Measure
    day: Measure
    stored: tuple[Stored, ...]


class _Case(msgspec.Struct, frozen=True):
    """Truth, forecast, naive and bands over one horizon, (days, slots) or (days, 1)."""

    truth: Floats
    mean: Floats
    naive: Floats
    low: tuple[Floats, Floats]
    high: tuple[Floats, Floats]


def backtest(history: History, setting: Setting, days: int = 7, origins: int = 8, step: int = 7) -> Backtest:
    """Forecast `days` days at `origins` origins, `step` days apart, up to the end of the history. Intervals of each
    origin rest on the forecasts made before it, so the coverage is an honest one.

    No origin has less than four weeks before it: until then a forecast calls itself a first approximation, and its
    figures would tell of the first weeks of any office and not of the forecast that they are shown beside."""
    demand(is_whole(days) and 1 <= days <= FARTHEST, _("El horizonte va de 1 a 3660 días."), "days")
    for count, field in ((origins, "origins"), (step, "step")):
        demand(is_whole(count) and count > 0, _("El valor debe ser un número entero mayor que cero."), field)
    table = full_days(history)
    cuts = _cuts(table, days, origins, step)
    demand(bool(cuts), _("Para medir el pronóstico hacen falta al menos cinco semanas de historia."), "days")
    once = shown_once(table)
    stored: list[Stored] = []
    slots, sums = [], []
    for cut in cuts:
        made = forecast(_known(table, cut), setting, days, stored)
        stored.append(made.stored())
        slots.append(_slot_case(once, made, cut))
        sums.append(_day_case(table, once, made, cut))
    scale = _weekly_error(once), _weekly_error(totals(once, table.days)[:, None])
    rows = tuple(
        Row(table.days[cut], _measure([slot], scale[0]), _measure([day], scale[1]))
        for cut, slot, day in zip(cuts, slots, sums, strict=True)
    )
    return Backtest(rows, _measure(slots, scale[0]), _measure(sums, scale[1]), tuple(stored))


def _cuts(table: History, days: int, origins: int, step: int) -> list[int]:
    """Days known at each origin; none before the days that the model needs."""
    last = len(table.days) - days
    cuts = range(last, max(last - step * origins, 2 * NEEDED - 1), -step)
    known = np.cumsum(~np.isnan(table.counts).all(axis=1))
    return [cut for cut in cuts if known[cut - 1] >= NEEDED][::-1]


def _known(table: History, cut: int) -> History:
    return msgspec.structs.replace(table, days=table.days[:cut], counts=table.counts[:cut])


def _slot_case(once: Floats, made: Forecast, cut: int) -> _Case:
    days = len(made.days)
    truth, naive = once[cut : cut + days], _week_ago(once, cut, days)
    low, high = zip(*(made.bands[level] for level in (0.8, 0.95)), strict=True)
    return _Case(truth, made.mean, naive, low, high)


def _day_case(table: History, once: Floats, made: Forecast, cut: int) -> _Case:
    """Day totals. What came is measured against the hours that were forecast, so a half day counts as one."""
    full, days = totals(once, table.days)[:, None], len(made.days)
    hours = np.where(made.shown > 0, once[cut : cut + days] * made.shown, 0.0)
    truth = came(hours, made.mean * made.shown)[:, None]
    low, high = zip(*(made.total_bands[level] for level in (0.8, 0.95)), strict=True)
    naive = _week_ago(full, cut, days) * _longer(made)[:, None]
    low, high = tuple(x[:, None] for x in low), tuple(x[:, None] for x in high)
    return _Case(truth, made.totals[:, None], naive, low, high)


def _longer(made: Forecast) -> Floats:
    """(days,): contacts of the hours of that day, against those of a day that shows each once."""
    plain = made.mean.sum(axis=1)
    return np.divide(made.totals, plain, out=np.ones_like(plain), where=plain > 0)


def _week_ago(values: Floats, cut: int, days: int) -> Floats:
    """The last known week, repeated."""
    return values[cut - 7 + np.arange(days) % 7]


def _weekly_error(values: Floats) -> float:
    """Mean absolute change from week to week: the yardstick of MASE."""
    change = np.abs(values[7:] - values[:-7])
    return float(np.nanmean(change)) if not np.isnan(change).all() else 0.0


def _measure(cases: list[_Case], scale: float) -> Measure:
    truth, mean, naive = (
        np.concatenate([getattr(c, name).ravel() for c in cases]) for name in ("truth", "mean", "naive")
    )
    known, paired = ~np.isnan(truth), ~np.isnan(truth) & ~np.isnan(naive)
    came = float(truth[known].sum())
    if came <= 0:
        return Measure(None, None, None, None, None, None)
    wrong = mean[known] - truth[known]
    error, paired_sum = float(np.abs(wrong).sum()), float(truth[paired].sum())
    return Measure(
        wape=error / came,
        mase=error / float(known.sum()) / scale if scale else None,
        bias=float(wrong.sum()) / came,
        naive_wape=float(np.abs(naive - truth)[paired].sum()) / paired_sum if paired_sum else None,
        inside_80=_inside(cases, 0),
        inside_95=_inside(cases, 1),
    )


def _inside(cases: list[_Case], level: int) -> float | None:
    """Coverage over the intervals in which anything was expected."""
    hits = [((c.truth >= c.low[level]) & (c.truth <= c.high[level]))[~np.isnan(c.truth) & (c.mean > 0)] for c in cases]
    every = np.concatenate(hits)
    return float(every.mean()) if len(every) else None
