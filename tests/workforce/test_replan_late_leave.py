"""Leave approved in the midst of a week: what was worked by then fits whatever the leave counts for."""

from fractions import Fraction

import msgspec
import pytest

from app.workforce.crew import Absence, Choice, Person, Template, Week
from app.workforce.hours_steps import with_room
from app.workforce.labour import CR, MX, Labour
from app.workforce.replan import around
from app.workforce.rosters import solve
from app.workforce.week_table import table
from tests.workforce.checker import breaches

DAY = Template("D", 480, 510, (240,))


@pytest.mark.parametrize("labour", [CR, MX])
@pytest.mark.parametrize("today", range(1, 7))
def test_it_works(labour: Labour, today: int) -> None:
    """A leave that counts for the whole legal week, asked for when some of it was worked."""
    who = Person(1, ("a",), least=2880, most=2880)
    week = Week({"a": (1,) * 336}, (who,), (DAY,), labour, seconds=0.3)
    before = solve(week)
    asked = msgspec.structs.replace(who, absences=(Absence(0, 10_080, 2880),))
    again = around(msgspec.structs.replace(week, people=(asked,)), before, {}, today)
    after = solve(again)
    assert breaches(again, after) == []
    assert [s.day for s in after.shifts] == [s.day for s in before.shifts if s.day < today]


def test_two_leaves_count_for_what_is_left() -> None:
    who = Person(1, ("a",), most=1800)
    week = Week({"a": (1,) * 336}, (who,), (Template("m", 480, 300),), seconds=0.3)
    leaves = (Absence(2880, 4320, 900), Absence(7200, 8640, 900))
    asked = msgspec.structs.replace(who, absences=leaves, fixed={0: Choice(0), 1: Choice(0)})
    base = solve(msgspec.structs.replace(week, people=(msgspec.structs.replace(who, fixed=asked.fixed),)))
    again = around(msgspec.structs.replace(week, people=(asked,)), base, {}, 2)
    assert [absence.counted for absence in again.people[0].absences] == [900, 300]
    assert [shift.day for shift in solve(again).shifts] == [0, 1]


def test_rules_that_came_later_do_not_undo_the_past() -> None:
    """No more weekends and that day off, agreed on after they were worked; fewer hours too."""
    who = Person(1, ("a",), most=2400)
    week = Week({"a": (1,) * 336}, (who,), (Template("m", 480, 300),), weekday=5, seconds=0.3)
    base = solve(week)
    asked = msgspec.structs.replace(who, most=300, weekend_days=0, days_off=(0, 3))
    again = around(msgspec.structs.replace(week, people=(asked,)), base, {}, 3)
    after = solve(again)
    assert breaches(again, after) == []
    assert [s.day for s in after.shifts] == [s.day for s in base.shifts if s.day < 3]


def test_past_evenings_fit_where_hours_are_counted_coarsely() -> None:
    """Thirty people and ten kinds of shift: an evening of 377.14 weighed minutes counts for 390, what was worked fits
    all the same, and nothing else does."""
    shifts = (
        *(Template(f"T{h}", h * 60, 300) for h in range(6, 12)), Template("S", 720, 270),
        Template("E14", 840, 330), Template("E15", 900, 330), Template("N", 1320, 360),
    )  # fmt: skip
    others = tuple(Person(i, ("a",), most=2400) for i in range(1, 30))
    late = Person(0, ("a",), least=2300, most=2400, templates=(7,))
    week = Week({"a": tuple(int(14 <= t % 48 < 44) * 8 for t in range(336))}, (late, *others), shifts, seconds=1.0)
    assert table(week).step > 1
    before = solve(week)
    mine = sorted(shift.day for shift in before.shifts if shift.person == 0)
    today = mine[1] + 1
    asked = msgspec.structs.replace(late, absences=(Absence(today * 1440, 10_080, 2400),))
    again = around(msgspec.structs.replace(week, people=(asked, *others)), before, {}, today)
    after = solve(again)
    assert breaches(again, after) == []
    assert [shift.day for shift in after.shifts if shift.person == 0] == mine[:2]


def test_room_is_made_only_for_what_fits_in_truth() -> None:
    fixed = [(Fraction(377), 26), (Fraction(378), 26)]
    assert with_room(755, fixed, Fraction(15)) == 780
    assert with_room(754, fixed, Fraction(15)) == 754


def test_a_leave_that_came_later_frees_fixed_shifts_ahead() -> None:
    """An hour with the doctor on Thursday, where a shift was fixed by hand: the others stay fixed."""
    who = Person(1, ("a",), most=2400, fixed={day: Choice(0) for day in (1, 3, 4)})
    week = Week({"a": (1,) * 336}, (who,), (Template("m", 480, 300),), seconds=0.3)
    before = solve(week)
    asked = msgspec.structs.replace(who, absences=(Absence(3 * 1440 + 540, 3 * 1440 + 600),))
    again = around(msgspec.structs.replace(week, people=(asked,)), before, {}, 2)
    after = solve(again)
    assert breaches(again, after) == []
    assert {1, 4} <= {shift.day for shift in after.shifts}
    assert 3 not in {shift.day for shift in after.shifts}
