"""The question for the solver, whole and of some shifts only."""

import pytest

from app.workforce.best_week import Roster, best_week
from app.workforce.roster_mip import Key, Question
from app.workforce.week_table import table
from tests.workforce.crews import office


@pytest.mark.parametrize("seed", range(3))
def test_the_shifts_of_the_linear_question_are_few_and_good(seed: int) -> None:
    """A question of them alone keeps to them, stays between the bound and the roster that stood, and breaks nothing."""
    roster = Roster(table(office(12, seed, tightness=0.8)))
    for person in range(12):
        roster.put(person, best_week(roster, person)[0])
    before, stood = roster.price(), shifts_of(roster)
    relaxed = Question(roster, range(12)).relaxed(10)
    answer = Question(roster, range(12), only=relaxed.shifts).ask(0.4, 1e-3)
    assert answer.rows is not None
    for person, rows in answer.rows.items():
        roster.put(person, rows)
    assert shifts_of(roster) <= relaxed.shifts | stood
    assert len(relaxed.shifts) < roster.lay.allowed.sum() / 2
    assert relaxed.bound - roster.lay.need[-1].sum() * roster.lay.week.prices.over <= roster.price() + 1e-6
    assert roster.price() <= before + 1e-6


def shifts_of(roster: Roster) -> set[Key]:
    return {(p, d, row[0]) for p, rows in enumerate(roster.rows) for d, row in enumerate(rows) if row is not None}
