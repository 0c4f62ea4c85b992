"""Which hard rule or contract a person's week breaks: asked of the weeks that no solver made."""

from itertools import pairwise

from app.workforce.best_week import Rows
from app.workforce.day_of_rest import longest_run
from app.workforce.week_table import Table, weekend


def broken(lay: Table, person: int, rows: Rows) -> str:
    """The first of availability, hours, weekend, overtime, overtime_week, rest and run that is; empty if none."""
    who, free = lay.week.people[person], weekend(lay.week)
    worked = [(day, row[0]) for day, row in enumerate(rows) if row is not None]
    if not all(lay.allowed[person, day, k] for day, k in worked):
        return "availability"
    if sum(int(lay.units[k]) for _day, k in worked) > lay.whole(who.most):
        return "hours"
    if sum(bool(free[day]) for day, _k in worked) > who.weekend_days:
        return "weekend"
    if sum(bool(lay.over[k]) for _day, k in worked) > lay.week.labour.overtime_days:
        return "overtime"
    if sum(int(lay.beyond[k]) for _day, k in worked) > lay.week.labour.overtime_week:
        return "overtime_week"
    if any(b - a == 1 and not lay.rests[k, after] for (a, k), (b, after) in pairwise(worked)):
        return "rest"
    return "run" if longest_run(lay, person, rows) > lay.week.labour.run_days else ""
