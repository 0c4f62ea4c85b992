"""Around a change: what was stays, what must change changes, and nobody works off an illness."""

from itertools import product

import pytest

from app.workforce.crew import Person, Week
from app.workforce.errors import BadInput
from app.workforce.replan import around, changes
from app.workforce.rosters import solve
from tests.workforce.checker import breaches
from tests.workforce.test_ways_out import one
from tests.workforce.wild import wild


def test_it_works() -> None:
    """One of two is ill on a day on which the third is free: the third comes in, and nothing else moves."""
    people = tuple(Person(i, ("a",), most=2400, weekend_days=2) for i in (1, 2, 3))
    week = one(people=people)
    before = solve(week)
    ill = next(shift for shift in before.shifts if shift.day == 4)
    again = around(week, before, {ill.person: {4}}, today=4)
    after = solve(again)
    assert breaches(again, after) == []
    moved = changes(week, before, after)
    assert (ill.person, 4) in moved
    assert {day for _person, day in moved} <= {4, 5, 6}
    assert not [shift for shift in after.shifts if shift.person == ill.person and shift.day == 4]


def test_an_illness_is_not_worked_off() -> None:
    people = tuple(Person(i, ("a",), least=2100, most=2100, weekend_days=2) for i in (1, 2))
    week = one(people=people)
    before = solve(week)
    ill = next(shift.person for shift in before.shifts if shift.day == 1)
    again = around(week, before, {ill: {1}}, today=1)
    who = next(person for person in again.people if person.id == ill)
    assert (who.least, who.most) == (1680, 1680)
    mine = [shift.day for shift in solve(again).shifts if shift.person == ill]
    assert len(mine) == len([shift for shift in before.shifts if shift.person == ill]) - 1


@pytest.mark.parametrize("absent", [{1: {2}}, {1: {2, 3}, 2: {4}}])
def test_as_few_changes_as_pay(absent: dict[int, set[int]]) -> None:
    """Against every week that two people could have: none with less missing, idle and changed, each at its price."""
    people = tuple(Person(i, ("a",), most=2100, weekend_days=1) for i in (1, 2))
    week = one(people=people, seconds=2.0)
    before = solve(week)
    again = around(week, before, absent, today=2)
    after = solve(again)
    held = {shift.person: {s.day for s in before.shifts if s.person == shift.person} for shift in before.shifts}
    weeks = {who.id: _possible(again, who) for who in again.people}
    best = min(_price(again, held, dict(zip(weeks, chosen, strict=True))) for chosen in product(*weeks.values()))
    mine = {who.id: {s.day for s in after.shifts if s.person == who.id} for who in again.people}
    assert _price(again, held, mine) == best


def _possible(week: Week, who: Person) -> list[set[int]]:
    days = [{day for day in range(7) if mask >> day & 1} for mask in range(128)]
    return [
        those for those in days
        if len(those) * 420 <= who.most and len(those & {5, 6}) <= who.weekend_days and len(those) < 7
        and not those & set(who.days_off)
        and all((day in those) == (choice is not None) for day, choice in who.fixed.items())
    ]  # fmt: skip


def _price(week: Week, held: dict[int, set[int]], chosen: dict[int, set[int]]) -> float:
    """Seven hours of work a shift; the meal, of an hour, is the same for all, so its half hours lack both."""
    prices, total = week.prices, 0.0
    for day in range(7):
        there = sum(day in days for days in chosen.values())
        total += prices.under * (14 * max(0, 2 - there) + 2 * 2) + prices.over * 14 * max(0, there - 2)
    return total + prices.change * sum(len(held.get(person, set()) ^ days) for person, days in chosen.items())


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_office_the_past_stays_and_the_rules_hold(seed: int) -> None:
    week, today = wild(seed), seed % 6
    try:
        before = solve(week)
    except BadInput:
        return
    away = {week.people[-1].id: {today, today + 1}}
    again = around(week, before, away, today)
    after = solve(again)
    assert breaches(again, after) == []
    assert all(day >= today for _person, day in changes(week, before, after))
    assert not any(shift.person in away and shift.day in away[shift.person] for shift in after.shifts)
