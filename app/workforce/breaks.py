"""Short breaks where they cost the least cover: one by one to the time with the most people to spare.

A shift's breaks follow its template (crew.py, Pauses), one in each equal part of it; those of the shortest shifts,
which have the fewest places to choose from, come first.
"""

from itertools import pairwise
from math import ceil

import msgspec
import numpy as np

from app.workforce.crew import Pauses, Week
from app.workforce.errors import Floats
from app.workforce.result import Result, Shift
from app.workforce.week_table import DAYS, Bools, Table, table

QUARTER = 15
DAY = 96  #: quarters


class Break(msgspec.Struct, frozen=True):
    """`start` in minutes of the shift's day."""

    person: int
    day: int
    start: int
    minutes: int = QUARTER


def place(week: Week, result: Result) -> list[Break]:
    """Breaks for every shift."""
    lay, found = table(week), list[Break]()
    serves = {person.id: line for person, line in zip(week.people, lay.serves, strict=True)}
    spare = _spare(lay, result, serves)
    for shift in sorted(result.shifts, key=lambda shift: shift.end - shift.start):
        found += _of_shift(lay, spare, shift, serves[shift.person])
    return found


def _spare(lay: Table, result: Result, serves: dict[int, Bools]) -> Floats:
    """(s, quarters) people beyond the need, per subset of skills; of the day after the week, whose need is not known,
    those at work."""
    need = np.repeat(lay.need, lay.week.interval // QUARTER, axis=1)
    spare = np.concatenate((-need, np.zeros((len(need), DAY))), axis=1)
    for shift in result.shifts:
        spare[serves[shift.person]] += _line(lay.week, shift)
    return spare


def _line(week: Week, shift: Shift) -> Floats:
    line, begin = np.zeros((DAYS + 1) * DAY), shift.day * DAY
    line[begin + shift.start // QUARTER : begin + shift.end // QUARTER] = 1
    if shift.meal is not None:
        meal = week.templates[shift.template].meal
        line[begin + shift.meal // QUARTER : begin + (shift.meal + meal) // QUARTER] = 0
    return line


def _of_shift(lay: Table, spare: Floats, shift: Shift, serves: Bools) -> list[Break]:
    template = lay.week.templates[shift.template]
    if not template.pauses.every:
        return []
    eaten = template.meal if shift.meal is not None else 0
    number = (shift.end - shift.start - eaten) // template.pauses.every
    parts = pairwise(np.linspace(shift.start, shift.end, number + 1).tolist())
    found = [_one(lay, spare, shift, serves, part) for part in parts]
    return [one for one in found if one is not None]


def _one(lay: Table, spare: Floats, shift: Shift, serves: Bools, part: tuple[float, float]) -> Break | None:
    """The time of this part that can best be spared; the nearest to its middle among equals."""
    pauses = lay.week.templates[shift.template].pauses
    quarters, middle = ceil(pauses.minutes / QUARTER), (sum(part) - pauses.minutes) / 2
    first = ceil(part[0] / QUARTER) * QUARTER
    begins = [q for q in range(first, ceil(part[1]), QUARTER) if _far(lay, shift, pauses, q)]
    if not begins:
        return None

    def left(begin: int) -> Floats:
        at = shift.day * DAY + begin // QUARTER
        return spare[serves, at : at + quarters]

    best = max(begins, key=lambda begin: (float(left(begin).min()), -abs(begin - middle)))
    at = shift.day * DAY + best // QUARTER
    spare[serves, at : at + quarters] -= 1
    return Break(shift.person, shift.day, best, pauses.minutes)


def _far(lay: Table, shift: Shift, pauses: Pauses, begin: int) -> bool:
    """Apart enough from the beginning, the end and the meal."""
    end = begin + pauses.minutes
    inside = shift.start + pauses.apart <= begin and end + pauses.apart <= shift.end
    if shift.meal is None:
        return inside
    meal_end = shift.meal + lay.week.templates[shift.template].meal
    return inside and (end + pauses.apart <= shift.meal or begin >= meal_end + pauses.apart)
