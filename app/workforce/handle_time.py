"""How long a contact will take: a level, times weekday, times hour, each as sure as its contacts are many."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.frame.i18n import _
from app.workforce.calendar import FARTHEST, Days, weekdays
from app.workforce.errors import BadInput, Floats, demand, is_whole, readings
from app.workforce.history import GREATEST
from app.workforce.level_shift import newest, settled
from app.workforce.mending import HOLE_DAYS
from app.workforce.stamps import SPAN

HALF_LIFE_DAYS = 14.0
KEEP = 80.0  #: contacts with which a weekday or an hour speaks half for itself
AROUND = 14  #: days before and after a day that it is measured against
BELIEVED = 5  #: days at a new level; a fault of the clock may last for some
REACH = 0.4  #: log; a day further from the usual of the last weeks is a fault of the clock and counts as this far
ODD = 4.0  #: an interval's mean beyond so many times the usual is taken as that (a forgotten open call)


class HandleTime(msgspec.Struct, frozen=True):
    """`mean_s[d, s]` for the days ahead, and the parts that it is the product of. `notes`: what was mended."""

    days: Days
    mean_s: Floats
    level_s: float
    weekday: Floats
    slot: Floats
    notes: tuple[str, ...] = ()


def handle_times(
    days: Days | Sequence[date] | Sequence[str], contacts: ArrayLike, mean_s: ArrayLike, ahead: int = 14
) -> HandleTime:
    """From past contacts and mean seconds (days, slots; NaN where none) to the next `ahead` days after the newest."""
    given, came, lasted_s = _days(days), _figures(contacts, "contacts"), _figures(mean_s, "handle_s")
    alike = came.shape == lasted_s.shape and len(given) == len(came) and came.ndim == 2
    demand(alike, _("Las listas no tienen el mismo largo."), "handle_s")
    demand(is_whole(ahead) and 1 <= ahead <= FARTHEST, _("El horizonte va de 1 a 3660 días."), "ahead")
    demand(bool(((came > 0) & (lasted_s > 0)).any()), _("No hay duraciones de las que aprender."), "handle_s")
    notes: list[str] = []
    days, came, lasted_s = _day_by_day(given, came, lasted_s, notes)
    known = (came > 0) & (lasted_s > 0)
    calls, lasted = np.where(known, came, 0.0), _tamed(np.where(known, lasted_s, np.nan))
    slow = calls * 0.5 ** (np.arange(len(days))[::-1] / (6 * HALF_LIFE_DAYS))[:, None]
    weekday, slot = _shape(weekdays(days), slow, lasted)
    plain = weekday[weekdays(days)][:, None] * slot
    level = _level(calls, lasted / plain)
    future = days[-1] + 1 + np.arange(ahead)
    mean = level * weekday[weekdays(future)][:, None] * slot
    return HandleTime(future, mean, level, weekday, slot, tuple(notes))


def _days(days: Days | Sequence[date] | Sequence[str]) -> Days:
    """Dates, ISO texts or datetime64."""
    try:
        ready = isinstance(days, np.ndarray) and days.dtype.kind == "M"
        read = np.asarray(days if ready else [_day(day) for day in days], dtype="datetime64[D]")
    except (ValueError, TypeError, OverflowError) as error:
        raise BadInput(_("Hay una fecha que no se entiende."), field="days") from error
    demand(read.ndim == 1 and not np.isnat(read).any(), _("Hay una fecha que no se entiende."), "days")
    believable = bool(((SPAN[0] <= read) & (read < SPAN[1])).all())
    demand(believable, _("Hay una fecha fuera de los años 1900 a 2199."), "days")
    return read


def _day(day: object) -> np.datetime64:
    plain = datetime.fromisoformat(day) if isinstance(day, str) else day
    if isinstance(plain, np.datetime64):
        return plain.astype("datetime64[D]")
    if not isinstance(plain, date):
        raise TypeError(day)
    return np.datetime64(plain.date() if isinstance(plain, datetime) else plain, "D")


def _figures(values: ArrayLike, field: str) -> Floats:
    array = readings(values, field)
    demand(not (array > GREATEST).any(), _("Hay un valor demasiado grande."), field)
    return array


def _day_by_day(days: Days, came: Floats, lasted_s: Floats, notes: list[str]) -> tuple[Days, Floats, Floats]:
    """In order and one row a day, those not given unknown; of what a hole of nearly a year parts, the newer."""
    if (np.diff(days) < np.timedelta64(0, "D")).any():
        notes.append(_("Los datos no estaban en orden: se ordenaron."))
    every, times = np.unique(days, return_counts=True)
    twice = str(every[np.argmax(times)])
    demand(bool((times == 1).all()), _("Hay dos filas para el mismo día (%(day)s).", day=twice), "days")
    told = np.sort(days[((came > 0) & (lasted_s > 0)).any(axis=1)])
    first = _after_hole(every[0], told, notes)
    whole, used = np.arange(first, every[-1] + 1), days >= first
    tables = np.full((2, len(whole), came.shape[1]), np.nan)
    tables[:, (days[used] - first).astype(int)] = came[used], lasted_s[used]
    return whole, tables[0], tables[1]


def _after_hole(first: np.datetime64, told: Days, notes: list[str]) -> np.datetime64:
    """The day to begin with, as history.py does for contacts: what was before a hole says nothing about today."""
    holes = np.flatnonzero(np.diff(told) > np.timedelta64(HOLE_DAYS, "D"))
    if not len(holes):
        return first
    notes.append(_("Falta casi un año de datos: solo se usa lo que hay después."))
    return told[holes[-1] + 1]


def _level(calls: Floats, plain_s: Floats) -> float:
    """Recent days count more; those before a level that moved at once (a new system) stand on the new one."""
    sizes = calls.sum(axis=1)
    daily = np.full(len(sizes), np.nan)
    np.divide(np.nansum(calls * plain_s, axis=1), sizes, out=daily, where=sizes > 0)
    found = newest(np.log(daily))
    rest = settled(np.log(daily), found if found and found.known_days >= BELIEVED else None)
    usual = float(np.nanmedian(rest[~np.isnan(rest)][-2 * AROUND :]))
    rest = np.clip(rest, usual - REACH, usual + REACH)
    age = np.maximum(np.flatnonzero(sizes)[-1] - np.arange(len(sizes)), 0)  # from the newest known, however long ago
    weight = sizes * 0.5 ** (age / HALF_LIFE_DAYS)
    return float(np.nansum(weight * np.exp(rest)) / weight.sum())


def _tamed(lasted: Floats) -> Floats:
    usual = float(np.nanmedian(lasted))
    return np.clip(lasted, usual / ODD, usual * ODD)


def _shape(weekday: NDArray[np.int64], weight: Floats, lasted: Floats) -> tuple[Floats, Floats]:
    """Factors of seven weekdays and of the slots, by turns, against the moving level of their own days."""
    week, slot = np.ones(7), np.ones(weight.shape[1])
    relative = np.nan_to_num(lasted / _daily(weight, lasted)[:, None])
    for _round in range(3):
        by_slot = weight * week[weekday][:, None]
        slot = _pulled((weight * relative).sum(axis=0), by_slot.sum(axis=0))
        by_day = (weight * slot).sum(axis=1)
        sums = np.bincount(weekday, (weight * relative).sum(axis=1), minlength=7).astype(float)
        week = _pulled(sums, np.bincount(weekday, by_day, minlength=7).astype(float))
    return week, slot


def _daily(weight: Floats, lasted: Floats) -> Floats:
    """Each day's surrounding four weeks: what the day is measured against, so that a drift is not read as a pattern."""
    sums, sizes = np.nansum(weight * np.nan_to_num(lasted), axis=1), weight.sum(axis=1)
    around, here = np.ones(2 * AROUND + 1), slice(AROUND, AROUND + len(sums))
    return np.convolve(sums, around)[here] / np.maximum(np.convolve(sizes, around)[here], 1e-9)


def _pulled(sums: Floats, sizes: Floats) -> Floats:
    """Ratio of sums, pulled towards one by KEEP contacts."""
    return (sums + KEEP) / (sizes + KEEP)
