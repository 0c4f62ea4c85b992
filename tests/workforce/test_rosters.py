"""Rosters: no rule broken, nearly the best, explained when short, changed as little as possible."""

from itertools import pairwise, product
from typing import Any

import msgspec
import pytest

from app.workforce.best_week import Roster, best_week
from app.workforce.crew import Choice, Person, Prices, Template, Week
from app.workforce.errors import BadInput
from app.workforce.marks import marks
from app.workforce.replan import around, changes
from app.workforce.rosters import run, solve
from app.workforce.shortage import Shortage
from app.workforce.week_table import DAYS, Table, table
from tests.workforce.checker import breaches
from tests.workforce.crews import office


class Heard:
    """A report that remembers, and asks to stop after so many messages."""

    def __init__(self, patience: int = 10**9) -> None:
        self.said: list[dict[str, Any]] = []
        self.patience = patience

    def __call__(self, data: dict[str, Any]) -> None:
        self.said.append(data)

    def cancelled(self) -> bool:
        return len(self.said) >= self.patience


def small(**changed: Any) -> Week:
    """Three people, two shifts, the same need every day from 8 to 18."""
    need = tuple([2 if 16 <= slot < 36 else 0 for slot in range(48)] * DAYS)
    people = tuple(Person(i, ("a",), least=2400, most=2400) for i in range(3))
    shifts = (Template("early", 480, 510, (240,)), Template("late", 600, 480, (210, 240), 60))
    return msgspec.structs.replace(Week({"a": need}, people, shifts, seconds=3.0), **changed)


def test_it_works() -> None:
    week = office(10, 1, seconds=6)
    result = solve(week)
    assert breaches(week, result) == []
    assert sum(result.missing) < 0.05 * sum(map(sum, week.need.values()))
    assert result.gap is not None
    assert result.gap < 0.05
    assert result.first_s < 1


@pytest.mark.parametrize("seed", range(40))
def test_no_rule_is_broken_in_random_offices(seed: int) -> None:
    week = office(3 + seed % 9, seed, seconds=0.1, skills=1 + seed % 2, tightness=0.6 + 0.1 * (seed % 6))
    assert breaches(week, solve(week)) == []


def test_one_persons_best_week_is_the_best_of_all_weeks() -> None:
    """Against every week there is: two shifts, seven days, 3^7 weeks."""
    rng_need = tuple((7 * slot + day) % 3 if 16 <= slot < 36 else 0 for day in range(DAYS) for slot in range(48))
    person = Person(1, ("a",), least=1900, most=2000, days_off=(2,), weekend_days=1, run_before=3, ended_before=500)
    week = small(need={"a": rng_need}, people=(person,))
    roster = Roster(table(week))
    rows, worth = best_week(roster, 0)
    roster.put(0, rows)
    every = product((None, (0, 0), (1, 0), (1, 1)), repeat=DAYS)
    best = min(_price(roster.lay, chosen) for chosen in every if _legal(roster.lay, chosen))
    assert roster.price() == pytest.approx(best)
    assert worth > 0


def _legal(lay: Table, rows: tuple[Any, ...]) -> bool:
    person, worked = lay.week.people[0], [row is not None for row in rows]
    allowed = all(row is None or lay.allowed[0, day, row[0]] for day, row in enumerate(rows))
    rested = all(not a or not b or lay.rests[a[0], b[0]] for a, b in pairwise(rows))
    lawful = sum(lay.units[row[0]] for row in rows if row) * lay.step <= person.most
    run, longest = person.run_before, 0
    for day in worked:
        run = run + 1 if day else 0
        longest = max(longest, run)
    return allowed and rested and lawful and longest <= 6 and sum(worked[5:]) <= person.weekend_days


def _price(lay: Table, rows: tuple[Any, ...]) -> float:
    roster = Roster(lay)
    roster.put(0, list(rows))
    return roster.price()


def test_the_solver_proves_what_it_finds() -> None:
    result = solve(small(seconds=20.0))
    assert result.gap is not None
    assert result.gap <= 0.001
    assert result.seconds < 15


def test_better_answers_are_streamed_and_stopping_keeps_the_best() -> None:
    week, heard = office(12, 5, seconds=20), Heard(patience=3)
    result = solve(week, heard)
    assert result.seconds < 5
    figures = [said["objective"] for said in heard.said]
    assert figures == sorted(figures, reverse=True)
    assert breaches(week, result) == []
    assert result.objective <= figures[0]


