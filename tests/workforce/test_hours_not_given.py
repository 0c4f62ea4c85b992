"""Contract hours that no shift could give are told, also where nobody is missing."""

import pytest

from app.workforce.crew import Absence, Person, Template, Week
from app.workforce.replan import around
from app.workforce.rosters import solve
from app.workforce.shortage import Shortage
from tests.workforce.crews import office

MORNING = Template("morning", 480, 300)


def week(who: Person, need: int = 0) -> Week:
    return Week({"a": (need,) * 336}, (who,), (MORNING,), seconds=0.3)


def test_it_works() -> None:
    """Forty hours of contract and one day that it can be worked on."""
    who = Person(1, ("a",), least=2400, most=2400, available=(((0, 2880),), *((),) * 6))
    found = solve(week(who)).shortage
    assert found.owed == ((1, 2100),)
    assert found.sentence() == "No falta nadie. No se pudieron dar 35.0 horas de contrato (personas: 1)."


def test_a_short_plan_says_both() -> None:
    who = Person(1, ("a",), least=2400, most=2400, available=(((0, 2880),), *((),) * 6))
    said = solve(week(who, need=1)).shortage.sentence()
    assert said.startswith("Faltan ")
    assert said.endswith("No se pudieron dar 35.0 horas de contrato (personas: 1).")


def test_leave_and_illness_are_not_owed() -> None:
    who = Person(1, ("a",), least=1500, most=1500, absences=(Absence(0, 2880, 600),))
    asked = week(who, need=1)
    before = solve(asked)
    assert before.shortage.owed == ()
    ill = {shift.day for shift in before.shifts[:1]}
    assert solve(around(asked, before, {1: ill}, today=min(ill))).shortage.owed == ()


def test_three_are_named() -> None:
    short = Shortage((), {}, (), owed=tuple((n, 60) for n in range(1, 6)))
    assert short.sentence() == "No falta nadie. No se pudieron dar 5.0 horas de contrato (personas: 1, 2, 3, …)."


@pytest.mark.parametrize("seed", range(4))
def test_counted_from_the_shifts(seed: int) -> None:
    asked = office(5, seed, seconds=0.4)
    result = solve(asked)
    owed = dict(result.shortage.owed)
    for who in asked.people:
        shifts = [shift for shift in result.shifts if shift.person == who.id]
        minutes = sum(asked.templates[shift.template].worked for shift in shifts)
        assert owed.get(who.id, 0) <= max(0, who.least - minutes)
        assert (who.id in owed) or who.least - minutes < 15 + asked.interval or any(s.end > 1140 for s in shifts)
