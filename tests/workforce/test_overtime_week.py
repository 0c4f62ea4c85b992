"""No more overtime in a week than the law or the office's own copy of it allows, as payroll counts it."""

import msgspec
import pytest

from app.workforce.best_week import Roster, best_week
from app.workforce.crew import Choice, Person, Template, Week
from app.workforce.errors import BadInput
from app.workforce.labour import CR, MX, Labour
from app.workforce.marks import marks
from app.workforce.result import Result
from app.workforce.rosters import solve
from app.workforce.week_table import table
from tests.workforce.checker import breaches
from tests.workforce.test_wild_offices import cheapest, one_person
from tests.workforce.wild import wild

TWELVE, ELEVEN, EIGHT = (
    Template("x", 360, 750, (300,)),
    Template("y", 420, 690, (300,)),
    Template("z", 480, 510, (240,)),
)


def week(labour: Labour, *shifts: Template, people: int = 1, **changed: object) -> Week:
    who = tuple(msgspec.structs.replace(Person(i, ("a",), most=2880), **changed) for i in range(people))
    return Week({"a": (people,) * 336}, who, shifts, labour, seconds=1.0)


def overtime(asked: Week, result: Result) -> dict[int, int]:
    """Minutes per person, as payroll has it."""
    assert breaches(asked, result) == []
    found = dict.fromkeys((who.id for who in asked.people), 0)
    for mark in marks(asked, result):
        found[mark.person] += mark.minutes if mark.what == "overtime" else 0
    return found


def test_it_works() -> None:
    """Four days of twelve hours are sixteen hours of overtime; the office allows eight."""
    own = msgspec.structs.replace(CR, overtime_week=480)
    asked = week(own, TWELVE)
    result = solve(asked)
    assert overtime(asked, result) == {0: 480}
    assert len(result.shifts) == 2


@pytest.mark.parametrize(
    ("labour", "limit"),
    [
        (msgspec.structs.replace(CR, overtime_week=120), 120),
        (msgspec.structs.replace(MX, overtime_days=7), 540),
        (msgspec.structs.replace(MX, overtime_week=200), 200),
        (msgspec.structs.replace(CR, overtime_week=500, overtime_days=2), 500),
        (msgspec.structs.replace(CR, run_days=7), 1440),
        (msgspec.structs.replace(CR, overtime_week=0), 0),
    ],
)
@pytest.mark.parametrize("people", [1, 4])
def test_no_office_passes_its_limit(labour: Labour, limit: int, people: int) -> None:
    asked = week(labour, Template("long", 420, 690, (300,)), EIGHT, people=people, most=2880 + labour.overtime_week)
    result = solve(asked)
    assert max(overtime(asked, result).values()) <= limit
    assert result.gap is not None
    assert result.gap < 1e-3


def test_a_short_plan_names_it() -> None:
    own = msgspec.structs.replace(MX, overtime_days=7)
    asked = week(own, ELEVEN, most=3420)
    asked = msgspec.structs.replace(asked, need={"a": tuple(int(14 <= t % 48 < 36) for t in range(336))})
    result = solve(asked)
    assert overtime(asked, result) == {0: 540}
    assert len(result.shifts) == 3
    assert max(result.shortage.causes, key=lambda cause: result.shortage.causes[cause]) == "overtime_week"
    assert "horas extra en la semana" in result.shortage.sentence()


def test_fixed_shifts_that_pass_it_are_refused() -> None:
    own = msgspec.structs.replace(MX, overtime_days=7)
    fixed = {day: Choice(0) for day in range(4)}
    with pytest.raises(BadInput, match="se pasan las 9 horas extra a la semana") as refused:
        solve(week(own, ELEVEN, most=3420, fixed=fixed))
    assert refused.value.field == "people"


@pytest.mark.parametrize("seed", range(40))
def test_nobody_has_a_better_week(seed: int) -> None:
    """Against every week of one person that the checker lets pass, days and minutes of overtime both scarce."""
    own = msgspec.structs.replace(wild(seed).labour, overtime_week=(0, 100, 250, 400)[seed % 4], overtime_days=seed % 5)
    asked = msgspec.structs.replace(one_person(seed), labour=own)
    roster = Roster(table(asked))
    roster.put(0, best_week(roster, 0)[0])
    assert roster.price() == pytest.approx(cheapest(asked))
    assert solve(asked).objective == pytest.approx(roster.price())