def test_the_gap_is_streamed_once_a_bound_is_known() -> None:
    heard = Heard(patience=10**6)
    result = solve(office(8, 5, seconds=20), heard)
    gaps = [said["gap"] for said in heard.said]
    assert gaps[0] is None
    assert gaps[-1] == pytest.approx(result.gap, abs=1e-3)


@pytest.mark.parametrize("price", [20.0, 7000.0, 1e6])
def test_a_fixed_shift_stands_whatever_it_costs(price: float) -> None:
    day = Template("day", 480, 540, (240,), 60)
    need = {"a": tuple(int(16 <= t < 34) for t in range(336))}
    people = (Person(1, ("a",), most=480, fixed={1: Choice(0)}, dislikes={0: price}),)
    for prices in (Prices(under=price), Prices(over=price), Prices(late=price)):
        week = Week(need, people, (day,), seconds=1, prices=prices, late_from=600)
        result = solve(week)
        assert breaches(week, result) == []
        assert [shift.day for shift in result.shifts] == [1]


def test_a_fixed_shift_stands_in_the_best_week_whatever_it_costs() -> None:
    """Also where many prices add up: no reward is set against them."""
    fixed: dict[int, Choice | None] = {day: Choice(day % 2) for day in range(6)}
    person = Person(1, ("a",), most=2880, fixed=fixed, dislikes={0: 1e6, 1: 1e6}, late_before=3000)
    week = small(people=(person,), prices=Prices(over=1e6, late=1e6), late_from=0)
    rows, _worth = best_week(Roster(table(week)), 0)
    assert [row and row[0] for row in rows] == [0, 1, 0, 1, 0, 1, None]


def test_plain_data_in_and_out() -> None:
    found = run(msgspec.json.decode(msgspec.json.encode(small())), Heard())
    assert {shift["person"] for shift in found["shifts"]} == {0, 1, 2}


def test_large_offices_go_by_neighbourhoods() -> None:
    week = office(60, 2, seconds=6)
    result = solve(week)
    assert breaches(week, result) == []
    assert result.bound is not None
    assert result.first_s < 2
    assert result.objective < 2 * result.bound


def test_what_nobody_could_avoid_is_told_from_what_the_search_left() -> None:
    """Two people, one half hour a day that neither can reach: seven for each of the two who are needed."""
    windows = (((600, 1440),),) * DAYS
    people = tuple(Person(i, ("a",), most=2880, available=windows) for i in range(2))
    need = tuple([2 if 19 <= slot < 30 else 0 for slot in range(48)] * DAYS)
    result = solve(small(people=people, need={"a": need}))
    assert 7 * 2 <= result.shortage.unavoidable <= sum(result.missing)
    assert "ningún rol" in result.shortage.sentence()


@pytest.mark.parametrize("seed", range(6))
def test_no_roster_lacks_fewer_than_is_unavoidable(seed: int) -> None:
    result = solve(office(4 + seed, seed, seconds=0.3, skills=1 + seed % 2, tightness=0.9))
    assert 0 <= result.shortage.unavoidable <= sum(result.missing)


@pytest.mark.parametrize(("unavoidable", "said"), [(0, None), (2, "al menos 1.0"), (4, "ningún rol cubriría más")])
def test_a_short_plan_says_how_much_no_roster_could_cover(unavoidable: int, said: str | None) -> None:
    short = Shortage(((18, 3), (19, 1)), {"hours": 1}, (), 30, unavoidable)
    assert short.sentence().startswith("Faltan 2.0 horas")
    assert said in short.sentence() if said else "ningún rol" not in short.sentence()


def test_enough_people_leave_nobody_missing() -> None:
    people = tuple(Person(i, ("a",), most=2400) for i in range(6))
    result = solve(small(people=people))
    assert sum(result.missing) == 0
    assert result.shortage.sentence() == "No falta nadie."


def test_fixed_days_stay_fixed() -> None:
    fixed: dict[int, Choice | None] = {0: Choice(1, 1), 1: None, 3: Choice(0)}
    week = small(people=(Person(0, ("a",), most=2400, fixed=fixed), Person(1, ("a",), most=2400)))
    result = solve(week)
    assert breaches(week, result) == []
    mine = {shift.day: (shift.template, shift.meal) for shift in result.shifts if shift.person == 0}
    assert mine[0] == (1, 600 + 240)
    assert mine[3][0] == 0
    assert 1 not in mine


