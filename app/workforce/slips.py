"""Figures of the first weeks that are slips of the pen or a test of the lines, for which there is no past yet to tell.

Later the regression (daylevel.py) and the shapes (profile.py) see to it. Here a day counts as wild which has several
times what a usual working day has, while neither its neighbours nor another of its weekday do; a slot, which has
several times what any other slot of its day has.
"""

import numpy as np

from app.workforce.calendar import Bools, Days, weekdays
from app.workforce.errors import Floats

TIMES = 3.0  #: what the usual working day has, beyond which a day is wild
CHANCE = 6.0  #: standard deviations of chance (Poisson) that it must be beyond, too
WORKING_DAYS = 3  #: from which a usual one is known
SLOT_TIMES, SLOTS = 8.0, 6  #: the second greatest of a day's slots, of which there must be some


def wild_days(days: Days, totals: Floats) -> Bools:
    """Which totals (NaN where unknown) say nothing of the days to come."""
    weekday = weekdays(days)
    working = totals[(weekday < 5) & (totals > 0)]
    if len(working) < WORKING_DAYS:
        return np.zeros(len(days), np.bool_)
    usual = float(np.median(working))
    wild = np.nan_to_num(totals) > TIMES * usual + CHANCE * np.sqrt(usual)
    beside = np.append(wild[1:], False) | np.append(False, wild[:-1])
    again = np.bincount(weekday, wild, minlength=7)[weekday] > 1
    return np.asarray(wild & ~beside & ~again)


def without_slips(counts: Floats) -> Floats:
    """(days, slots), NaN where unknown: a slot of its own on a day of many has as much as the next one."""
    known = np.sort(np.nan_to_num(counts), axis=1)
    if counts.shape[1] < SLOTS:
        return counts
    second, many = known[:, -2], (known > 0).sum(axis=1) >= SLOTS
    most = np.where(many, SLOT_TIMES * second + CHANCE * np.sqrt(second), np.inf)
    return np.where(counts > most[:, None], second[:, None], counts)
