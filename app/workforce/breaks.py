"""Short breaks where they cost the least cover: one by one to the time with the most people to spare, and again once
the others are known.

A shift's breaks follow its template (crew.py, Pauses), one in each equal part of it; those of the shortest shifts,
which have the fewest places to choose from, come first.
"""

from collections.abc import Iterator
from itertools import pairwise
from math import ceil

import msgspec
import numpy as np

from app.workforce.crew import Week
from app.workforce.errors import Floats
from app.workforce.result import Result, Shift
from app.workforce.week_table import DAYS, Bools, Ints, Table, table

QUARTER = 15
DAY = 96  #: quarters
AGAIN = 5  #: times that all are placed anew, at most


class Break(msgspec.Struct, frozen=True):
    """`start` in minutes of the shift's day."""

    person: int
    day: int
    start: int
    minutes: int = QUARTER


class _Place(msgspec.Struct, frozen=True):
    """A break to be placed: where it may begin, in minutes of the shift's day, best first among equals."""

    shift: Shift
    serves: Bools
    minutes: int
    begins: tuple[int, ...]


def place(week: Week, result: Result) -> list[Break]:
    """Breaks for every shift, by person and day."""
    lay = table(week)
    serves = {person.id: line for person, line in zip(week.people, lay.serves, strict=True)}
    spare = _spare(lay, result, serves)
    places = [one for shift in _shortest_first(result) for one in _of_shift(week, shift, serves[shift.person])]
    chosen = [_take(spare, one) for one in places]
    for _again in range(AGAIN):
        before = list(chosen)
        for number, one in enumerate(places):
            _give(spare, one, chosen[number])
            chosen[number] = _take(spare, one)
        if chosen == before:
            break
    found = [Break(one.shift.person, one.shift.day, at, one.minutes) for one, at in zip(places, chosen, strict=True)]
    return sorted(found, key=lambda one: (one.person, one.day, one.start))


def _shortest_first(result: Result) -> list[Shift]:
    return sorted(result.shifts, key=lambda shift: shift.end - shift.start)


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


def _of_shift(week: Week, shift: Shift, serves: Bools) -> Iterator[_Place]:
    """None where a break fits nowhere."""
    template = week.templates[shift.template]
    pauses, eaten = template.pauses, template.meal if shift.meal is not None else 0
    number = (shift.end - shift.start - eaten) // pauses.every if pauses.every else 0
    for part in pairwise(np.linspace(shift.start, shift.end, number + 1).tolist()):
        begins = _begins(week, shift, part, pauses.apart / 2) or _begins(week, shift, part, 0)
        if begins:
            yield _Place(shift, serves, pauses.minutes, begins)


def _begins(week: Week, shift: Shift, part: tuple[float, float], margin: float) -> tuple[int, ...]:
    """Within the part of the shift, `margin` minutes from the next one's breaks; the nearest to its middle first."""
    minutes = week.templates[shift.template].pauses.minutes
    middle, first = (sum(part) - minutes) / 2, ceil((part[0] + margin) / QUARTER) * QUARTER
    within = range(first, int(part[1] - margin - minutes) + 1, QUARTER)
    return tuple(sorted((at for at in within if _far(week, shift, at)), key=lambda at: abs(at - middle)))


def _take(spare: Floats, one: _Place) -> int:
    """The time that can best be spared; the nearest to the middle of its part among equals."""
    best = max(one.begins, key=lambda begin: _left(spare, one, begin))
    spare[_where(one, best)] -= 1
    return best


def _give(spare: Floats, one: _Place, begin: int) -> None:
    spare[_where(one, begin)] += 1


def _left(spare: Floats, one: _Place, begin: int) -> tuple[float, float]:
    """Quarters that nobody would lack, and then people to spare in the worst."""
    people = spare[_where(one, begin)].min(axis=0)
    return float((people >= 1).sum() - len(people)), float(people.min())


def _where(one: _Place, begin: int) -> tuple[Ints, ...]:
    """Rows and columns of `spare`."""
    at = one.shift.day * DAY + begin // QUARTER
    return np.ix_(np.flatnonzero(one.serves), np.arange(at, at + ceil(one.minutes / QUARTER)))


def _far(week: Week, shift: Shift, begin: int) -> bool:
    """Apart enough from the beginning, the end and the meal."""
    template = week.templates[shift.template]
    apart, end = template.pauses.apart, begin + template.pauses.minutes
    inside = shift.start + apart <= begin and end + apart <= shift.end
    if shift.meal is None:
        return inside
    return inside and (end + apart <= shift.meal or begin >= shift.meal + template.meal + apart)
