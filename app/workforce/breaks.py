"""Short breaks where they cost the least cover: one by one into the quarter hours with the most people to spare."""

from itertools import pairwise

import msgspec
import numpy as np

from app.workforce.crew import Week
from app.workforce.errors import Floats
from app.workforce.result import Result, Shift
from app.workforce.week_table import DAYS, Table, table

QUARTER = 15


class Rule(msgspec.Struct, frozen=True):
    """A quarter hour per `every` minutes of work, at least `apart` minutes from the beginning, the end and the meal."""

    every: int = 240
    apart: int = 45


class Break(msgspec.Struct, frozen=True):
    """`start` in minutes of the shift's day."""

    person: int
    day: int
    start: int


def place(week: Week, result: Result, rule: Rule | None = None) -> list[Break]:
    """Breaks for every shift; those with the fewest places to choose from first."""
    lay, found = table(week), list[Break]()
    spare = _spare(lay, week, result)
    for shift in sorted(result.shifts, key=lambda shift: shift.end - shift.start):
        found += _of_shift(lay, spare, shift, rule or Rule())
    return found


def _spare(lay: Table, week: Week, result: Result) -> Floats:
    """(s, quarters) people beyond the need, per subset of skills."""
    spare = -np.repeat(lay.need, week.interval // QUARTER, axis=1)
    for shift in result.shifts:
        spare[_serves(lay, shift)] += _line(week, shift)
    return spare


def _serves(lay: Table, shift: Shift) -> Floats:
    return lay.serves[[person.id for person in lay.week.people].index(shift.person)]


def _line(week: Week, shift: Shift) -> Floats:
    line = np.zeros((DAYS + 1) * 96)
    begin = shift.day * 96
    line[begin + shift.start // QUARTER : begin + shift.end // QUARTER] = 1
    if shift.meal is not None:
        meal = week.templates[shift.template].meal
        line[begin + shift.meal // QUARTER : begin + (shift.meal + meal) // QUARTER] = 0
    return line[: DAYS * 96]


def _of_shift(lay: Table, spare: Floats, shift: Shift, rule: Rule) -> list[Break]:
    """One break in each equal part of the shift."""
    meal = lay.week.templates[shift.template].meal if shift.meal is not None else 0
    number = (shift.end - shift.start - meal) // rule.every
    edges = np.linspace(shift.start, shift.end, number + 1)
    found = [_one(lay, spare, shift, rule, (a, b)) for a, b in pairwise(edges)]
    return [one for one in found if one is not None]


def _one(lay: Table, spare: Floats, shift: Shift, rule: Rule, part: tuple[float, float]) -> Break | None:
    """The quarter hour of this part that can best be spared; the nearest to its middle among equals."""
    middle = sum(part) / 2
    quarters = [q for q in range(int(part[0]), int(part[1]), QUARTER) if _far(lay, shift, rule, q)]
    serves = _serves(lay, shift)
    if not quarters:
        return None
    lines = {q: shift.day * 96 + q // QUARTER for q in quarters if shift.day * 96 + q // QUARTER < spare.shape[1]}
    best = max(lines, key=lambda q: (float(spare[serves, lines[q]].min()), -abs(q - middle)), default=None)
    if best is None:
        return None
    spare[serves, lines[best]] -= 1
    return Break(shift.person, shift.day, best)


def _far(lay: Table, shift: Shift, rule: Rule, start: int) -> bool:
    """Apart enough from the beginning, the end and the meal."""
    inside = shift.start + rule.apart <= start and start + QUARTER + rule.apart <= shift.end
    if shift.meal is None:
        return inside
    meal_end = shift.meal + lay.week.templates[shift.template].meal
    return inside and (start + QUARTER + rule.apart <= shift.meal or start >= meal_end + rule.apart)
