"""The same roster, shared more evenly: people of the same skills change a day's shifts where that costs nothing.

The search prices late shifts and weekend days by those of the weeks before; within the week it does not mind who has
them all. Here each late shift or weekend day goes to somebody who has fewer of them, as long as both may and the
roster's price does not rise.
"""

import time

import numpy as np

from app.workforce.best_week import Roster, Rows
from app.workforce.rules import broken
from app.workforce.week_table import DAYS, Table, weekend

SECONDS = 0.5


def even_out(roster: Roster, seconds: float = SECONDS) -> None:
    """In place, until nothing helps or the time is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and any(_shared(roster, day, until) for day in range(DAYS)):
        pass


def _shared(roster: Roster, day: int, until: float) -> bool:
    """Whether any two changed their shifts of this day."""
    changed = False
    for giver, rows in enumerate(roster.rows):
        row = rows[day]
        if row is None or time.monotonic() > until:
            continue
        if roster.lay.late[row[0]] or weekend(roster.lay.week)[day]:
            changed = any(_swapped(roster, giver, taker, day) for taker in _alike(roster, giver)) or changed
    return changed


def _alike(roster: Roster, giver: int) -> list[int]:
    """Those with the same skills, who have least first."""
    same = np.flatnonzero((roster.lay.serves == roster.lay.serves[giver]).all(axis=1)).tolist()
    return sorted((p for p in same if p != giver), key=lambda p: _burden(roster.lay, roster.rows[p]))


def _swapped(roster: Roster, giver: int, taker: int, day: int) -> bool:
    lay, people = roster.lay, (giver, taker)
    if any(day in lay.week.people[person].fixed for person in people):
        return False
    before = tuple(roster.rows[person] for person in people)
    after = tuple([*rows[:day], other[day], *rows[day + 1 :]] for rows, other in zip(before, before[::-1], strict=True))
    if sum(_burden(lay, rows) for rows in after) >= sum(_burden(lay, rows) for rows in before):
        return False
    if any(broken(lay, person, rows) for person, rows in zip(people, after, strict=True)):
        return False
    if _cost(roster, people, after) > _cost(roster, people, before) + 1e-9:
        return False
    for person, rows in zip(people, after, strict=True):
        roster.put(person, rows)
    return True


def _cost(roster: Roster, people: tuple[int, ...], weeks: tuple[Rows, ...]) -> float:
    """What differs between two rosters of the same cover."""
    return sum(roster.personal(person, rows) for person, rows in zip(people, weeks, strict=True))


def _burden(lay: Table, rows: Rows) -> int:
    """Each further late shift or weekend day weighs once more than the one before."""
    free = weekend(lay.week)
    late = sum(row is not None and bool(lay.late[row[0]]) for row in rows)
    weekends = sum(row is not None and bool(free[day]) for day, row in enumerate(rows))
    return late * (late + 1) // 2 + weekends * (weekends + 1) // 2
