"""Approved absences: by the minute, counted as the contract says, and never a way out."""

import msgspec

from app.workforce.crew import Absence, Person, Template, Week
from app.workforce.replan import around
from app.workforce.rosters import solve
from tests.workforce.checker import breaches

DAY = 1440
SHIFTS = (Template("morning", 480, 300), Template("afternoon", 780, 300), Template("night", 1320, 360))


def alone(*absences: Absence, **changed: object) -> Week:
    """One person whom everybody wants at any time."""
    who = msgspec.structs.replace(Person(1, ("a",), absences=absences), **changed)
    return Week({"a": (1,) * 336}, (who,), SHIFTS, seconds=1.0)


def worked(week: Week) -> set[tuple[int, int]]:
    """(day, template), and no rule broken."""
    result = solve(week)
    assert breaches(week, result) == []
    return {(shift.day, shift.template) for shift in result.shifts}


def test_it_works() -> None:
    """The doctor's hour on Tuesday morning leaves the afternoon."""
    found = worked(alone(Absence(DAY + 600, DAY + 660), templates=(0, 1)))
    assert (1, 0) not in found
    assert (1, 1) in found


def test_the_night_before_is_free_too() -> None:
    """A night of Monday would end on the first morning of the leave."""
    found = worked(alone(Absence(DAY, 3 * DAY), templates=(2,)))
    assert {day for day, _template in found} == {3, 4, 5, 6}


def test_what_it_counts_for_is_not_worked_off() -> None:
    """Twenty-five hours of the contract, ten of them on leave: three shifts of five hours."""
    leave = Absence(0, 2 * DAY, counted=600)
    assert len(worked(alone(leave, least=1500, most=1500, templates=(0,)))) == 3
    assert len(worked(alone(msgspec.structs.replace(leave, counted=0), least=1500, most=1500, templates=(0,)))) == 5


def test_it_is_asked_about_no_more() -> None:
    """Neither more hours nor other times help somebody who is away."""
    week = alone(Absence(0, 7 * DAY), available=((),) * 7)
    assert {way.what for way in solve(week).shortage.ways} == {"newcomer"}


def test_a_week_replanned_keeps_it_and_what_was_worked() -> None:
    """Leave asked for on Tuesday noon, from Monday on: Monday was worked, and Wednesday is free."""
    week = alone(templates=(0,), most=1500)
    before = solve(week)
    asked = msgspec.structs.replace(week.people[0], absences=(Absence(0, 3 * DAY, 300),))
    again = around(msgspec.structs.replace(week, people=(asked,)), before, {}, today=1)
    after = solve(again)
    assert breaches(again, after) == []
    days = {shift.day for shift in after.shifts}
    assert 0 in days
    assert not days & {1, 2}


def test_leave_for_all_of_the_week_asked_for_in_its_midst() -> None:
    """It counts for the whole contract, and Monday was worked all the same."""
    week = alone(templates=(0,), least=1500, most=1500)
    before = solve(week)
    worked_days = sorted(shift.day for shift in before.shifts)
    today = worked_days[0] + 1
    asked = msgspec.structs.replace(week.people[0], absences=(Absence(0, 7 * DAY, 1500),))
    again = around(msgspec.structs.replace(week, people=(asked,)), before, {}, today)
    assert [shift.day for shift in solve(again).shifts] == worked_days[:1]


def test_leave_that_is_over_still_counts() -> None:
    week = alone(Absence(0, DAY, counted=300), templates=(0,), least=1500, most=1500)
    before = solve(week)
    again = around(week, before, {}, today=2)
    assert again.people[0].absences == ()
    assert len(solve(again).shifts) == len(before.shifts) == 4
