"""A day of rest is one of 24 hours: for the best week, the solver and fixed shifts, against every week there is."""

from itertools import product

import msgspec
import numpy as np
import pytest

from app.workforce.best_week import Roster, Rows, best_week
from app.workforce.crew import Choice, Person, Template, Week
from app.workforce.errors import BadInput
from app.workforce.labour import CR
from app.workforce.result import Shift
from app.workforce.roster_mip import Question
from app.workforce.rosters import solve
from app.workforce.rules import broken
from app.workforce.week_table import DAYS, table
from tests.workforce.checker import breaches, of_person

SHIFTS = (Template("night", 1320, 360), Template("dawn", 0, 300), Template("dark", 1140, 600))
STRICT = msgspec.structs.replace(CR, longest_day={**CR.longest_day, "night": 600}, pause_after=1440)
NEED = {"a": (1,) * 336}


def asked(fixed: dict[int, Choice | None], run_before: int = 5, ended_before: int = 1080) -> Week:
    who = Person(1, ("a",), most=2880, run_before=run_before, ended_before=ended_before, fixed=fixed)
    return Week(NEED, (who,), SHIFTS, STRICT, seconds=0.5)


def test_it_works() -> None:
    """Twenty hours between a night and a dawn, after six days of work, are none; thirty-two are."""
    with pytest.raises(BadInput, match="lunes y el miércoles no hay un descanso de 24 horas"):
        solve(asked({0: Choice(0), 1: None, 2: Choice(1)}))
    later = asked({0: Choice(0), 1: None, 2: Choice(0)})
    result = solve(later)
    assert breaches(later, result) == []
    assert {0, 2} <= {shift.day for shift in result.shifts}


def test_where_no_rest_is_due_a_short_free_day_is_no_matter() -> None:
    week = asked({0: Choice(0), 1: None, 2: Choice(1)}, run_before=0)
    result = solve(week)
    assert breaches(week, result) == []
    assert {0, 2} <= {shift.day for shift in result.shifts}


def test_the_night_that_last_week_ended_counts() -> None:
    """It ended at four on Monday, after six days; at midnight it is Tuesday, and at ten in the evening late enough."""
    with pytest.raises(BadInput, match="24 horas"):
        solve(asked({0: None, 1: Choice(1)}, run_before=6, ended_before=-240))
    later = asked({0: None, 1: Choice(0)}, run_before=6, ended_before=-240)
    assert breaches(later, solve(later)) == []


def office(seed: int) -> Week:
    """One who is needed at random, and whose nights and dawns are many."""
    rng = np.random.default_rng(seed)
    need = tuple(rng.integers(0, 2, 336).tolist())
    labour = msgspec.structs.replace(
        STRICT, run_days=int(rng.integers(1, 5)), rest_between=int(rng.integers(1, 9)) * 60
    )
    before, ended = int(rng.integers(0, 5)), int(rng.integers(-360, 600))
    who = Person(1, ("a",), most=2880, weekend_days=2, run_before=before, ended_before=ended)
    shifts = SHIFTS if seed % 2 else (*SHIFTS[:2], Template("noon", 720, 420))
    return Week({"a": need}, (who,), shifts, labour, seconds=0.2, seed=seed)


@pytest.mark.parametrize("seed", range(12))
def test_best_week_and_solver_find_the_best_of_all_weeks(seed: int) -> None:
    """Every week of three shifts, 4^7."""
    week = office(seed)
    roster = Roster(table(week))
    rows, _worth = best_week(roster, 0)
    roster.put(0, rows)
    assert not broken(roster.lay, 0, rows)
    every = (list(one) for one in product((None, (0, 0), (1, 0), (2, 0)), repeat=DAYS))
    best = min(_price(roster, one) for one in every if not broken(roster.lay, 0, one))
    assert roster.price() == pytest.approx(best)
    answer = Question(Roster(roster.lay), [0]).ask(10.0, 0.0)
    assert answer.rows is not None
    assert not broken(roster.lay, 0, answer.rows[0])
    assert _price(roster, answer.rows[0]) == pytest.approx(best)


@pytest.mark.parametrize("seed", range(4))
def test_the_rule_is_the_checkers(seed: int) -> None:
    week = office(seed)
    lay, rng = table(week), np.random.default_rng(seed)
    for _time in range(300):
        rows: Rows = [None if k == 3 else (int(k), 0) for k in rng.integers(0, 4, DAYS)]
        assert bool(broken(lay, 0, rows)) == (not _lawful(week, rows))


def _price(roster: Roster, rows: Rows) -> float:
    alone = Roster(roster.lay)
    alone.put(0, rows)
    return alone.price()


def _lawful(week: Week, rows: Rows) -> bool:
    shifts = [
        Shift(1, day, row[0], template.start, template.start + template.length)
        for day, row in enumerate(rows)
        if row is not None and (template := week.templates[row[0]])
    ]
    return not of_person(week, week.people[0], shifts)
