"""What makes no sense in the question of a roster is said with its field, before anything is searched."""

from typing import Any

import msgspec
import pytest

from app.workforce.breaks import place
from app.workforce.crew import Absence, Choice, Pauses, Person, Prices, Template, Week
from app.workforce.errors import BadInput
from app.workforce.labour import CR
from app.workforce.rosters import solve
from tests.workforce.checker import breaches
from tests.workforce.crews import office


def with_first(**changed: Any) -> Week:
    week = office(3, 1, seconds=0.1)
    plain = {"days_off": (), "templates": None, "available": None}
    first = msgspec.structs.replace(week.people[0], **{**plain, **changed})
    return msgspec.structs.replace(week, people=(first, *week.people[1:]))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"fixed": {9: Choice(0)}}, "Un turno fijo no cae en la semana."),
        ({"fixed": {1: Choice(99)}}, "Se nombra un turno que no existe."),
        ({"fixed": {1: Choice(-1)}}, "Se nombra un turno que no existe."),
        ({"fixed": {1: Choice(0, 9)}}, "Se nombra una comida que el turno no tiene."),
        ({"dislikes": {55: 1.0}}, "Se nombra un turno que no existe."),
        ({"weekend_days": -1}, "Un valor no puede ser negativo."),
        ({"run_before": -1}, "Un valor no puede ser negativo."),
        ({"ended_before": -1441}, "El último turno termina después del primer día."),
        ({"wishes": {7: 1.0}}, "Un día libre no cae en la semana."),
        ({"available": (((900, 400),),) * 7}, "Una disponibilidad debe terminar después de empezar"),
        ({"available": (((400, 400),),) * 7}, "Una disponibilidad debe terminar después de empezar"),
        ({"dislikes": {0: -1.0}}, "Un precio no puede ser negativo."),
        ({"wishes": {0: 2e6}}, "Un precio no puede pasar de un millón."),
        ({"absences": (Absence(60, 60),)}, "Una ausencia debe terminar después de empezar."),
        ({"absences": (Absence(0, 1440),), "fixed": {0: Choice(0)}}, "durante una ausencia."),
    ],
)
def test_it_works(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        solve(with_first(**changed))
    assert refused.value.field == "people"


def test_days_off_and_shifts_that_there_are_not() -> None:
    week = with_first()
    for changed in ({"days_off": (8,)}, {"templates": (77,)}, {"days_off": (1,), "fixed": {1: Choice(0)}}):
        first = msgspec.structs.replace(week.people[0], **changed)
        with pytest.raises(BadInput) as refused:
            solve(msgspec.structs.replace(week, people=(first, *week.people[1:])))
        assert refused.value.field == "people"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("weekday", 7),
        ("weekday", -1),
        ("prices", Prices(under=-5.0)),
        ("prices", Prices(over=float("nan"))),
        ("prices", Prices(under=2e6)),
        ("labour", msgspec.structs.replace(CR, run_days=0)),
        ("labour", msgspec.structs.replace(CR, overtime_days=-1)),
        ("labour", msgspec.structs.replace(CR, longest_week={**CR.longest_week, "night": 0})),
        ("labour", msgspec.structs.replace(CR, rest_between=2200)),
        ("labour", msgspec.structs.replace(CR, longest_day={"day": 480})),
        ("labour", msgspec.structs.replace(CR, longest_week={"night": 2160})),
        ("labour", msgspec.structs.replace(CR, night=(300, 300))),
        ("labour", msgspec.structs.replace(CR, night=(1140, 1740))),
        ("seed", -1),
        ("seconds", float("nan")),
        ("seconds", float("inf")),
        ("seconds", -1.0),
        ("templates", (Template("x", 480, 300, pauses=Pauses(minutes=0)),)),
        ("templates", (Template("x", 480, 300, pauses=Pauses(minutes=-15)),)),
        ("templates", (Template("x", 480, 300, pauses=Pauses(every=-60)),)),
        ("templates", (Template("x", 480, 300, pauses=Pauses(apart=-1)),)),
        ("keep", {100: {1: Choice(66)}}),
        ("keep", {100: {11: Choice(0)}}),
    ],
)
def test_the_week_itself(field: str, value: Any) -> None:
    with pytest.raises(BadInput) as refused:
        solve(msgspec.structs.replace(office(3, 1), **{field: value}))
    assert refused.value.field == ("people" if field == "keep" else field)


def test_fixed_shifts_without_rest_between_them_are_no_roster() -> None:
    """Late, and early the next morning: one of them would be dropped in silence."""
    shifts = (Template("late", 960, 360), Template("early", 360, 300))
    both = {0: Choice(0), 1: Choice(1)}
    week = msgspec.structs.replace(with_first(), templates=shifts, people=(Person(7, ("a",), fixed=both),))
    with pytest.raises(BadInput, match="persona 7"):
        solve(week)
    apart = Person(7, ("a",), fixed={0: Choice(0), 2: Choice(1)})
    result = solve(msgspec.structs.replace(week, people=(apart,)))
    assert {(shift.day, shift.template) for shift in result.shifts} >= {(0, 0), (2, 1)}


def test_who_worked_longer_than_a_run_rests_first() -> None:
    """Nine days in a row behind them: the first day is free, and the solver knows it too."""
    week = office(6, 1, seconds=20)  # proven the best in a second or two
    people = tuple(msgspec.structs.replace(person, run_before=9) for person in week.people)
    tired = msgspec.structs.replace(week, people=people)
    result = solve(tired)
    assert breaches(tired, result) == []
    assert all(shift.day > 0 for shift in result.shifts)
    assert result.gap is not None
    assert result.gap < 0.02


def test_breaks_that_make_no_sense_are_refused_where_they_are_placed() -> None:
    week = office(3, 1, seconds=0.1)
    result = solve(week)
    wrong = tuple(msgspec.structs.replace(one, pauses=Pauses(minutes=0)) for one in week.templates)
    with pytest.raises(BadInput) as refused:
        place(msgspec.structs.replace(week, templates=wrong), result)
    assert refused.value.field == "templates"
