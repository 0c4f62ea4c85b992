"""What payroll must know of a roster: Sundays, nights, overtime.

Overtime is what passes the longest day of the shift's kind (CR art. 136, MX art. 61), and what passes the longest week,
each hour counting as its part of its own kind's week (labour.py). An hour is not counted as both.
"""

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from app.workforce.crew import Week
from app.workforce.labour import DAY_MIN, kind, weighed
from app.workforce.result import Result, Shift

SUNDAY = 6


class Mark(msgspec.Struct, frozen=True):
    """`what` is sunday, night, mixed or overtime; `minutes` those concerned, `extra` the share of pay added."""

    person: int
    day: int
    what: str
    minutes: int
    extra: float = 0.0


def marks(week: Week, result: Result) -> list[Mark]:
    """Every mark of every shift, person by person and day by day."""
    shifts = defaultdict(list)
    for shift in sorted(result.shifts, key=lambda shift: shift.day):
        shifts[shift.person].append(shift)
    return [mark for mine in shifts.values() for mark in _of_person(week, mine)]


def _of_person(week: Week, shifts: list[Shift]) -> Iterator[Mark]:
    counted = 0.0
    for shift in shifts:
        own = kind(week.labour, shift.start, shift.end)
        worked = _worked(week, shift, shift.start, shift.end)
        if own != "day":
            yield Mark(shift.person, shift.day, own, worked)
        if sunday := _on_sunday(week, shift):
            yield Mark(shift.person, shift.day, "sunday", sunday, week.labour.sunday_extra)
        long_day = max(0, worked - week.labour.longest_day[own])
        weight = float(weighed(week.labour, shift.start, shift.end, worked) / worked)
        before, counted = counted, counted + (worked - long_day) * weight
        long_week = _beyond(before, counted, week.labour.longest_week["day"]) / weight
        if over := long_day + round(long_week):
            yield Mark(shift.person, shift.day, "overtime", over, week.labour.overtime_extra)


def _beyond(before: float, after: float, most: int) -> float:
    return max(0.0, after - max(before, most))


def _on_sunday(week: Week, shift: Shift) -> int:
    """Minutes of work that lie on a Sunday, also of a night that begins or ends there."""
    begins = [day * DAY_MIN for day in (0, 1) if (shift.day + week.weekday + day) % 7 == SUNDAY]
    return sum(_worked(week, shift, begin, begin + DAY_MIN) for begin in begins)


def _worked(week: Week, shift: Shift, begin: int, end: int) -> int:
    """Minutes of work within [begin, end) of the shift's day."""
    at_work = _within(shift.start, shift.end, begin, end)
    if shift.meal is None:
        return at_work
    return at_work - _within(shift.meal, shift.meal + week.templates[shift.template].meal, begin, end)


def _within(start: int, stop: int, begin: int, end: int) -> int:
    return max(0, min(stop, end) - max(start, begin))
