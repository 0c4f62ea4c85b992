"""Overtime of a person's week: no more days with it, and no more minutes of it, than the law allows.

What passes the longest day is limited here; what passes the longest week besides is limited with the contract, which
is never longer than the legal week with its overtime. So both together never pass it either.
"""

from math import gcd

import numpy as np

from app.workforce.week_table import DAYS, Bools, Ints, Table


def axis(lay: Table, person: int) -> tuple[Ints, Bools]:
    """For best_week.py: how far each shift goes along an axis of overtime (k,), and which of its places are lawful. As
    short as may be: where a limit cannot be reached it is not counted."""
    labour = lay.week.labour
    days, minutes = _days_bind(lay, person), minutes_bind(lay, person)
    if not minutes:
        return (lay.over & days).astype(int), np.ones(labour.overtime_days + 1 if days else 1, np.bool_)
    step = gcd(*lay.beyond[lay.over].tolist())
    far, most = lay.beyond // step, labour.overtime_week // step
    if not days:
        return far, np.ones(most + 1, np.bool_)
    width = most + 1 + int(far.max())  # so that too many minutes are no further day
    return lay.over * width + far, np.arange((labour.overtime_days + 1) * width) % width <= most


def minutes_bind(lay: Table, person: int) -> bool:
    """Whether the longest shifts of as many days as there may be pass the overtime of a week."""
    longest = np.where(lay.allowed[person], lay.beyond, 0).max(axis=1)
    days = min(_most_days(lay), lay.week.labour.overtime_days)
    return bool(np.sort(longest)[::-1][:days].sum() > lay.week.labour.overtime_week)


def _days_bind(lay: Table, person: int) -> bool:
    days = int(lay.allowed[person][:, lay.over].any(axis=1).sum())
    return min(days, _most_days(lay)) > lay.week.labour.overtime_days


def _most_days(lay: Table) -> int:
    """Days of a week that can be worked at all, with a day of rest after each run."""
    return DAYS - DAYS // (lay.week.labour.run_days + 1)
