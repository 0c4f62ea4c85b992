"""Late shifts, weekends and what people like: shared within the week and with the weeks before."""

from collections import Counter

import msgspec
import pytest

from app.workforce.best_week import Roster
from app.workforce.crew import Person, Template, Week
from app.workforce.evened import even_out
from app.workforce.replan import choices
from app.workforce.result import Result
from app.workforce.rosters import solve
from app.workforce.rules import broken
from app.workforce.week_table import table
from tests.workforce.checker import breaches
from tests.workforce.crews import office

EARLY, LATE = Template("T6", 360, 480, (240,), 60), Template("T13", 780, 480, (240,), 60)


def week(*people: Person, days: tuple[int, ...] = (0, 2, 4, 6), late: bool = True) -> Week:
    """On some days one person early and, if so asked, one late; they do not overlap."""
    hours = range(12, 42) if late else range(12, 26)
    need = {"a": tuple(int(t // 48 in days and t % 48 in hours) for t in range(336))}
    return Week(need, people, (EARLY, LATE), seconds=3.0)


def two(**second: object) -> tuple[Person, Person]:
    """Two who may do the same, and how the second differs."""
    return Person(1, ("a",)), msgspec.structs.replace(Person(2, ("a",)), **second)


def lates(result: Result) -> Counter[int]:
    return Counter(shift.person for shift in result.shifts if shift.template == 1)


def on_weekends(result: Result) -> Counter[int]:
    return Counter(shift.person for shift in result.shifts if shift.day >= 5)


def test_it_works() -> None:
    """Four late shifts and two people: two each."""
    asked = week(*two())
    result = solve(asked)
    assert breaches(asked, result) == []
    assert lates(result) == {1: 2, 2: 2}


def test_who_had_many_late_shifts_has_fewer() -> None:
    result = solve(week(*two(late_before=5)))
    assert lates(result)[1] > lates(result)[2]


def test_weekend_days_are_shared() -> None:
    result = solve(week(*two(), days=(5, 6), late=False))
    assert on_weekends(result) == {1: 1, 2: 1}


def test_who_worked_many_weekends_has_this_one_free() -> None:
    result = solve(week(*two(weekends_before=3), days=(6,), late=False))
    assert on_weekends(result) == {1: 1}


@pytest.mark.parametrize("disliked", [0, 1])
def test_who_dislikes_a_shift_gets_the_other(disliked: int) -> None:
    result = solve(week(*two(dislikes={disliked: 2.0})))
    mine = Counter(shift.template for shift in result.shifts if shift.person == 2)
    assert mine[disliked] == 0
    assert mine[1 - disliked] == 4


@pytest.mark.parametrize("day", [0, 4])
def test_who_wishes_a_day_free_has_it_where_another_can(day: int) -> None:
    result = solve(week(*two(wishes={day: 4.0}), days=(0, 2, 4), late=False))
    assert {shift.person for shift in result.shifts if shift.day == day} == {1}


def test_cover_comes_before_likes() -> None:
    """Nobody else is there: the disliked shift is worked."""
    result = solve(week(Person(1, ("a",), dislikes={0: 5.0}), late=False))
    assert sum(shift.template == 0 for shift in result.shifts) == 4


def test_what_the_solver_says_it_costs_is_what_it_costs() -> None:
    asked = week(*two(late_before=1, weekends_before=2), days=(2, 3, 4, 5, 6))
    result = solve(asked)
    roster = Roster(table(asked))
    for index, who in enumerate(asked.people):
        mine = {shift.day: (shift.template, 0) for shift in result.shifts if shift.person == who.id}
        roster.put(index, [mine.get(day) for day in range(7)])
    assert result.objective == pytest.approx(roster.price())
    assert result.bound == pytest.approx(result.objective, rel=2e-3)


@pytest.mark.parametrize("seed", range(6))
def test_sharing_costs_nothing(seed: int) -> None:
    """Random offices, quickly planned: the same cover for no higher price, no rule broken, no burden heaped up."""
    asked = office(12, seed, seconds=0.3)
    result = solve(asked)
    assert breaches(asked, result) == []
    roster = Roster(table(asked))
    chosen = choices(asked, result)
    for index, who in enumerate(asked.people):
        mine = chosen.get(who.id, {})
        roster.put(index, [(mine[d].template, max(mine[d].meal, 0)) if d in mine else None for d in range(7)])
    cover, price, heaped = roster.cover.copy(), roster.price(), _heaped(roster)
    even_out(roster)
    assert (roster.cover == cover).all()
    assert roster.price() <= price + 1e-9
    assert _heaped(roster) <= heaped
    assert not any(broken(roster.lay, person, rows) for person, rows in enumerate(roster.rows))


def _heaped(roster: Roster) -> int:
    late = [sum(row is not None and bool(roster.lay.late[row[0]]) for row in rows) for rows in roster.rows]
    weekends = [sum(row is not None for row in rows[5:]) for rows in roster.rows]
    return sum(n * n for n in (*late, *weekends))