def test_a_person_with_two_skills_is_counted_once() -> None:
    need = tuple([1 if 16 <= slot < 24 else 0 for slot in range(48)] * DAYS)
    week = small(need={"a": need, "b": need}, people=(Person(0, ("a", "b"), most=2880),))
    result = solve(week)
    assert result.missing[18] == 1
    assert breaches(week, result) == []


def test_a_short_week_says_where_why_and_what_to_do() -> None:
    week = small(people=(Person(0, ("a",), most=960), Person(1, ("a",), most=960)))
    result = solve(week)
    assert sum(people for _slot, people in result.shortage.slots) == sum(result.missing) > 0
    assert max(result.shortage.causes, key=result.shortage.causes.get) == "hours"  # type: ignore[arg-type]
    assert any(way.person == 0 for way in result.shortage.ways)
    assert "horas de contrato" in result.shortage.sentence()


@pytest.mark.parametrize(
    ("people", "cause"),
    [
        ((Person(0, ("a",)), Person(1, ("b",))), "skill"),
        ((Person(0, ("a",), available=((),) * 7),), "availability"),
    ],
)
def test_other_causes_are_told_apart(people: tuple[Person, ...], cause: str) -> None:
    week = small(people=people)
    week = msgspec.structs.replace(week, need={**week.need, "b": (0,) * 336})
    assert cause in solve(week).shortage.causes


def test_an_absence_changes_little_else() -> None:
    week = office(12, 4, seconds=3)
    before = solve(week)
    someone = before.shifts[0].person
    absent = {shift.day for shift in before.shifts if shift.person == someone and shift.day >= 2}
    again = around(week, before, {someone: absent}, today=2)
    after = solve(again)
    assert breaches(again, after) == []
    assert not any(shift.person == someone and shift.day in absent for shift in after.shifts)
    moved = changes(week, before, after)
    assert all(day >= 2 for _person, day in moved)
    assert len(moved) <= len(absent) + 6


def test_a_replanned_week_is_searched_as_well_as_a_new_one() -> None:
    """The days that are history do not count as a reason to be content."""
    week = office(8, 1, seconds=6)
    before = solve(week)
    someone = before.shifts[0].person
    after = solve(around(week, before, {someone: {2, 3, 4, 5, 6}}, today=2))
    assert after.bound is not None
    assert after.objective - after.bound <= week.prices.under


def test_nothing_happened_so_nothing_changes() -> None:
    week = office(8, 6, seconds=1.5)
    before = solve(week)
    assert changes(week, before, solve(around(week, before, {}))) == []


def test_payroll_hears_of_sundays_nights_and_overtime() -> None:
    shifts = (Template("night", 1320, 360), Template("long", 480, 570, (240,)))
    people = tuple(Person(i, ("a",), most=2880, templates=(i,)) for i in range(2))
    week = small(people=people, templates=shifts, need={"a": (1,) * 336}, weekday=0)
    found = {(mark.what, mark.minutes, mark.extra) for mark in marks(week, solve(week))}
    assert {("night", 360, 0.0), ("overtime", 60, 0.5)} <= found
    assert any(what == "sunday" and extra == 1.0 for what, _minutes, extra in found)


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("people", {"people": ()}),
        ("people", {"people": (Person(1, ("a",)), Person(1, ("a",)))}),
        ("people", {"people": (Person(1, ("z",)),)}),
        ("people", {"people": (Person(1, ("a",), available=((),)),)}),
        ("templates", {"templates": ()}),
        ("templates", {"templates": (Template("x", 485, 300),)}),
        ("templates", {"templates": (Template("x", 480, 1440, (240,)),)}),
        ("templates", {"templates": (Template("x", 480, 300, (300,)),)}),
        ("need", {"need": {}}),
        ("need", {"need": {"a": (1,) * 10}}),
        ("need", {"need": {"a": (-1,) * 336}}),
        ("need", {"need": dict.fromkeys("abcde", (1,) * 336)}),
        ("interval", {"interval": 7}),
        ("people", {"people": (Person(1, ("a",), most=9000),)}),
        ("people", {"people": (Person(1, ("a",), least=2000, most=1000),)}),
    ],
)
def test_senseless_questions_are_refused_with_a_sentence(field: str, changed: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as refused:
        solve(small(**changed))
    assert refused.value.field == field
    assert refused.value.sentence.endswith(".")
