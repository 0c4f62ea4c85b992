"""Hours that the office began or ceased to answer: what came in them before says nothing of a day's shape now.

The mean shape of many weeks takes as many to forget that there were no evenings. Where a slot was silent on every day
of some weeks and has calls since, or had calls and is silent since, by more than chance (Poisson) explains, the days
before are not known for that slot. Working days are looked at together, Saturdays and Sundays each alone.
"""

import numpy as np
from numpy.typing import NDArray

from app.workforce.calendar import Days, weekdays
from app.workforce.errors import Floats

BACK = 84  #: days alike that are looked at
SILENT = 10  #: days of silence before calls that begin
SINCE = 3, 5  #: days since calls began, since they ceased
CALLS = 5.0  #: contacts since the first day of them, lest two strays are taken for an opening
SURE = 13.8  #: contacts that should have come in the silence: by chance one in a million
_GROUPS = (range(5), (5,), (6,))


def settled_hours(counts: Floats, days: Days) -> Floats:
    """(days, slots) with NaN where a slot was of other opening hours than now."""
    if counts.shape[1] == 1:
        return counts
    found = counts.copy()
    active = np.nan_to_num(counts).sum(axis=1) > 0
    for group in _GROUPS:
        alike = np.flatnonzero(active & np.isin(weekdays(days), group))
        for slot in range(counts.shape[1]):
            known = alike[~np.isnan(counts[alike, slot])][-BACK:]
            since = _since(counts[known, slot])
            if since:
                found[alike[alike < known[since]], slot] = np.nan
    return found


def _since(came: Floats) -> int:
    """Place of the first day of the present hours; 0 if they did not move."""
    calls = np.flatnonzero(came > 0)
    if not len(calls):
        return 0
    quiet = len(came) - 1 - int(calls[-1])
    return _ceased(came, quiet) if quiet >= SINCE[1] else _began(came, calls)


def _ceased(came: Floats, quiet: int) -> int:
    before = came[:-quiet][-30:]
    return len(came) - quiet if len(before) >= SILENT and before.mean() * quiet >= SURE else 0


def _began(came: Floats, calls: NDArray[np.int64]) -> int:
    """The first call after the newest long silence."""
    silence = np.diff(calls, prepend=-1) - 1
    long = np.flatnonzero(silence >= SILENT)
    if not len(long):
        return 0
    first = int(calls[long[-1]])
    since = came[first + 1 :]  # the first was chosen for being one
    enough = len(since) + 1 >= SINCE[0] and since.sum() >= CALLS and since.mean() * silence[long[-1]] >= SURE
    return first if enough else 0
