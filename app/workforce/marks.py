"""What payroll must know of a roster: Sundays, nights, overtime."""

import msgspec

from app.workforce.crew import Week
from app.workforce.labour import kind
from app.workforce.result import Result, Shift


class Mark(msgspec.Struct, frozen=True):
    """`what` is sunday, night, mixed or overtime; `minutes` those concerned, `extra` the share of pay added."""

    person: int
    day: int
    what: str
    minutes: int
    extra: float = 0.0


def marks(week: Week, result: Result) -> list[Mark]:
    """Every mark of every shift."""
    return [mark for shift in result.shifts for mark in _of_shift(week, shift)]


def _of_shift(week: Week, shift: Shift) -> list[Mark]:
    meal = week.templates[shift.template].meal if shift.meal is not None else 0
    worked = shift.end - shift.start - meal
    own = kind(week.labour, shift.start, shift.end)
    found = [] if own == "day" else [Mark(shift.person, shift.day, own, worked)]
    if (shift.day + week.weekday) % 7 == 6:
        found.append(Mark(shift.person, shift.day, "sunday", worked, week.labour.sunday_extra))
    over = worked - week.labour.longest_day[own]
    return [*found, Mark(shift.person, shift.day, "overtime", over)] if over > 0 else found
