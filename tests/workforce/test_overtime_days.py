"""Overtime on no more days of a week than the law allows: three in Mexico (LFT art. 66)."""

import msgspec
import pytest

from app.workforce.crew import Choice, Person, Template, Week
from app.workforce.errors import BadInput
from app.workforce.labour import CR, MX, Labour
from app.workforce.rosters import solve
from tests.workforce.checker import breaches

LONG, USUAL = Template("long", 480, 660, (300,), 60), Template("usual", 480, 540, (240,), 60)


def week(labour: Labour, *people: Person, templates: tuple[Template, ...] = (LONG, USUAL)) -> Week:
    """Everybody is wanted from 8 to 19 on six days."""
    need = {"a": tuple(int(16 <= t % 48 < 38 and t < 288) * len(people) for t in range(336))}
    return Week(need, people, templates, labour, seconds=2.0)


def crew(number: int, **changed: object) -> tuple[Person, ...]:
    return tuple(msgspec.structs.replace(Person(i, ("a",), most=3420), **changed) for i in range(number))


def test_it_works() -> None:
    asked = week(MX, *crew(1))
    result = solve(asked)
    assert breaches(asked, result) == []
    assert sorted(shift.template for shift in result.shifts) == [0, 0, 0, 1, 1, 1]


def test_costa_rica_knows_no_such_limit() -> None:
    result = solve(week(CR, *crew(1)))
    assert [shift.template for shift in result.shifts].count(0) > 3


def test_the_solver_knows_it_too() -> None:
    asked = week(MX, *crew(6))
    result = solve(asked)
    assert breaches(asked, result) == []
    assert result.gap is not None
    assert result.gap < 1e-3


def test_a_short_plan_names_it() -> None:
    result = solve(week(MX, *crew(1), templates=(LONG,)))
    assert len(result.shifts) == 3
    assert max(result.shortage.causes, key=lambda cause: result.shortage.causes[cause]) == "overtime"
    assert "días de horas extra" in result.shortage.sentence()


def test_four_fixed_days_of_it_are_refused() -> None:
    fixed = {day: Choice(0) for day in range(4)}
    with pytest.raises(BadInput, match="persona 0"):
        solve(week(MX, *crew(1, fixed=fixed)))


@pytest.mark.parametrize("days", [0, 1, 2])
def test_an_office_may_be_stricter(days: int) -> None:
    asked = week(msgspec.structs.replace(MX, overtime_days=days), *crew(2))
    result = solve(asked)
    assert breaches(asked, result) == []
    for person in (0, 1):
        assert sum(shift.person == person and shift.template == 0 for shift in result.shifts) == days
