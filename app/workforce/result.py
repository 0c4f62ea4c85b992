"""A finished roster: who works when, what is missing and why, how near to the best."""

import time

import msgspec
import numpy as np

from app.workforce.best_week import Roster
from app.workforce.crew import Choice, Week
from app.workforce.least_missing import unavoidable
from app.workforce.shortage import Shortage, shortage
from app.workforce.week_table import lacking, missing


class Shift(msgspec.Struct, frozen=True):
    """One person's day; minutes from that day's midnight, `meal` and `breaks` are beginnings."""

    person: int
    day: int
    template: int
    start: int
    end: int
    meal: int | None = None


class Result(msgspec.Struct, frozen=True):
    """`missing` and `idle` per interval of the week; `bound` is what no roster can go below, None where not known.
    Where not `least_known`, `shortage.unavoidable` is 0 only because the time was over."""

    shifts: tuple[Shift, ...]
    objective: float
    bound: float | None
    missing: tuple[int, ...]
    idle: tuple[int, ...]
    shortage: Shortage
    seconds: float
    first_s: float
    least_known: bool = True

    @property
    def gap(self) -> float | None:
        return None if self.bound is None else gap_between(self.objective, self.bound)


def gap_between(objective: float, bound: float) -> float:
    """Share of the objective that might still be won."""
    return max(0.0, objective - bound) / max(abs(objective), 1e-9)


def told(roster: Roster, bound: float | None, begun: float, first_s: float, patience_s: float) -> Result:
    """The roster as it stands; the search began at `begun` (monotonic seconds), the first answer stood `first_s` later.
    What no roster could cover is looked for as long as `patience_s`, and may stay unknown."""
    lay = roster.lay
    short = missing(lay, roster.cover)
    busy = sum((roster.at_work(rows) for rows in roster.rows), np.zeros(len(short)))
    idle = np.rint(busy - lay.need[-1] + short).astype(int)
    least = unavoidable(lay, round(float(lacking(lay, roster.cover).sum())), patience_s)
    why = shortage(roster, least or 0)
    return Result(
        shifts=tuple(shifts_of(roster)),
        objective=roster.price(),
        bound=bound,
        missing=tuple(np.rint(short).astype(int).tolist()),
        idle=tuple(idle.tolist()),
        shortage=why,
        seconds=time.monotonic() - begun,
        first_s=first_s,
        least_known=least is not None,
    )


def shifts_of(roster: Roster) -> list[Shift]:
    """Everybody's, as they stand."""
    week = roster.lay.week
    return [
        _shift(week, person.id, day, Choice(*row))
        for person, rows in zip(week.people, roster.rows, strict=True)
        for day, row in enumerate(rows)
        if row is not None
    ]


def _shift(week: Week, person: int, day: int, choice: Choice) -> Shift:
    template = week.templates[choice.template]
    meal = template.start + template.meals[choice.meal] if template.meals else None
    return Shift(person, day, choice.template, template.start, template.start + template.length, meal)
