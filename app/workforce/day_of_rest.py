"""The weekly day of rest is one of 24 hours: a free day after a night that ended in it, and before a dawn, is none.

The law gives a day of absolute rest after six of work (CR art. 152, MX art. 69). A free day with less than WHOLE_REST
from the end before it to the next beginning leaves the days in a row unbroken: worked ones count on, it does not. Two
free days are always enough, as no shift ends later than the day after its own.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, pairwise, product

from app.workforce.best_week import Rows
from app.workforce.labour import DAY_MIN, WHOLE_REST
from app.workforce.week_table import DAYS, Table, restful_since

Columns = list[int]
Line = tuple[Columns, list[float], float]  #: columns, factors, limit from above


def longest_run(lay: Table, person: int, rows: Rows) -> int:
    """Days worked without a day of rest between them, those of last week among them."""
    who = lay.week.people[person]
    longest, run, free, end = 0, who.run_before, False, -who.ended_before
    for day, row in enumerate(rows):
        if row is None:
            free = True
            continue
        if free and day * DAY_MIN + int(lay.starts[row[0]]) - end >= WHOLE_REST:
            run = 0
        run, free, end = run + 1, False, day * DAY_MIN + int(lay.ends[row[0]])
        longest = max(longest, run)
    return longest


def limits(lay: Table, person: int, days: list[dict[int, int]]) -> Iterator[Line]:
    """For the solver, whose `days` are columns by template: where every free day of a stretch is too short to be one of
    rest, no more days are worked than a run may have. A free day that is long enough, or worked, makes room for one
    more than there are."""
    most, who = lay.week.labour.run_days, lay.week.people[person]
    short = {day: pairs for day in range(DAYS - 1) if (pairs := _pairs(lay, person, day, days))}
    for number in range(1, len(short) + 1):
        for free in combinations(short, number):
            if any(b - a == 1 for a, b in pairwise(free)):
                continue
            for begin in range(-min(who.run_before, most), DAYS - most - number):
                if begin < free[0] and free[-1] < begin + most + number:
                    yield from _stretch(begin, begin + most + number, {day: short[day] for day in free}, days, most)


def _stretch(
    begin: int, end: int, free: dict[int, list[Columns]], days: list[dict[int, int]], most: int
) -> Iterator[Line]:
    """From day `begin` to day `end`; what was worked before the week is no column."""
    worked = [column for day in range(max(begin, 0), end + 1) if day not in free for column in days[day].values()]
    idle = [column for day in free for column in days[day].values()]
    limit = most + 2 * len(free) + min(begin, 0) - (0 in free)
    for around in product(*free.values()):
        factors = Counter([*worked, *(column for columns in around for column in columns)])
        factors.subtract(idle)
        yield list(factors), [float(factor) for factor in factors.values()], limit


def _pairs(lay: Table, person: int, day: int, days: list[dict[int, int]]) -> list[Columns]:
    """For each end on the evening before the free `day`: those who end then or later, and the shifts of the day after
    that come too early for it to be one of rest."""
    if day == 0:
        early = [column for k, column in days[1].items() if not restful_since(lay, person)[k]]
        return [early] if early and lay.week.people[person].run_before else []
    found, today, after = [], days[day - 1], days[day + 1]
    for last in {int(lay.ends[k]): k for k in today}.values():
        early = [column for k, column in after.items() if not lay.restful[last, k]]
        late = [column for k, column in today.items() if lay.ends[k] >= lay.ends[last]]
        if early:
            found.append(late + early)
    return found
