"""Fixed shifts that break a rule: which one, whose, on which days, and what to do."""

from typing import Any

import msgspec
import pytest

from app.frame.i18n import PLACE, Place
from app.workforce.crew import Absence, Choice, Person, Template, Week
from app.workforce.errors import BadInput
from app.workforce.fixed_check import check_fixed
from app.workforce.labour import CR, MX
from app.workforce.rosters import solve
from tests.workforce.checker import of_person
from tests.workforce.test_wild_offices import shift
from tests.workforce.wild import wild

DAY, LATE, EARLY = Template("day", 480, 510, (240,)), Template("late", 840, 360), Template("early", 360, 300)
LONG = Template("long", 480, 660, (300,), 60)
WHO = "Los turnos fijos de la persona 7 no caben: "


def week(weekday: int = 0, **changed: Any) -> Week:
    person = msgspec.structs.replace(Person(7, ("a",)), **changed)
    return Week({"a": (1,) * 336}, (person,), (DAY, LATE, EARLY, LONG), MX, weekday=weekday, seconds=0.3)


def said(asked: Week) -> str:
    with pytest.raises(BadInput) as refused:
        solve(asked)
    assert refused.value.field == "people"
    return refused.value.sentence


def test_it_works() -> None:
    asked = week(weekend_days=0, fixed={5: Choice(0)})
    assert said(asked) == WHO + "con el sábado se pasa el máximo de días de fin de semana del contrato (0); libere uno."


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"fixed": {day: Choice(2) for day in range(7)}},
            "con el lunes, el martes, el miércoles, el jueves, el viernes, el sábado y el domingo se pasa el máximo de "
            "días seguidos de trabajo (6); libere uno.",
        ),
        (
            {"run_before": 5, "fixed": {0: Choice(2), 1: Choice(2)}},
            "con el lunes y el martes y la semana anterior se pasa el máximo de días seguidos de trabajo (6); "
            "libere uno.",
        ),
        (
            {"fixed": {0: Choice(1), 1: Choice(2)}},
            "entre el lunes y el martes no quedan 12 horas de descanso; mueva o quite uno de los dos.",
        ),
        (
            {"most": 480, "fixed": {0: Choice(0), 3: Choice(0)}},
            "con el lunes y el jueves se pasan las 8 horas semanales del contrato; quite un turno o suba esas horas.",
        ),
        (
            {"most": 960, "absences": (Absence(1440, 4320, 600),), "fixed": {0: Choice(0)}},
            "con el lunes se pasan las 6 horas que la ausencia deja del contrato; quite un turno.",
        ),
        (
            {"ended_before": 60, "fixed": {0: Choice(2)}},
            "el lunes no quedan 12 horas de descanso tras la semana anterior; mueva o quite ese turno.",
        ),
        (
            {"absences": (Absence(600, 660),), "fixed": {0: Choice(0)}},
            "el lunes hay uno durante una ausencia; muévalo o quítelo.",
        ),
        ({"days_off": (1,), "fixed": {1: Choice(0)}}, "el martes es su día libre; quite ese turno o el día libre."),
        (
            {"fixed": {day: Choice(3) for day in (0, 2, 4, 6)}},
            "con el lunes, el miércoles, el viernes y el domingo se pasa el máximo legal de días con horas extra (3); "
            "acorte uno.",
        ),
    ],
)
def test_each_rule_is_named_with_its_days(changed: dict[str, Any], sentence: str) -> None:
    assert said(week(**changed)) == WHO + sentence


def test_days_are_named_as_the_week_runs_and_in_the_readers_language() -> None:
    here = PLACE.set(Place(language="en"))
    try:
        sentence = said(week(weekday=5, fixed={1: Choice(1), 2: Choice(2)}))
    finally:
        PLACE.reset(here)
    assert sentence == (
        "The fixed shifts of person 7 do not fit: between Sunday and Monday there are no 12 hours of rest; "
        "move or remove one of the two."
    )


def test_who_is_offered_no_such_hours_keeps_the_fixed_shift() -> None:
    assert solve(week(available=((),) * 7, fixed={0: Choice(0)})).shifts


@pytest.mark.parametrize("seed", range(200))
def test_refused_if_and_only_if_the_checker_finds_a_breach(seed: int) -> None:
    """Some random fixed shifts of one person of any office, judged by the rules alone."""
    asked = wild(seed)
    who = asked.people[0]
    fixed = {day: Choice((seed * 7 + day * 3) % len(asked.templates)) for day in range(7) if (seed >> day) & 1}
    who = msgspec.structs.replace(who, fixed=fixed, run_before=seed % 6, ended_before=-300 + 13 * seed)
    shifts = [shift(asked, who.id, day, choice.template, 0) for day, choice in fixed.items()]
    wrong = of_person(asked, who, shifts)
    try:
        check_fixed(asked, who)
    except BadInput:
        assert wrong
    else:
        assert wrong == []


def test_costa_rica_knows_no_limit_of_overtime_days() -> None:
    asked = week(most=CR.longest_week["day"] + CR.overtime_week, fixed={day: Choice(3) for day in (0, 2, 4, 6)})
    assert solve(msgspec.structs.replace(asked, labour=CR)).shifts
