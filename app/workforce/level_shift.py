"""A level that moved from one day to the next: a new line, a lost client, a branch that opened.

Smoothing unlearns the old level for weeks. Where the days before and after some day of the last weeks differ by far
more than their own noise, and at once rather than little by little, the days before are brought to the new level, the
more of the way the longer it has held; so everything learnt from them stands on the new one. Days of the usual size
must show it too: a busy weekend where weekends are quiet is a large step of a small day, and no new level. Nor are
three or four days: of 209 such steps on sixty public series eight stayed.
"""

import msgspec
import numpy as np

from app.workforce.calendar import Bools
from app.workforce.errors import Floats

BACK = 42  #: days in which a shift is looked for, and days before it that it is measured against
WEEK = 7
FIRST = 5  #: days at the new level until it is believed at all
STILL = 3  #: newest days, which must show it too, as must its first day
BEFORE = 14  #: known days before it, at the least
SURE = 7.0  #: standard errors between the levels; a shift is a strong claim among many candidates
TOGETHER = 1.4  #: times that errors which go together from day to day make the mean of some less sure
LEAST = 0.12  #: log; smaller shifts are left to the members
CLEAR = 0.6  #: part of it that its first day, first week and newest days show, and days of the usual size
HALF_WAY = 2.0  #: days at the new level that move the past half of the way
FULL_SIZE = 0.75  #: part of a usual day's contacts from which a day shows the level by itself
LATELY = 84  #: days of which a usual one is the median
QUIET = 0.03  #: the least noise of a day (log)


class LevelShift(msgspec.Struct, frozen=True):
    """The first day of the new level; how far it is from the old one and the week after from the week before (log); how
    sure that is; and for how many days it is known."""

    day: int
    by: float
    step: float
    sureness: float
    known_days: int


def settled(rest: Floats, found: LevelShift | None) -> Floats:
    """`rest` (log, NaN where unknown) with the days before a shift brought to the level after it."""
    if found is None:
        return rest
    moved = rest.copy()
    moved[: found.day] += found.by * found.known_days / (found.known_days + HALF_WAY)
    return moved


def newest(rest: Floats, calendar: Floats | None = None) -> LevelShift | None:
    """The sharpest of the shifts of the last weeks that are sure enough. `calendar`: log effect of each day's place in
    it, which tells small days from those of the usual size; without it all are of one size."""
    usual = _usual_size(rest, np.zeros(len(rest)) if calendar is None else calendar)
    days = range(max(len(rest) - BACK, BEFORE), len(rest) - FIRST + 1)
    sure = [shift for day in days if (shift := _at(rest, day)) and shift.sureness >= SURE]
    shown = [shift for shift in sure if _shown_by(usual, rest, shift)]
    return max(shown, key=lambda shift: abs(shift.step), default=None)


def typical(calendar: Floats, known: Bools) -> float:
    """The usual size (log) of the last LATELY known days: a whole season may be quiet. 0 if none is known."""
    return float(np.median(calendar[known][-LATELY:])) if known.any() else 0.0


def _usual_size(rest: Floats, calendar: Floats) -> Bools:
    """Known days of FULL_SIZE of a usual one, or more."""
    known = ~np.isnan(rest)
    return np.asarray(known & (calendar >= typical(calendar, known) + np.log(FULL_SIZE)))


def _shown_by(usual: Bools, rest: Floats, shift: LevelShift) -> bool:
    before, after = rest[max(shift.day - BACK, 0) : shift.day], rest[shift.day :][usual[shift.day :]]
    if not len(after):
        return False
    moved = float(np.median(after)) - float(np.nanmedian(before))
    return moved * np.sign(shift.by) >= CLEAR * abs(shift.by)


def _at(rest: Floats, day: int) -> LevelShift | None:
    before, after = rest[max(day - BACK, 0) : day], rest[day:]
    before, after = before[~np.isnan(before)], after[~np.isnan(after)]
    if len(before) < BEFORE or len(after) < FIRST:
        return None
    old = float(np.median(before))
    by = float(np.median(after)) - old
    near = min(WEEK, len(after))
    step = float(after[:near].mean() - before[-near:].mean())
    begun, still = float(after[0]) - old, float(after[-STILL:].mean()) - old
    if abs(by) < LEAST or min(part * np.sign(by) for part in (step, begun, still)) < CLEAR * abs(by):
        return None
    return LevelShift(day, by, step, abs(by) / (TOGETHER * _standard_error(before, after)), len(after))


def _standard_error(before: Floats, after: Floats) -> float:
    """Of the distance of the means, by robust spreads; of few days the spread is not known."""
    sizes = np.array([len(before), len(after)])
    spreads = np.array([_spread(before), _spread(after) if len(after) > STILL + 1 else _spread(before)])
    noise = max(float(np.sqrt((sizes * spreads**2).sum() / sizes.sum())), QUIET)
    return noise * float(np.sqrt((1 / sizes).sum()))


def _spread(values: Floats) -> float:
    """Standard deviation by the median absolute deviation."""
    return 1.4826 * float(np.median(np.abs(values - np.median(values))))
