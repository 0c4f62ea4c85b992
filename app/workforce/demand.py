"""The forecast: from rows to contacts per interval, with intervals, day totals and the reasons.

A day model (daily.py) times a profile per weekday (profile.py), intervals from past errors (conformal.py). Measured
against the truth by backtest.py; beside.py gives the two together, as they are shown.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.frame.i18n import _
from app.workforce.calendar import (
    FARTHEST,
    Bools,
    Days,
    Setting,
    check_setting,
    cut_short,
    open_slots,
    special_days,
    weekdays,
)
from app.workforce.coldstart import NEEDED, early_days
from app.workforce.conformal import LEVELS, Widths, adapted, band, of_remade, widths
from app.workforce.daily import DaysAhead, ahead, closed_days
from app.workforce.drivers import Driver, first_reasons, reasons
from app.workforce.errors import Floats, demand, is_whole, number, readings
from app.workforce.history import History, check_interval, clock_slots, exposure, other_zone, starts, zone
from app.workforce.hours_moved import settled_hours
from app.workforce.profile import ENOUGH, Manner, best_shapes, shapes, template, totals
from app.workforce.record import Scores, Stored, of_stored, remade
from app.workforce.slips import wild_days, without_slips
from app.workforce.spread import Spread

Band = dict[float, tuple[Floats, Floats]]
FEW_DAYS = 28
ENOUGH_OF_HALF = 0.15  #: share of a full day that the open hours of a half day must have to tell of it
EARLY_DAY, EARLY_SLOT = 3.4, 1.8  #: half-widths at 80 %, in units, while too little is known to measure them


class Forecast(msgspec.Struct, frozen=True):
    """`mean[d, s]` per wall-clock slot; `bands[level]` (lower, upper) alike; totals per day with their own bands.

    `shown[d, s]`: how often the clock shows the slot that day (0 or 2 when the clock changes); totals count it so.
    `notes` are sentences: what was mended, how little is known."""

    days: Days
    interval_s: int
    timezone: str
    mean: Floats
    bands: Band
    totals: Floats
    total_bands: Band
    shown: Floats
    drivers: tuple[tuple[Driver, ...], ...]
    weights: dict[str, float]
    notes: tuple[str, ...]

    def stored(self) -> Stored:
        """What to keep, so that later intervals rest on forecasts that were really made."""
        return Stored(self.days[0], self.mean)

    def moments(self) -> tuple[list[datetime], NDArray[np.int64]]:
        """True intervals in UTC and their place in mean.ravel(): a repeated hour comes twice, a skipped one never."""
        begins: list[datetime] = []
        places: list[NDArray[np.int64]] = []
        slots = self.mean.shape[1]
        for d, day in enumerate(self.days):
            instants = starts(day, self.interval_s, self.timezone)
            begins += instants
            places.append(d * slots + clock_slots(instants, self.interval_s, zone(self.timezone)))
        return begins, np.concatenate(places)


class _Parts(msgspec.Struct, frozen=True):
    """Full-day totals, shapes per weekday and past scores, from the model or from the rules of the first weeks."""

    days: Days
    full: Floats
    closed: Bools
    week: Floats
    scores: Scores
    known: int
    model: DaysAhead | None = None


def forecast(
    history: History, setting: Setting, days: int = 14, past: Sequence[Stored] = (), guess: float = 0.0
) -> Forecast:
    """The next `days` days after the last full day of the history. `past` are stored earlier forecasts, oldest first;
    `guess` (contacts per open day) stands in while there is no history."""
    demand(is_whole(days) and 1 <= days <= FARTHEST, _("El horizonte va de 1 a 3660 días."), "days")
    demand(number(guess, "guess") >= 0, _("Un valor no puede ser negativo."), "guess")
    check_setting(setting)
    readings(history.counts, "y")
    table = full_days(history)
    usual, full = _as_full_days(table, setting)
    known = int((~np.isnan(full)).sum())
    wild = wild_days(table.days, full) if known < FEW_DAYS else np.zeros(len(full), np.bool_)
    full = np.where(wild, np.nan, full)
    parts = _modelled(usual, full, setting, days) if known >= NEEDED else _early(usual, full, setting, days, guess)
    record = of_stored(past, table, days)
    parts = msgspec.structs.replace(parts, scores=record) if record else parts
    notes = (
        *history.notes,
        *_set_aside(table.days[wild]),
        *other_zone(history, setting.timezone, parts.days),
        *_notes(known, record is not None),
        *_moved(parts, table),
        *_unheard(parts, table, setting),
    )
    return _assembled(parts, table, setting, notes)


def nothing_yet(first: np.datetime64, interval_s: int, timezone: str) -> History:
    """The history of an office that opens on `first`: one day of which nothing is known."""
    check_interval(interval_s, "interval_s")
    yesterday = np.array([first - 1], dtype="datetime64[D]")
    return History(yesterday, np.full((1, 86_400 // interval_s), np.nan), interval_s, timezone)


def full_days(history: History) -> History:
    """Without a last day that is still going on."""
    blank = np.isnan(history.counts).all()
    if history.slots == 1 or blank or not np.isnan(history.counts[-1, -1]):
        return history
    unfinished = np.isnan(totals(history.counts, history.days)[-1]) or _stops_early(history)
    if unfinished and len(history.days) == 1:
        return nothing_yet(history.days[0], history.interval_s, history.timezone)
    end = len(history.days) - int(unfinished)
    return msgspec.structs.replace(history, days=history.days[:end], counts=history.counts[:end])


def _as_full_days(table: History, setting: Setting) -> tuple[History, Floats]:
    """The closed hours of half days, and those of other opening hours than now, as unknown, not as zeros; and what full
    days would have had."""
    closed = cut_short(table.days, table.slots, setting)
    counts = np.where(closed & (table.slots > 1), np.nan, table.counts)
    counts = without_slips(counts) if len(table.days) < FEW_DAYS else counts
    enough = np.where(closed.any(axis=1), ENOUGH_OF_HALF, ENOUGH)
    full = totals(counts, table.days, enough)
    return msgspec.structs.replace(table, counts=settled_hours(counts, table.days)), full


def _stops_early(history: History) -> bool:
    """Whether the last day ends well before the days like it did."""
    alike = weekdays(history.days) == weekdays(history.days)[-1]
    if alike.sum() < 2:  # the first week: as the days before it
        alike = np.ones(len(history.days), np.bool_)
    lasts = [int(np.flatnonzero(~np.isnan(row))[-1]) for row in history.counts[alike] if not np.isnan(row).all()]
    return len(lasts) > 1 and lasts[-1] < float(np.median(lasts[:-1])) - 3600 / history.interval_s


def _modelled(table: History, full: Floats, setting: Setting, days: int) -> _Parts:
    model = ahead(table.days, full, setting, days, _signs(table, full))
    week = best_shapes(table.counts, table.days, full)
    expected = np.where(model.closed, 0.0, model.mean)
    known = int((~np.isnan(full)).sum())
    return _Parts(model.days, expected, model.closed, week, remade(model, table, full, week), known, model)


def _signs(table: History, full: Floats) -> Floats:
    """Totals as far as they tell whether anybody was there: of a day that is known in part, what is known of it."""
    seen = np.nansum(table.counts, axis=1)
    return np.where(np.isnan(full) & (seen > 0), seen, full)


def _early(table: History, full: Floats, setting: Setting, days: int, guess: float) -> _Parts:
    """Fewer than NEEDED days: rules instead of a model, wide intervals instead of measured ones."""
    blank = bool(np.isnan(full).all())
    demand(not blank or guess > 0, _("Sin historia hace falta una estimación de contactos por día."), "guess")
    every = table.days[0] + np.arange(len(table.days) + days)
    closed, future = closed_days(every, _signs(table, full), setting)[-days:], every[-days:]
    expected = early_days(table.days, full, future, closed, guess, special_days(table.days, setting))
    nothing = np.full((1, days, table.slots), np.nan)
    unknown = Scores(nothing[..., 0], nothing, np.zeros(1, np.int64), nothing)
    return _Parts(future, expected, closed, _early_week(table, full, setting), unknown, 0)


def _early_week(table: History, full: Floats, setting: Setting) -> Floats:
    """What was seen of the shape of a day, leaning on the common shape over the opening hours."""
    monday = np.datetime64("2024-01-01") + np.arange(7)
    bare = msgspec.structs.replace(setting, specials=())
    opened = open_slots(monday, table.slots, bare)
    opened[~opened.any(axis=1)] = opened.any(axis=0)  # should it open once, then as on other days
    common = template(table.slots, opened)
    if np.isnan(full).all():
        return common
    seen = shapes(table.counts, table.days, full, Manner(lean=30, blur=0.8))
    trust = 1 - 0.5 ** float((~np.isnan(full)).sum())
    return trust * seen + (1 - trust) * common


def _assembled(parts: _Parts, table: History, setting: Setting, notes: tuple[str, ...]) -> Forecast:
    days = len(parts.days)
    shown = exposure(parts.days, table.interval_s, table.timezone)
    opened = _open_parts(parts.days, table, setting)
    mean = parts.full[:, None] * parts.week[weekdays(parts.days)] * opened
    sums = (mean * shown).sum(axis=1)
    day_width, slot_width, spread = _widths(parts, days)
    bands = {level: _clear(band(mean, slot_width[level][:, None] * spread.at(mean)), mean) for level in LEVELS}
    total_bands = {level: _clear(band(sums, day_width[level]), sums) for level in LEVELS}
    return Forecast(
        days=parts.days,
        interval_s=table.interval_s,
        timezone=table.timezone,
        mean=mean,
        bands=bands if table.slots > 1 else _as_rows(total_bands),
        totals=sums,
        total_bands=total_bands,
        shown=shown,
        drivers=_told(parts, sums),
        weights=parts.model.blend.weights if parts.model else {},
        notes=notes,
    )


def _told(parts: _Parts, totals: Floats) -> tuple[tuple[Driver, ...], ...]:
    if parts.model:
        return reasons(parts.model, totals)
    return first_reasons(parts.days, parts.full, parts.closed, totals)


def _open_parts(days: Days, table: History, setting: Setting) -> Floats:
    """(days, slots): 1 where open. Daily data do not tell hours: there a half day of a name not met before, of which
    nothing is learnt, is the part that a common day has in its hours."""
    opened = open_slots(days, table.slots, setting).astype(float)
    met = {special.name for special in setting.specials if np.datetime64(special.day) <= table.days[-1]}
    halves = [np.datetime64(s.day) for s in setting.specials if s.hours and s.name not in met]
    if table.slots > 1 or not halves:
        return opened
    common = template(24, open_slots(days, 24, msgspec.structs.replace(setting, specials=())))
    share = (common * open_slots(days, 24, setting)).sum(axis=1, keepdims=True)
    return np.where(np.isin(days, halves)[:, None] & (share > 0), opened * share, opened)


def _as_rows(bands: Band) -> Band:
    """Daily data: the only slot of a day is the day."""
    return {level: (low[:, None], high[:, None]) for level, (low, high) in bands.items()}


def _clear(ends: tuple[Floats, Floats], mean: Floats) -> tuple[Floats, Floats]:
    """Where nothing can come (closed), nothing is uncertain."""
    return np.where(mean > 0, ends[0], 0.0), np.where(mean > 0, ends[1], 0.0)


def _widths(parts: _Parts, days: int) -> tuple[Widths, Widths, Spread]:
    """Half-widths in units for totals and for slots, these to be multiplied by a spread."""
    made = parts.scores
    if np.isnan(made.day).all():
        return _by_rule(EARLY_DAY, days), _by_rule(EARLY_SLOT, days), Spread.of(made.means, made.slot)
    spread = Spread.of(made.means, made.slot)
    slots = made.slot / spread.at(made.means)
    if made.real:
        return adapted(made.day, made.firsts, days), adapted(slots, made.firsts, days), spread
    # the chance of a single slot's counts is there whatever the model knew
    return of_remade(made.day, made.firsts, days, parts.known), widths(slots, made.firsts, days), spread


def _by_rule(narrow: float, days: int) -> Widths:
    return {level: np.full(days, narrow * times) for level, times in zip(LEVELS, (1.0, 2.2), strict=True)}


def _set_aside(days: Days) -> list[str]:
    return [_("El %(day)s tuvo varias veces lo de un día normal: no se toma en cuenta.", day=str(day)) for day in days]


def _notes(known: int, recorded: bool) -> list[str]:
    notes = []
    if known < FEW_DAYS:
        notes.append(_("Hay pocos datos: el pronóstico es una primera aproximación y los intervalos son anchos."))
    if not recorded:
        notes.append(_("Los intervalos aún no se apoyan en pronósticos anteriores guardados."))
    return notes


def _unheard(parts: _Parts, table: History, setting: Setting) -> list[str]:
    """Campaigns of which the history tells nothing: nobody should think that they are in the figures."""
    met = {special.name for special in setting.specials if np.datetime64(special.day) in table.days and parts.model}
    coming = {s.name for s in setting.specials if s.hours is None and np.datetime64(s.day) in parts.days}
    return [
        _("De «%(name)s» no hay antecedentes: el pronóstico no cuenta con su efecto.", name=name)
        for name in sorted(coming - met)
    ]


def _moved(parts: _Parts, table: History) -> list[str]:
    """So that somebody who knows better can say so."""
    moved = parts.model.moved if parts.model else None
    if moved is None:
        return []
    said = _("Desde el %(day)s el nivel es otro (%(change)+.0f %%): el pronóstico parte de él.",
             day=str(table.days[moved.day]), change=100 * float(np.expm1(moved.by)))  # fmt: skip
    return [said]
