"""A bound from whole weeks: what no roster can go below, whatever mix of its people's possible weeks it were.

An interval is given a price, everybody answers with the best week at those prices (best_week.py, exact), and a linear
program over the weeks known so far sets the prices anew, until nobody has a better week to offer: column generation
(Dantzig and Wolfe 1960; for rosters Jaumard, Semet and Vovor 1998). Unlike the relaxation of the shifts one by one it
knows that a week is a week: rest, weekends and contracts are kept in full.
"""

import time
from collections.abc import Callable

import highspy
import numpy as np

from app.workforce.best_week import Roster, Rows, best_at
from app.workforce.errors import Floats
from app.workforce.week_table import Ints

FREE = highspy.kHighsInf
NONE = np.empty(0)
EPSILON = 1e-6


class _Mix:
    """The linear program: rows are intervals per subset of skills, and one week for everybody; columns are weeks."""

    def __init__(self, roster: Roster) -> None:
        self.roster, self.lay = roster, roster.lay
        self.program = highspy.Highs()
        for name, value in {"output_flag": False, "threads": 1}.items():
            self.program.setOptionValue(name, value)
        self.needs = np.argwhere(self.lay.need > 0)
        for subset, t in self.needs:
            self._row(float(self.lay.need[subset, t]), FREE)
        for _person in roster.rows:
            self._row(1.0, 1.0)
        prices = self.lay.week.prices
        for t in np.unique(self.needs[:, 1]):
            self._column(prices.under + prices.over, np.flatnonzero(self.needs[:, 1] == t))

    def _row(self, low: float, high: float) -> None:
        self.program.addRow(low, high, 0, NONE.astype(np.int32), NONE)

    def _column(self, cost: float, rows: Ints) -> None:
        self.program.addCol(cost, 0.0, FREE, len(rows), rows.astype(np.int32), np.ones(len(rows)))

    def add(self, person: int, rows: Rows) -> None:
        line = self.roster.at_work(rows)
        covers = self.lay.serves[person][self.needs[:, 0]] & (line[self.needs[:, 1]] > 0)
        cost = self.roster.personal(person, rows) + self.lay.week.prices.over * float(line.sum())
        self._column(cost, np.append(np.flatnonzero(covers), len(self.needs) + person))

    def priced(self) -> tuple[float, Floats, Floats]:
        """Objective; what one more person of each subset is worth in each interval (s, t); each person's price."""
        self.program.run()
        duals = np.array(self.program.getSolution().row_dual)
        worth = np.zeros_like(self.lay.need)
        worth[self.needs[:, 0], self.needs[:, 1]] = duals[: len(self.needs)]
        return float(self.program.getInfo().objective_function_value), worth, duals[len(self.needs) :]


def least(roster: Roster, seconds: float, stopped: Callable[[], bool]) -> float:
    """The bound on the objective, without its constant; begins from the weeks of the roster that stands. The longer it
    may take, the higher."""
    until, best = time.monotonic() + seconds, -np.inf
    mix = _Mix(roster)
    for person, rows in enumerate(roster.rows):
        mix.add(person, rows)
    while time.monotonic() < until and not stopped():
        objective, worth, paid = mix.priced()
        missing = [_offered(mix, person, worth, float(paid[person])) for person in range(len(roster.rows))]
        best = max(best, objective + sum(missing))
        if not any(missing):
            break
    return best


def _offered(mix: _Mix, person: int, worth: Floats, paid: float) -> float:
    """This person's best week joins the mix; how much it undercuts the weeks in it, 0 if it does not."""
    lay = mix.lay
    gain = worth[lay.serves[person]].sum(axis=0) - lay.week.prices.over
    rows, value = best_at(lay, person, gain)
    undercut = -value - paid
    if undercut > -EPSILON:
        return 0.0
    mix.add(person, rows)
    return undercut
