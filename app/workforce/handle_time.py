"""How long a contact will take: a level, times weekday, times hour, each as sure as its contacts are many."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.frame.i18n import _
from app.workforce.calendar import Days, weekdays
from app.workforce.errors import Floats, demand

HALF_LIFE_DAYS = 14.0
KEEP = 80.0  #: contacts with which a weekday or an hour speaks half for itself
ODD = 4.0  #: an interval's mean beyond so many times the usual is taken as that (a forgotten open call)


class HandleTime(msgspec.Struct, frozen=True):
    """`mean_s[d, s]` for the days ahead, and the parts that it is the product of."""

    days: Days
    mean_s: Floats
    level_s: float
    weekday: Floats
    slot: Floats


def handle_times(days: Days, contacts: Floats, mean_s: Floats, ahead: int = 14) -> HandleTime:
    """From past contacts and mean seconds (days, slots; NaN where none) to the next `ahead` days."""
    demand(
        contacts.shape == mean_s.shape and len(days) == len(contacts),
        _("Las listas no tienen el mismo largo."),
        "handle_s",
    )
    known = (contacts > 0) & (mean_s > 0)
    demand(bool(known.any()), _("No hay duraciones de las que aprender."), "handle_s")
    calls, lasted = np.where(known, contacts, 0.0), _tamed(np.where(known, mean_s, np.nan))
    weight = calls * 0.5 ** (np.arange(len(days))[::-1] / HALF_LIFE_DAYS)[:, None]
    slow = calls * 0.5 ** (np.arange(len(days))[::-1] / (6 * HALF_LIFE_DAYS))[:, None]
    weekday, slot = _shape(weekdays(days), slow, lasted)
    plain = weekday[weekdays(days)][:, None] * slot
    level = float(np.nansum(weight * lasted / plain) / weight.sum())
    future = days[-1] + 1 + np.arange(ahead)
    return HandleTime(future, level * weekday[weekdays(future)][:, None] * slot, level, weekday, slot)


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
    box = np.ones(min(29, 2 * len(sums) - 1))
    return np.convolve(sums, box, "same") / np.maximum(np.convolve(sizes, box, "same"), 1e-9)


def _pulled(sums: Floats, sizes: Floats) -> Floats:
    """Ratio of sums, pulled towards one by KEEP contacts."""
    return (sums + KEEP) / (sizes + KEEP)
